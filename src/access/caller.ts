/** A project that the caller is a member or the owner of. */
export interface CallerProject {
  readonly id: string
  readonly name: string | null
  readonly owned: boolean
}

/** The account behind a request's token. `projects` is keyed by project id (lower case, hyphens). */
export interface Caller {
  readonly id: string
  readonly email: string
  readonly name: string | null
  readonly isSuperadmin: boolean
  readonly projects: ReadonlyMap<string, CallerProject>
  /** The token's own project, for runs and results that name none; whether the caller may use it is another question. */
  readonly defaultProjectId: string | null
}

/** Which projects' rows a list may show (filters.md 6, R2): every row, or those of the named projects only. */
export type ProjectScope = { readonly all: true } | { readonly all: false; readonly ids: readonly string[] }

/** The caller's scope: everything for superadmins, else the projects that they are members or owners of (D37). */
export function scopeOf(caller: Caller): ProjectScope {
  return caller.isSuperadmin ? { all: true } : { all: false, ids: [...caller.projects.keys()] }
}

/** Whether the caller may read and write what belongs to this project; null = no project, superadmins only (R2). */
export function hasAccess(caller: Caller, projectId: string | null): boolean {
  return caller.isSuperadmin || (projectId !== null && caller.projects.has(projectId))
}

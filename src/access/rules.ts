import type { AppContext } from '../context.ts'
import { type ErrorCode, fail } from '../errors.ts'
import { Unbuilt } from '../unbuilt.ts'
import { type Caller, hasAccess, type ProjectScope, scopeOf } from './caller.ts'

/** Who an operation is for, in the words of contract/access.md 5. */
export type Who = 'anonymous' | 'account' | 'member' | 'owner' | 'superadmin'

/** Refuses the request unless the caller may act in this project; null is "no project" (superadmins only). */
export type Need = (projectId: string | null) => void

/**
 * One row of the access table. The dispatcher calls `resolve` before the handler: it refuses by throwing, and what it
 * returns reaches the handler as `request.subject`, so that an object is fetched once for the check and the answer.
 */
export interface AccessRule<W extends Who, R, S> {
  readonly who: W
  readonly resolve: (ctx: AppContext, caller: CallerOf<W>, request: R) => S | Promise<S>
}

/** Anonymous operations have no caller, all others have one. */
export type CallerOf<W extends Who> = W extends 'anonymous' ? null : Caller

/** Finds what a request is about and says, through `need`, every project that it touches. */
export type Finder<R, S> = (ctx: AppContext, request: R, need: Need, caller: Caller) => S | Promise<S>

/** The row of an operation that `ibutsu-codegen new operation` made: it does not compile until a person decides. */
export const decide: AccessRule<'superadmin', 'DECIDE who may call this operation: src/access/rules.ts', undefined> = {
  who: 'superadmin',
  resolve: () => {
    throw new Unbuilt('This operation')
  },
}

/** Everybody, without a token. */
export const anonymous: AccessRule<'anonymous', unknown, undefined> = { who: 'anonymous', resolve: () => undefined }

/** Every active account. */
export const account: AccessRule<'account', unknown, undefined> = { who: 'account', resolve: () => undefined }

/** Every active account; its subject is the scope that lists must keep to. */
export const ownProjects: AccessRule<'account', unknown, ProjectScope> = {
  who: 'account',
  resolve: (_ctx, caller) => scopeOf(caller),
}

/** Every active account, for things that belong to the caller alone; the finder refuses those of others. */
export function ownThings<R, S>(find: Finder<R, S>): AccessRule<'account', R, S> {
  return { who: 'account', resolve: (ctx, caller, request) => find(ctx, request, () => undefined, caller) }
}

/** Members and owners of the projects that the request touches, and superadmins. */
export function member<R, S>(find: Finder<R, S>, refusal: ErrorCode = 'forbidden'): AccessRule<'member', R, S> {
  return { who: 'member', resolve: guarded(find, hasAccess, refusal) }
}

/**
 * Like `member`, for what is written to where many requests go: the finder names no project, and the statement that
 * writes keeps to the scope that the subject carries, which saves asking the database first.
 */
export function memberByStatement<R, S extends object>(
  find: (request: R) => S,
): AccessRule<'member', R, S & { readonly scope: ProjectScope }> {
  return { who: 'member', resolve: (_ctx, caller, request) => ({ ...find(request), scope: scopeOf(caller) }) }
}

/**
 * Members and owners of the projects that the request touches, superadmins, and everybody where it touches none: things
 * without a project are shared (access.md 5, dashboards and widgets).
 */
export function memberOrShared<R, S>(find: Finder<R, S>): AccessRule<'member', R, S> {
  return { who: 'member', resolve: guarded(find, hasAccess, 'forbidden', true) }
}

/** The owner of the project, and superadmins. */
export function owner<R, S>(find: Finder<R, S>): AccessRule<'owner', R, S> {
  const owns = (caller: Caller, projectId: string | null) =>
    caller.isSuperadmin || (projectId !== null && caller.projects.get(projectId)?.owned === true)
  return { who: 'owner', resolve: guarded(find, owns, 'forbidden') }
}

/** Superadmins. */
export const superadmin: AccessRule<'superadmin', unknown, undefined> = {
  who: 'superadmin',
  resolve: (_ctx, caller) => {
    if (!caller.isSuperadmin) throw fail('admin_only')
    return undefined
  },
}

/** A finder that names no project would let everybody in, so that is refused as well, unless things may be shared. */
function guarded<R, S>(
  find: Finder<R, S>,
  allows: (caller: Caller, projectId: string | null) => boolean,
  refusal: ErrorCode,
  shared = false,
) {
  return async (ctx: AppContext, caller: Caller, request: R): Promise<S> => {
    let asked = false
    const subject = await find(
      ctx,
      request,
      (projectId) => {
        asked = true
        if (!allows(caller, projectId)) throw fail(refusal)
      },
      caller,
    )
    if (!asked && !shared && !caller.isSuperadmin) throw fail(refusal)
    return subject
  }
}

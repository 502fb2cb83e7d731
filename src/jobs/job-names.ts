/** Every job there is; each has a file in `definitions/`. */
export const jobNames = [
  'import',
  'query-page',
  'recount-run',
  'sync-aborted-runs',
  'prune-files',
  'prune-results',
  'prune-runs',
  'prune-imports',
  'prune-jobs',
  'clear-import-file',
  'seed-users',
  'add-result-start-time',
  'mail',
  'build-rollups',
] as const

export type JobName = (typeof jobNames)[number]

/** Larger goes first: somebody waits for an import or a page, nobody for a prune. */
export const priorities = { interactive: 10, normal: 0, nightly: -10 } as const

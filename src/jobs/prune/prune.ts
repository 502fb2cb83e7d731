/**
 * Prunes (jobs.md 5, D31): what is old goes with what depends on it, dependants first, in batches that are transactions of
 * their own and hold no lock for long. Cut off anywhere, the next prune goes on.
 */

import type { AppContext } from '../../context.ts'
import { deleteAbandonedChunks } from '../../features/import/import-chunks.ts'
import { createBatchSize, deleteByIds, deleteInBatches } from './prune-batches.ts'
import {
  countOld,
  deleteArtifactsOf,
  deleteChunksOf,
  deleteImport,
  deleteOldArtifacts,
  deleteResults,
  deleteRuns,
  findOldImports,
  findOldResults,
  findOldRuns,
  findResultsOfRuns,
  type PruneCounts,
  type PruneKind,
} from './prune-sql.ts'

const DAY_MS = 86_400_000
/** A month of a prune. */
const MONTH_DAYS = 30
/** Found at once, deleted in batches. */
const WINDOW = 500
const RUN_WINDOW = 50
/** Pieces of 1 MiB deleted at once, at most. */
const CHUNKS = 16
/** New dependants that come while their owner goes. */
const TRIES = 3

/** Younger ages are taken for mistakes: nothing is deleted then. */
const rules = {
  files: { least: 2, days: MONTH_DAYS, unit: 'months' },
  results: { least: 4, days: MONTH_DAYS, unit: 'months' },
  runs: { least: 10, days: MONTH_DAYS, unit: 'months' },
  imports: { least: 1, days: 1, unit: 'days' },
} as const satisfies Record<PruneKind, { least: number; days: number; unit: string }>

export const pruneKinds = Object.keys(rules) as PruneKind[]

/** Months of 30 days, for imports days. */
export function configuredAge({ config }: AppContext, kind: PruneKind): number {
  const { pruneFilesMonths, pruneResultsMonths, pruneRunsMonths, pruneImportsDays } = config
  return { files: pruneFilesMonths, results: pruneResultsMonths, runs: pruneRunsMonths, imports: pruneImportsDays }[
    kind
  ]
}

export interface PruneOptions {
  /** Months of 30 days, for imports days; the configured age when missing. */
  readonly age?: number
  /** Only count what would go. */
  readonly dryRun?: boolean
  readonly signal?: AbortSignal
}

/** What a prune did, or why it did nothing. */
export type PruneOutcome = { readonly deleted: PruneCounts } | { readonly skipped: string }

/** Prunes one kind of rows by its age. */
export async function prune(ctx: AppContext, kind: PruneKind, options: PruneOptions = {}): Promise<PruneOutcome> {
  const { dryRun = false, signal = new AbortController().signal } = options
  const age = options.age ?? configuredAge(ctx, kind)
  const { least, days, unit } = rules[kind]
  if (!(age >= least)) return { skipped: `${unit} parameter (${age}) must be >= ${least}` }
  const before = new Date(ctx.clock.now().getTime() - age * days * DAY_MS).toISOString().slice(0, -1)
  if (dryRun) return { deleted: await ctx.db.transaction((tx) => countOld(tx, kind, before)) }
  return { deleted: { ...none, ...(await pruners[kind](ctx, before, signal)) } }
}

const none: PruneCounts = { artifacts: 0, results: 0, runs: 0, imports: 0 }

type Pruner = (ctx: AppContext, before: string, signal: AbortSignal) => Promise<Partial<PruneCounts>>

const pruners: Readonly<Record<PruneKind, Pruner>> = {
  async files({ db }, before, signal) {
    const size = createBatchSize(1)
    return { artifacts: await deleteInBatches(db, size, signal, (tx, rows) => deleteOldArtifacts(tx, before, rows)) }
  },

  async results(ctx, before, signal) {
    return purgeResults(ctx, signal, () => findOldResults(ctx.db, before, WINDOW))
  },

  async runs(ctx, before, signal) {
    const { db } = ctx
    const sum = { artifacts: 0, results: 0, runs: 0 }
    const size = createBatchSize(1)
    const runSize = createBatchSize(5)
    for (let stuck = 0; stuck < TRIES; ) {
      const found = await findOldRuns(db, before, RUN_WINDOW)
      if (found.length === 0) break
      const under = await purgeResults(ctx, signal, () => findResultsOfRuns(db, found, before, WINDOW))
      sum.artifacts += under.artifacts
      sum.results += under.results
      sum.artifacts += await deleteInBatches(db, size, signal, (tx, rows) =>
        deleteArtifactsOf(tx, 'run_id', found, rows),
      )
      let gone = 0
      await despiteNewcomers(() =>
        deleteByIds(db, runSize, signal, found, deleteRuns, (count) => {
          gone += count
        }),
      )
      sum.runs += gone
      stuck = gone === 0 ? stuck + 1 : 0
    }
    return sum
  },

  async imports({ db }, before, signal) {
    const size = createBatchSize(1, CHUNKS)
    let imports = 0
    for (;;) {
      const found = await findOldImports(db, before, WINDOW)
      if (found.length === 0) break
      for (const id of found) {
        await deleteInBatches(db, size, signal, (tx, rows) => deleteChunksOf(tx, id, rows))
        imports += await deleteImport(db, id)
      }
    }
    await deleteInBatches(db, size, signal, deleteAbandonedChunks)
    return { imports }
  },
}

/** Deletes the results that `find` gives, with their artifacts, until it gives none. */
async function purgeResults(
  { db }: AppContext,
  signal: AbortSignal,
  find: () => Promise<string[]>,
): Promise<{ artifacts: number; results: number }> {
  const sum = { artifacts: 0, results: 0 }
  const artifactSize = createBatchSize(1)
  const resultSize = createBatchSize(20)
  for (;;) {
    const found = await find()
    if (found.length === 0) return sum
    const purge = async () => {
      sum.artifacts += await deleteInBatches(db, artifactSize, signal, (tx, rows) =>
        deleteArtifactsOf(tx, 'result_id', found, rows),
      )
      await deleteByIds(db, resultSize, signal, found, deleteResults, (count) => {
        sum.results += count
      })
    }
    await despiteNewcomers(purge)
  }
}

/** Tries again when a new row refers to one that is being deleted. */
async function despiteNewcomers(work: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await work()
      return
    } catch (error) {
      const isReferredTo = error instanceof Error && 'code' in error && error.code === '23503'
      if (!isReferredTo || tries === TRIES) throw error
    }
  }
}

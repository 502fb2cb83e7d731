import { type RawJson, rawJson } from '../../json/raw-json.ts'
import type { JobDefinition } from '../job-definition.ts'
import type { JobName } from '../job-names.ts'
import { type PruneOptions, prune } from '../prune/prune.ts'
import { createBatchSize, deleteInBatches } from '../prune/prune-batches.ts'
import type { PruneKind } from '../prune/prune-sql.ts'

/** `age` in months of 30 days (imports: days); the configured one when missing. */
type PrunePayload = { readonly age?: number }

const ofKind = (kind: PruneKind, name: JobName): JobDefinition<PrunePayload> => ({
  name,
  async run(ctx, { age }, { signal }) {
    const options: PruneOptions = { signal, ...(age === undefined ? {} : { age }) }
    const outcome = await prune(ctx, kind, options)
    ctx.log.info({ kind, ...outcome }, 'pruned')
    return json(outcome)
  },
})

const json = (value: unknown): RawJson => rawJson(JSON.stringify(value))

export const pruneJobs = [
  ofKind('files', 'prune-files'),
  ofKind('results', 'prune-results'),
  ofKind('runs', 'prune-runs'),
  ofKind('imports', 'prune-imports'),
]

/** Results are kept for a day (jobs.md 1), failures a week, for whoever looks for their reason. */
export const pruneJobsJob: JobDefinition = {
  name: 'prune-jobs',
  async run({ db }, _payload, { signal }) {
    // A result may have 200 MB, so they are never many.
    await deleteInBatches(db, createBatchSize(1, 20), signal, async (tx, rows) => {
      // A tick that was run must be remembered for as long as a scheduler may still make it.
      const { rowCount } = await tx.query({
        text: `delete from jobs where id = any (array(
          select id from jobs where finished < localtimestamp - interval '1 day'
            and (state = 'done' or finished < localtimestamp - interval '7 days')
          order by finished limit $1 for update skip locked))`,
        values: [rows],
      })
      return rowCount ?? 0
    })
    return null
  },
}

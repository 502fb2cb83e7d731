import { rawJson } from '../../json/raw-json.ts'
import { buildRollups } from '../../rollups/build-rollups.ts'
import type { JobDefinition } from '../job-definition.ts'

/** After each start: rolls up what is not yet. */
export const buildRollupsJob: JobDefinition = {
  name: 'build-rollups',
  async run(ctx, _payload, { signal, progress }) {
    const work = { db: ctx.db, log: ctx.log, fields: ctx.config.rollupFields, signal, progress }
    const built = await buildRollups(work)
    return rawJson(JSON.stringify({ built }))
  },
}

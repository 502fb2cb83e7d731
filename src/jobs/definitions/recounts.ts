import type { JobDefinition } from '../job-definition.ts'

/** Counts one run again, whatever its marks say. */
export const recountRunJob: JobDefinition<{ readonly run_id: string }> = {
  name: 'recount-run',
  async run(ctx, { run_id }) {
    await ctx.db.query({
      text: 'insert into run_changes (run_id) select id from runs where id = $1',
      values: [run_id],
    })
    ctx.recounts.schedule()
    return null
  },
}

/**
 * Marks the runs of the last three hours whose number of results differs from what their summary says (jobs.md 4): their
 * client broke off before its closing PUT, or Ibutsu wrote them. Those without results keep what their client said (D30).
 */
export const syncAbortedRunsJob: JobDefinition = {
  name: 'sync-aborted-runs',
  async run(ctx) {
    const { rowCount } = await ctx.db.query({
      text: `insert into run_changes (run_id)
        select r.id from runs r
        cross join lateral (select count(*) as tests from results where run_id = r.id) n
        where r.start_time > localtimestamp - interval '3 hours' and n.tests > 0
          and to_jsonb(n.tests) is distinct from r.summary -> 'tests'`,
    })
    if (rowCount) ctx.recounts.schedule()
    return null
  },
}

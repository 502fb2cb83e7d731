import type { World } from './world.ts'

/** What a set of rows is: how many, and a sum that any change of one changes. */
const SUM = 'count(*)::integer as rows, sum(hashtextextended(t::text, 0))::text as sum'

/** All that the database holds, by table, but for the counts of attempts. */
export async function readTraces({ server }: World): Promise<unknown> {
  const { rows } = await server.ctx.db.query<{ name: string }>({
    text: `select table_name as name from information_schema.tables
      where table_schema = 'public' and table_name <> 'attempt_counts' order by 1`,
  })
  const text = rows.map(({ name }) => `select '${name}' as name, ${SUM} from ${name} t`).join(' union all ')
  return (await server.ctx.db.query({ text })).rows
}

/** What belongs to the foreign project. */
export async function readForeignTraces({ server, projects }: World): Promise<unknown> {
  const within = {
    projects: 'id = $1',
    users_projects: 'project_id = $1',
    runs: 'project_id = $1',
    results: 'project_id = $1 or run_id in (select id from runs where project_id = $1)',
    artifacts: `run_id in (select id from runs where project_id = $1)
      or result_id in (select id from results where project_id = $1)`,
    dashboards: 'project_id = $1',
    widget_configs: 'project_id = $1 or dashboard_id in (select id from dashboards where project_id = $1)',
    imports: `data ->> 'project_id' = $1::text`,
  }
  const text = Object.entries(within)
    .map(([name, condition]) => `select '${name}' as name, ${SUM} from ${name} t where ${condition}`)
    .join(' union all ')
  return (await server.ctx.db.query({ text, values: [projects.foreign] })).rows
}

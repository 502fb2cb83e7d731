import pg from 'pg'
import { admin } from '../bench/measure.ts'

/** How much is in the database before the load begins; runs are minutes apart, and each has as many results. */
export interface Amount {
  readonly runs: number
  readonly results: number
}

export const PROJECTS = 5

const numbered = (letter: string) => (n: number | string) =>
  `00000000-0000-4000-${letter}000-${String(n).padStart(12, '0')}`

/** Ids by number: those of the load kit's seed.sql, so that its databases serve as well (--use-db). */
export const projectId = numbered('9')
export const runId = numbered('a')
export const resultId = numbered('b')

/** The same ids within a statement. */
const idOf = (letter: string, n: string) => `('00000000-0000-4000-${letter}000-' || lpad((${n})::text, 12, '0'))::uuid`
const env = `(array['qa', 'stage', 'prod'])[1 + r / 5 % 3]`
const component = `'comp-' || r / 5 % 20`
const jenkins = `jsonb_build_object('job_name', 'job-' || r / 100 % 10, 'build_number', (r / 5)::text, 'build_url', 'http://ci/job/' || r)`
const ago = `now() - make_interval(mins => r * 12)`

/** Fills a migrated database that is empty but for the superadmin. */
export async function seedDatabase(url: string, { runs, results }: Amount): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ id: string }>('select id from users where email = $1', [admin.email])
    const owner = rows[0]?.id
    if (!owner) throw new Error('the database has no superadmin')
    for (const statement of statements(runs, results)) await client.query(statement)
    await client.query(`update projects set owner_id = $1`, [owner])
    await client.query(`insert into users_projects (user_id, project_id) select $1, id from projects`, [owner])
    await client.query('vacuum analyze')
  } finally {
    await client.end()
  }
}

function statements(runs: number, results: number): string[] {
  return [
    `insert into projects (id, name, title)
      select ${idOf('9', 'p')}, 'bench-' || p, 'Bench ' || p from generate_series(0, ${PROJECTS - 1}) p`,
    `insert into runs (id, project_id, data, env, component, source, start_time, created, duration, summary)
      select ${idOf('a', 'r')}, ${idOf('9', `r % ${PROJECTS}`)},
        jsonb_build_object('env', ${env}, 'component', ${component}, 'jenkins', ${jenkins}),
        ${env}, ${component}, 'soak', ${ago}, ${ago}, 0, '{}'
      from generate_series(0, ${runs - 1}) r`,
    `insert into results (id, project_id, run_id, test_id, result, data, params, duration, start_time, source, env, component)
      select ${idOf('b', 'i')}, ${idOf('9', `r % ${PROJECTS}`)}, ${idOf('a', 'r')},
        'tests/test_module_' || i / ${runs} % 40 || '.py::test_case_' || i / ${runs}, result,
        jsonb_build_object('fspath', 'tests/test_module_' || i / ${runs} % 40 || '.py', 'tags', jsonb_build_array('t' || i % 7),
          'assignee', 'user' || i % 30, 'jenkins', ${jenkins}) ||
          case when result in ('failed', 'error') then jsonb_build_object(
            'exception_name', (array['AssertionError', 'TimeoutError', 'KeyError'])[1 + i / ${runs} % 3],
            'short_tb', repeat('  File "tests/module.py", line 10, in test' || chr(10), 8)) else '{}' end,
        jsonb_build_object('browser', 'firefox'), 1, ${ago} + make_interval(secs => i / ${runs}), 'soak', ${env}, ${component}
      from (select i, i % ${runs} as r,
          (array['passed','passed','passed','passed','passed','passed','failed','error','skipped','xfailed'])[1 + abs(hashint8(i)) % 10] as result
        from generate_series(0, ${results - 1}) i) as numbered`,
    `update runs set duration = c.tests, summary = jsonb_build_object('tests', c.tests, 'failures', c.failures, 'errors', c.errors,
        'skips', c.skips, 'xfailures', c.xfailures, 'xpasses', 0, 'collected', c.tests, 'not_run', 0)
      from (select run_id, count(*) as tests, count(*) filter (where result = 'failed') as failures,
          count(*) filter (where result = 'error') as errors, count(*) filter (where result = 'skipped') as skips,
          count(*) filter (where result = 'xfailed') as xfailures
        from results group by run_id) as c
      where c.run_id = runs.id`,
  ]
}

/** Known rows to ask filters about: the recorded 48 results and 12 runs, their summaries worked out. */
import sql from 'sql-template-tag'
import type { Queryable } from '../../../src/db/queryable.ts'

export const projectId = '11111111-1111-4111-8111-111111111111'
const statuses = ['passed', 'failed', 'error', 'skipped', 'xfailed', 'xpassed']
const envs = ['qa', 'stage', 'prod']

const two = (n: number): string => String(n).padStart(2, '0')
/** Never begins with 00, as one of the recorded filters looks for that. */
export const runId = (i: number): string => `a0000000-0000-4000-8000-0000000000${two(i)}`
const resultId = (i: number): string => `b0000000-0000-4000-8000-0000000000${two(i)}`

const shared = (i: number) => ({
  env: envs[i % 3],
  component: `c${i % 4}`,
  tags: ['all', i % 2 ? 'odd' : 'even'],
  jenkins: { job_name: `job-${i % 2}`, build_number: String(100 + i) },
})

function sampleRun(i: number) {
  const status = statuses[i % 6]
  const has = (name: string): number => (status === name ? 4 : 0)
  const passes = has('passed')
  return {
    id: runId(i),
    project_id: projectId,
    env: envs[i % 3],
    component: `c${i % 4}`,
    source: `source-${i % 3}`,
    start_time: `2024-06-${two(i + 1)}T12:00:00`,
    created: '2024-06-30T00:00:00',
    duration: i + 18,
    summary: {
      tests: 4,
      failures: has('failed'),
      errors: has('error'),
      skips: has('skipped'),
      xfailures: has('xfailed'),
      xpasses: has('xpassed'),
      collected: 0,
      passes,
      pass_percent: passes * 25,
      not_run: 0,
    },
    data: { project: projectId, ...shared(i), version: `4.${i}`, ...(i % 5 === 0 ? { fifth: 'yes' } : {}) },
  }
}

function sampleResult(i: number) {
  return {
    id: resultId(i),
    project_id: projectId,
    run_id: runId(i % 12),
    test_id: `test_${two(i)}[${i % 2 ? 'Param' : 'param'}-${i}]`,
    result: statuses[i % 6],
    duration: i / 4,
    source: `s${i % 2}`,
    start_time: `2024-06-01T12:${two(i)}:00`,
    params: { n: i },
    env: envs[i % 3],
    component: `c${i % 4}`,
    data: {
      project: projectId,
      run: runId(i % 12),
      ...shared(i),
      markers: [`m${i % 3}`],
      importance: ['low', 'high'][i % 2],
      count: i,
      quoted: 'say "hi"',
      ...(i % 8 === 0 ? { assignee: 'fay' } : {}),
    },
  }
}

export async function insertSampleRows(db: Queryable): Promise<void> {
  await db.query(sql`insert into projects (id, name) values (${projectId}::uuid, 'filter-project')`)
  await insertRows(
    db,
    'runs',
    Array.from({ length: 12 }, (_, i) => sampleRun(i)),
  )
  await insertRows(
    db,
    'results',
    Array.from({ length: 48 }, (_, i) => sampleResult(i)),
  )
}

/**
 * Inserts objects whose keys are columns; columns that they lack are NULL. Like any program but the server, so that triggers
 * mark the runs for rollups.
 */
export async function insertRows(db: Queryable, table: string, rows: readonly object[]): Promise<void> {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].join(', ')
  await db.query({
    text: `insert into ${table} (${columns})
      select ${columns} from jsonb_populate_recordset(null::${table}, $1::jsonb), set_config('ibutsu_ts.marks', '', true)`,
    values: [JSON.stringify(rows)],
  })
}

import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import pg from 'pg'
import { runSql } from '../../helpers/database.ts'

const read = (path: string) => readFile(new URL(`../../../${path}`, import.meta.url), 'utf8')

/** The tables whose rows an adoption must leave as they are. */
export const originalTables = [
  'projects',
  'groups',
  'runs',
  'results',
  'artifacts',
  'tokens',
  'dashboards',
  'widget_configs',
]

/** Fills an empty database as Ibutsu 3.1.1 would have: its tables, these many results, 100 in a run, then its indexes. */
export async function fillOriginal(url: string, results: number): Promise<void> {
  const runs = Math.ceil(results / 100)
  const runId = (n: string) => `('00000000-0000-4000-a000-' || lpad((${n})::text, 12, '0'))::uuid`
  const projectId = (n: string) => `('00000000-0000-4000-9000-' || lpad((${n})::text, 12, '0'))::uuid`
  const about = (n: string) =>
    `jsonb_build_object('project', 'p' || ${n} % 5, 'env', (array['qa', 'stage', 'prod'])[1 + ${n} % 3],
      'component', 'comp-' || ${n} % 20, 'tags', jsonb_build_array('nightly', 't' || ${n} % 7),
      'jenkins', jsonb_build_object('job_name', 'job-' || ${n} % 10, 'build_number', (${n} / 5)::text))`
  await runSql(
    url,
    await read('src/db/migrations/0001-original-schema.sql'),
    await read('test/fixtures/db/original-rows.sql'),
    `insert into projects (id, name, title) select ${projectId('n')}, 'p' || n, 'P ' || n from generate_series(0, 4) n`,
    `insert into runs (id, project_id, data, env, component, source, start_time, created)
      select ${runId('n')}, ${projectId('n % 5')}, ${about('n')}, (array['qa', 'stage', 'prod'])[1 + n % 3],
        'comp-' || n % 20, 'jenkins', now() - n * interval '12 min', now() - n * interval '12 min'
      from generate_series(0, ${runs - 1}) n`,
    `insert into results (id, project_id, run_id, test_id, result, data, params, duration, start_time, source, env, component)
      select ('00000000-0000-4000-b000-' || lpad(i::text, 12, '0'))::uuid, ${projectId('n % 5')}, ${runId('n')},
        'tests/test_module_' || i / ${runs} % 40 || '.py::test_case_' || i / ${runs},
        (array['passed', 'passed', 'passed', 'passed', 'passed', 'passed', 'failed', 'error', 'skipped', 'xfailed'])
          [1 + abs(hashint8(i)) % 10],
        ${about('n')} || jsonb_build_object('run', ${runId('n')}, 'assignee', 'user' || abs(hashint8(i + 7)) % 30,
          'importance', (array['critical', 'high', 'medium', 'low'])[1 + abs(hashint8(i + 3)) % 4],
          'exception_name', case when abs(hashint8(i)) % 10 in (6, 7) then 'AssertionError' end,
          'short_tb', repeat('  File "tests/module.py", line 10, in test' || chr(10), 8)),
        '{"browser": "firefox"}', (i % 100) / 10.0, now() - n * interval '12 min' + i / ${runs} * interval '1 s',
        'jenkins', (array['qa', 'stage', 'prod'])[1 + n % 3], 'comp-' || n % 20
      from (select i, i % ${runs} as n from generate_series(0, ${results - 1}) i) x`,
    `insert into artifacts (id, content, result_id, filename, data, upload_date)
      select gen_random_uuid(), 'a log', id, 'test.log', '{}', now() from results where id::text like '%00'`,
    // Ibutsu's own numbers.
    summaries,
    await read('test/fixtures/db/original-indexes.sql'),
    'analyze',
  )
}

/** What Ibutsu's worker makes of the results of a run (contract, data-model.md 6). */
const summaries = `update runs r set duration = c.d, summary = coalesce(r.summary, '{}') || jsonb_build_object('tests', c.n,
    'failures', c.f, 'errors', c.e, 'skips', c.s, 'xfailures', c.x, 'xpasses', 0, 'collected', c.n, 'not_run', 0,
    'passes', c.n - c.f - c.e - c.s - c.x, 'pass_percent', 100 * (c.n - c.f - c.e - c.s - c.x) / c.n)
  from (select run_id, count(*) as n, count(*) filter (where result = 'failed') as f,
      count(*) filter (where result = 'error') as e, count(*) filter (where result = 'skipped') as s,
      count(*) filter (where result = 'xfailed') as x, sum(duration) filter (where duration < 'infinity') as d
    from results where run_id is not null group by run_id) c
  where c.run_id = r.id`

/** Clients of the old kind, which know nothing of us: they write and read Ibutsu's tables as its backend and worker do. */
export interface OriginalClients {
  /** Results that are committed, and their runs. */
  readonly written: readonly { readonly id: string; readonly run: string }[]
  readonly failures: readonly string[]
  reads(): number
  stop(): Promise<void>
}

/** `longMs`: one of the writers keeps its transactions open for so long, as an import does. */
export function startOriginalClients(
  url: string,
  { writers = 3, readers = 2, longMs = undefined as (() => number) | undefined } = {},
): OriginalClients {
  const written: { id: string; run: string }[] = []
  const failures: string[] = []
  let reads = 0
  let running = true
  const connect = async (kind: string) => {
    const client = new pg.Client({ connectionString: url, application_name: `old ${kind}` })
    client.on('error', () => undefined)
    await client.connect()
    return client
  }
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
  const repeat = async (kind: string, work: (client: pg.Client) => Promise<void>) => {
    const client = await connect(kind)
    while (running) {
      try {
        await work(client)
      } catch (error) {
        failures.push(`${kind}: ${error}`)
        await client.query('rollback').catch(() => undefined)
      }
      await pause(15)
    }
    await client.end()
  }
  const write = (holdMs: () => number) => async (client: pg.Client) => {
    const run = randomUUID()
    const project = `00000000-0000-4000-9000-00000000000${written.length % 5}`
    const fresh: { id: string; run: string }[] = []
    await client.query(
      `insert into runs (id, project_id, data, component, start_time, created, summary) values ($1, $2, $3, 'old', now(), now(), '{}')`,
      [run, project, { by: 'an old client' }],
    )
    await client.query('begin')
    for (let n = 0; n < 10; n++) {
      const id = randomUUID()
      await client.query(
        `insert into results (id, project_id, run_id, test_id, result, data, duration, start_time, component)
          values ($1, $2, $3, $4, $5, '{"assignee": "user1"}', 0.5, now(), 'old')`,
        [id, project, run, `test_${n}`, ['passed', 'failed', 'error'][n % 3]],
      )
      fresh.push({ id, run })
      if (n === 0) {
        await client.query(
          `insert into artifacts (id, content, result_id, filename, data, upload_date) values ($1, 'x', $2, 'a.log', '{}', now())`,
          [randomUUID(), id],
        )
      }
    }
    if (holdMs() > 0) await pause(holdMs())
    await client.query(`${summaries} and r.id = $1`, [run])
    await client.query('commit')
    written.push(...fresh)
  }
  const readSome = async (client: pg.Client) => {
    await client.query('select * from results where project_id = $1 order by start_time desc limit 25', [
      `00000000-0000-4000-9000-00000000000${reads % 5}`,
    ])
    await client.query('select * from runs order by start_time desc limit 25')
    reads++
  }
  const clients = [
    ...Array.from({ length: writers }, () =>
      repeat(
        'writer',
        write(() => 0),
      ),
    ),
    ...(longMs ? [repeat('long writer', write(longMs))] : []),
    ...Array.from({ length: readers }, () => repeat('reader', readSome)),
  ]
  return {
    written,
    failures,
    reads: () => reads,
    async stop() {
      running = false
      await Promise.all(clients)
    },
  }
}

/** A fingerprint of each table: how many rows, and of all their columns; rows that came later are left out by id. */
export async function fingerprint(url: string, tables: readonly string[]): Promise<Record<string, string>> {
  const prints: Record<string, string> = {}
  for (const table of tables) {
    const [row] = await runSql<{ print: string }>(
      url,
      `select count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) as print from ${table} t
        ${table === 'runs' || table === 'results' ? "where component is distinct from 'old'" : ''}
        ${table === 'tokens' ? "where name is distinct from 'login-token'" : ''}
        ${table === 'artifacts' ? "where filename is distinct from 'a.log'" : ''}`,
    )
    prints[table] = row?.print ?? ''
  }
  return prints
}

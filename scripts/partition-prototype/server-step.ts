import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { admin } from '../bench/measure.ts'
import { findFreePort, startServer } from '../bench/processes.ts'
import { withClient } from './cluster.ts'
import { serverEnv } from './fill.ts'
import type { Samples } from './samples.ts'
import { printTable } from './table.ts'

interface Answer {
  readonly status: number
  readonly body: Record<string, unknown>
}

interface Try {
  readonly name: string
  readonly said: string
}

interface Subject {
  readonly root: string
  readonly folder: string
  readonly url: string
  readonly signal: AbortSignal
}

/** Runs the server as it is on the partitioned database, and gives a Markdown table of what it answers. */
export async function tryServer(subject: Subject, s: Samples): Promise<string> {
  const { root, folder, url, signal } = subject
  const port = await findFreePort()
  const server = await startServer({
    name: 'the server',
    args: [join(root, 'src/start.js'), 'serve'],
    env: { PATH: process.env.PATH ?? '', ...serverEnv(url), HOST: '127.0.0.1', PORT: String(port), ACCESS_LOG: 'off' },
    port,
    cwd: root,
    logFile: join(folder, 'server.log'),
    signal,
  })
  try {
    const tries = [...(await requests(server.url, s)), ...(await statements(url, s))]
    return printTable(
      ['the server as it is, on partitions', 'answer'],
      tries.map(({ name, said }) => [name, said]),
    )
  } finally {
    await server.stop()
  }
}

async function requests(base: string, s: Samples): Promise<Try[]> {
  const login = await ask(base, '', 'POST', '/api/login', admin)
  const token = String(login.body.token)
  const call = (method: string, path: string, body?: object | FormData) => ask(base, token, method, path, body)
  const says = ({ status, body }: Answer) =>
    status < 300 ? String(status) : `${status} ${String(body.detail ?? body.title ?? '').replace(/;.*/, '')}`
  const tried = async (name: string, method: string, path: string, body?: object | FormData): Promise<Try> => ({
    name,
    said: says(await call(method, path, body)),
  })
  const { id, ...rest } = sent(s)
  const project = `filter=project_id=${s.project(0)}`
  return [
    await tried('GET /result/{id}', 'GET', `/api/result/${s.result(0)}`),
    await tried('GET /result', 'GET', `/api/result?${project}`),
    await tried('GET /result?estimate=true', 'GET', `/api/result?${project}&estimate=true`),
    await tried('GET /result of a run', 'GET', `/api/result?${project}&filter=run_id=${s.run(0)}&pageSize=500`),
    await tried('GET /run', 'GET', `/api/run?${project}`),
    await tried('POST /run', 'POST', '/api/run', { metadata: { project: 'bench-0' } }),
    await tried('POST /result', 'POST', '/api/result', { id, ...rest }),
    await tried('PUT /result/{id}', 'PUT', `/api/result/${s.result(0)}`, { duration: 2 }),
    await tried('POST /artifact', 'POST', '/api/artifact', artifactOf(s.result(0))),
    await tried('GET /artifact of a result', 'GET', `/api/artifact?resultId=${s.result(0)}`),
    await tried('GET /widget/result-summary', 'GET', `/api/widget/result-summary?project=${s.project(0)}`),
    await tried(
      'GET /widget/result-aggregator',
      'GET',
      `/api/widget/result-aggregator?project=${s.project(0)}&group_field=result&days=30`,
    ),
    { name: 'POST /import, a JUnit file of one test', said: await importOne(call) },
  ]
}

const sent = (s: Samples) => ({
  id: randomUUID(),
  run_id: s.run(0),
  test_id: 'tests/test_new.py::test_case_1',
  result: 'passed',
  metadata: { project: 'bench-0' },
})

function artifactOf(resultId: string): FormData {
  const form = new FormData()
  form.append('resultId', resultId)
  form.append('filename', 'new.log')
  form.append('file', new Blob(['a line\n']), 'new.log')
  return form
}

const IMPORT_MS = 15_000

async function importOne(call: (method: string, path: string, body?: FormData) => Promise<Answer>): Promise<string> {
  const form = new FormData()
  form.append('project', 'bench-0')
  form.append('importFile', new Blob(['<testsuite name="s"><testcase classname="a" name="b"/></testsuite>']), 'a.xml')
  const accepted = await call('POST', '/api/import', form)
  const end = performance.now() + IMPORT_MS
  for (;;) {
    const { body } = await call('GET', `/api/import/${accepted.body.id}`)
    if (body.status === 'done' || body.status === 'error' || performance.now() > end)
      return `${accepted.status}, then "${body.status}"`
    await sleep(250)
  }
}

async function ask(
  base: string,
  token: string,
  method: string,
  path: string,
  body?: object | FormData,
): Promise<Answer> {
  const isForm = body instanceof FormData
  const answer = await fetch(`${base}${path}`, {
    method,
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body && !isForm ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: isForm ? body : JSON.stringify(body) } : {}),
  })
  const text = await answer.text()
  const parsed: unknown = text.startsWith('{') ? JSON.parse(text) : {}
  return { status: answer.status, body: parsed as Answer['body'] }
}

/** What writers without our claims meet: psql, or Ibutsu after a way back. */
async function statements(url: string, s: Samples): Promise<Try[]> {
  const id = randomUUID()
  const insert = (time: string) =>
    `insert into results (id, project_id, run_id, test_id, start_time)
      values ('${id}', '${s.project(0)}', '${s.run(0)}', 'tests/test_new.py::by_sql', ${time})`
  const changes = [
    ['an insert by psql', insert('now()')],
    ['the same id again, in another month', insert(`now() - interval '40 days'`)],
    [
      'an update by psql that moves it a month',
      `update results set start_time = now() - interval '40 days' where id = '${id}'`,
    ],
    ['a start time in the year 2099', `update results set start_time = '2099-01-01' where id = '${id}'`],
    ['its id says the new month', `select from result_ids where id = '${id}' and start_time = '2099-01-01'`],
    ['a delete by psql', `delete from results where id = '${id}'`],
    ['create index concurrently', 'create index concurrently on results (env)'],
  ] as const
  return withClient(url, async (client) => {
    const tries: Try[] = []
    for (const [name, text] of changes) {
      const said = await client.query(text).then(
        ({ rowCount }) => (rowCount === null ? 'done' : `${rowCount} row${rowCount === 1 ? '' : 's'}`),
        (error: { code?: string; message: string }) => `refused: ${error.message} (${error.code})`,
      )
      tries.push({ name, said })
    }
    return tries
  })
}

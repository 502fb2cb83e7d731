import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../helpers/server.ts'
import { fetchStatus, logIn, type Supervisor, startSupervisor } from '../process/helpers/supervisor.ts'
import { addProject } from './helpers/api-clients.ts'
import { describeWithPostgres, type PostgresCluster, startPostgresCluster } from './helpers/postgres-cluster.ts'
import { isLong, say } from './helpers/say.ts'

const RETRY_S = 3
const WRITES = isLong ? 200 : 40
const READS = isLong ? 1_000 : 100

describeWithPostgres('a database that takes no writes', () => {
  let postgres: PostgresCluster
  let server: Supervisor
  let token: string
  let project: string
  let run: string

  const env = { ROLES: 'web,worker', DB_RETRY: String(RETRY_S), DB_POOL_SIZE: '5', LOG_LEVEL: 'info' }
  const ask = async (method: string, path: string, json?: object, url = server.url) => {
    const began = performance.now()
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        connection: 'close',
        ...(json ? { 'content-type': 'application/json' } : {}),
      },
      ...(json ? { body: JSON.stringify(json) } : {}),
    })
    const body = await answer.text()
    return { status: answer.status, type: answer.headers.get('content-type'), body, ms: performance.now() - began }
  }
  const postResult = () =>
    ask('POST', '/api/result', { run_id: run, project_id: project, test_id: 't', result: 'passed' })
  const setReadOnly = async (value: 'on' | 'off') => {
    await postgres.set({ default_transaction_read_only: value })
    await postgres.reload()
  }

  beforeAll(async () => {
    postgres = await startPostgresCluster()
    server = await startSupervisor({ databaseUrl: postgres.url, env })
    token = await logIn(server.url)
    project = await addProject(server.url, token)
    run = randomUUID()
    await ask('POST', '/api/run', { id: run, project_id: project, metadata: { a: 'run' } })
    expect((await postResult()).status).toBe(201)
  })
  afterAll(async () => {
    await server?.kill()
    await postgres?.remove()
  })

  const reads = () => [
    `/api/result?filter=project_id=${project}`,
    `/api/run/${run}`,
    `/api/project/${project}`,
    `/api/widget/run-aggregator?project=${project}&weeks=1&group_field=component`,
    '/api/user',
    '/api/health/database',
    '/api/health/ready',
  ]
  const readAll = async (url = server.url) => {
    const paths = reads()
    const answers = await Promise.all(
      Array.from({ length: READS }, (_, n) => ask('GET', paths[n % paths.length] as string, undefined, url)),
    )
    const refused = answers.filter(({ status }) => status !== 200)
    return {
      refused: refused.map(({ status, body }) => `${status} ${body}`),
      ms: Math.max(...answers.map(({ ms }) => ms)),
    }
  }

  test('answers reads, refuses writes with a 503 in time, and goes on by itself', { timeout: 120_000 }, async () => {
    const workers = server.workers().toSorted()
    const mark = server.mark()
    await setReadOnly('on')
    const writing = [
      ...Array.from({ length: WRITES }, postResult),
      ask('POST', '/api/run', { project_id: project, metadata: { a: 'run' } }),
      ask('PUT', `/api/run/${run}`, { metadata: { b: 1 } }),
      ask('POST', '/api/group', { name: 'a group' }),
      ask('POST', '/api/user/token', { name: 'refused', expires: '2099-01-01T00:00:00Z' }),
    ]
    const read = await readAll()
    const refused = await Promise.all(writing)
    const slowest = Math.max(...refused.map(({ ms }) => ms))
    const fastest = Math.min(...refused.map(({ ms }) => ms))
    expect(read.refused).toEqual([])
    for (const { status, type, body } of refused) {
      expect([status, type]).toEqual([503, 'application/problem+json'])
      expect(JSON.parse(body)).toEqual({
        type: 'about:blank',
        title: 'Service Unavailable',
        detail: 'The database takes no writes at the moment',
        status: 503,
      })
    }
    expect(fastest).toBeGreaterThan(RETRY_S * 1000 - 500)
    expect(slowest).toBeLessThan(RETRY_S * 1000 + 10_000)
    // Reads are answered, so a router goes on sending them.
    expect(await fetchStatus(`${server.url}/api/health/ready`)).toBe(200)
    const told = server
      .stderr()
      .slice(mark)
      .split('\n')
      .filter((line) => /takes no writes, waiting/.test(line))
    // One line of each process.
    expect(told.length).toBeGreaterThanOrEqual(1)
    expect(told.length).toBeLessThanOrEqual(2)

    const waiting = Array.from({ length: WRITES }, postResult)
    await new Promise((resolve) => setTimeout(resolve, 500))
    await setReadOnly('off')
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual(waiting.map(() => 201))
    expect((await ask('PUT', `/api/run/${run}`, { metadata: { b: 1 } })).status).toBe(200)
    // The worker has survived it as well: it recounts.
    const summary = () => ask('GET', `/api/run/${run}`).then(({ body }) => JSON.parse(body).summary.tests)
    expect(await eventually(summary, (tests) => tests === WRITES + 1, 10_000)).toBe(WRITES + 1)
    expect(server.workers().toSorted()).toEqual(workers)
    say(
      `read-only database: ${READS} reads answered, slowest ${read.ms.toFixed(0)} ms; ${refused.length} writes refused with 503 after ${fastest.toFixed(0)} to ${slowest.toFixed(0)} ms (DB_RETRY ${RETRY_S} s); ${waiting.length} that waited were stored`,
    )
  })

  test('lets a server start that only reads: a standby too', { timeout: 60_000 }, async () => {
    const standby = await postgres.addStandby('reader')
    const reader = await startSupervisor({ databaseUrl: standby.url, env })
    try {
      const { refused, ms } = await readAll(reader.url)
      expect(refused).toEqual([])
      const write = await ask('POST', '/api/group', { name: 'another' }, reader.url)
      expect([write.status, JSON.parse(write.body).detail]).toEqual([503, 'The database takes no writes at the moment'])
      say(`a server on a standby: ${READS} reads answered, slowest ${ms.toFixed(0)} ms`)
      const workers = reader.workers().toSorted()
      await standby.promote()
      const writeAgain = () => ask('POST', '/api/group', { name: 'a third' }, reader.url).then(({ status }) => status)
      expect(await eventually(writeAgain, (status) => status === 201, 10_000)).toBe(201)
      expect(
        reader
          .workers()
          .toSorted()
          .filter((pid) => !workers.includes(pid)),
      ).toEqual([])
    } finally {
      await reader.kill()
    }
  })
})

import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import sql from 'sql-template-tag'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startTestServer, type TestServer } from '../../helpers/server.ts'

const MEGABYTE = 1_000_000
const LARGE = 60

let server: TestServer
let checked: TestServer
let large: string
let small: string

beforeAll(async () => {
  // Answers are checked by collecting them first; a server without that is what runs in production.
  ;[server, checked] = await Promise.all([startTestServer({}, undefined, { unchecked: true }), startTestServer()])
  large = await addProject(server, 'large')
  small = await addProject(server, 'small')
  await Promise.all([addResults(server, large, LARGE, MEGABYTE), addResults(server, small, 30, 1000)])
  await addResults(checked, await addProject(checked, 'large'), 6, MEGABYTE)
})
afterAll(() => Promise.all([server.close(), checked.close()]))

async function addProject(target: TestServer, name: string): Promise<string> {
  return target.addProject(name)
}

/** Results with `size` bytes of metadata, the first of them also with text beyond ASCII. */
async function addResults(target: TestServer, project: string, count: number, size: number): Promise<void> {
  await target.ctx.db.query(sql`
    insert into results (id, project_id, test_id, result, start_time, params, data)
    select gen_random_uuid(), ${project}, 'test_' || n, 'passed', timestamp '2024-01-01' + n * interval '1 minute',
      case when n % 2 = 0 then jsonb_build_object('n', n) end,
      jsonb_build_object('n', n, 'greeting', 'grüße "日本"', 'log', (
        select string_agg(md5(n || '-' || part), '') from generate_series(1, ${Math.ceil(size / 32)}::int) as part))
    from generate_series(1, ${count}::int) as n`)
}

const listOf = (target: TestServer, project: string, pageSize: number, page = 1, ...filters: string[]) =>
  target.send('GET', '/api/result', {
    query: [
      ...[`project_id=${project}`, ...filters].map((text) => ['filter', text] as const),
      ['pageSize', String(pageSize)],
      ['page', String(page)],
    ],
  })

/** The answer as it comes, unread. */
async function open(path: string): Promise<IncomingMessage> {
  const headers = { authorization: `Bearer ${await server.token('admin')}` }
  const request = get(`${server.url}${path}`, { headers, agent: false })
  const [answer] = await once(request, 'response')
  // A connection that breaks later is an error of the answer, which is what tests look at, and of the request.
  request.on('error', () => undefined)
  return answer
}

const largePath = () => `/api/result?filter=project_id=${large}&pageSize=100`

describe('a page that is too large for one go', () => {
  it('arrives whole: every row in order, with the pagination', async () => {
    const answer = await listOf(server, large, 100)
    expect([answer.status, answer.type]).toEqual([200, 'application/json'])
    expect(answer.headers.get('content-length')).toBeNull()
    const { results, pagination } = answer.body
    expect(pagination).toEqual({ page: 1, pageSize: 100, totalItems: LARGE, totalPages: 1 })
    expect(results.map((result: { test_id: string }) => result.test_id)).toEqual(
      Array.from({ length: LARGE }, (_, index) => `test_${LARGE - index}`),
    )
    for (const index of [0, 1, LARGE - 1]) {
      const one = await server.send('GET', `/api/result/${results[index].id}`)
      expect(results[index]).toEqual(one.body)
      expect(one.text.length).toBeGreaterThan(MEGABYTE)
      // Byte for byte, as the generated serializer prints it.
      expect(answer.text).toContain(one.text)
    }
  })

  it('is counted and turned like any other', async () => {
    const { body } = await listOf(server, large, 25, 2, 'result=passed')
    expect(body.results.map((result: { test_id: string }) => result.test_id)).toEqual(
      Array.from({ length: 25 }, (_, index) => `test_${LARGE - 25 - index}`),
    )
    expect(body.pagination).toEqual({ page: 2, pageSize: 25, totalItems: LARGE, totalPages: 3 })
  })

  it('passes the check of answers, which collects it', async () => {
    const answer = await checked.send('GET', '/api/result', { query: [['pageSize', '10']] })
    expect([answer.status, answer.body.results.length]).toEqual([200, 6])
    expect(answer.headers.get('content-length')).toBe(String(answer.bytes.length))
  })

  it('waits for a slow client without a connection to the database, and fetches nothing ahead', async () => {
    const queries = vi.spyOn(server.ctx.db, 'query')
    const answer = await open(largePath())
    await vi.waitFor(() => expect(server.ctx.db.pool.idleCount).toBe(server.ctx.db.pool.totalCount))
    const asked = await untilSteady(() => queries.mock.calls.length)
    // What the buffers of the two sockets take, and no more.
    expect(asked).toBeLessThan(LARGE / 2)
    let bytes = 0
    for await (const chunk of answer) bytes += chunk.length
    expect(bytes).toBeGreaterThan(LARGE * MEGABYTE)
    expect(queries.mock.calls.length).toBeGreaterThan(asked)
    queries.mockRestore()
  })

  it('ends with its client', async () => {
    const queries = vi.spyOn(server.ctx.db, 'query')
    const answer = await open(largePath())
    answer.destroy()
    const asked = await untilSteady(() => queries.mock.calls.length)
    expect(asked).toBeLessThan(LARGE)
    queries.mockRestore()
    expect((await listOf(server, small, 5)).status).toBe(200)
  })

  it('breaks off, and is logged, when a slice fails', async () => {
    const log = vi.spyOn(server.ctx.log, 'error').mockImplementation(() => undefined)
    const query = server.ctx.db.query
    let slices = 0
    const broken = vi.spyOn(server.ctx.db, 'query').mockImplementation(((statement: { text: string }) => {
      if (statement.text.includes('where id = any(') && ++slices === 5) return Promise.reject(new Error('no more'))
      return query(statement)
    }) as typeof query)
    const answer = await open(largePath())
    expect(answer.statusCode).toBe(200)
    await expect(
      (async () => {
        for await (const _ of answer);
      })(),
    ).rejects.toThrow(/aborted|ECONNRESET/)
    expect(answer.complete).toBe(false)
    expect(log).toHaveBeenCalledWith(
      expect.objectContaining({ err: expect.objectContaining({ message: 'no more' }), operation: 'getResultList' }),
      expect.any(String),
    )
    broken.mockRestore()
    log.mockRestore()
    expect((await listOf(server, large, 10)).body.results).toHaveLength(10)
  })

  it('is an ordinary error when the first slice fails', async () => {
    const log = vi.spyOn(server.ctx.log, 'error').mockImplementation(() => undefined)
    const query = server.ctx.db.query
    const broken = vi
      .spyOn(server.ctx.db, 'query')
      .mockImplementation(((statement: { text: string }) =>
        statement.text.includes('where id = any(')
          ? Promise.reject(new Error('no more'))
          : query(statement)) as typeof query)
    expect((await listOf(server, large, 10)).status).toBe(500)
    broken.mockRestore()
    log.mockRestore()
  })
})

describe('an ordinary page', () => {
  it('is one statement, answered in one go', async () => {
    const queries = vi.spyOn(server.ctx.db, 'query')
    const pages = vi.spyOn(server.ctx.db, 'queryUpTo')
    const answer = await listOf(server, small, 50)
    expect(answer.body.results).toHaveLength(30)
    expect(answer.headers.get('content-length')).toBe(String(answer.bytes.length))
    expect(pages).toHaveBeenCalledTimes(1)
    expect(queries.mock.calls.filter(([{ text }]) => text.includes('from results'))).toEqual([])
    queries.mockRestore()
    pages.mockRestore()
  })
})

describe('a large page of runs', () => {
  it('arrives whole as well', async () => {
    await server.ctx.db.query(sql`
      insert into runs (id, project_id, start_time, created, summary, data)
      select gen_random_uuid(), ${large}, timestamp '2024-01-01' + n * interval '1 minute', now(), '{"tests": 1}',
        jsonb_build_object('n', n, 'log', (select string_agg(md5(part::text), '') from generate_series(1, 30000) as part))
      from generate_series(1, 8) as n`)
    const answer = await server.send('GET', '/api/run', { query: [['filter', `project_id=${large}`]] })
    expect(answer.body.runs.map((run: { metadata: { n: number } }) => run.metadata.n)).toEqual([8, 7, 6, 5, 4, 3, 2, 1])
    expect(answer.body.pagination).toMatchObject({ totalItems: 8 })
    expect(answer.body.runs[3]).toEqual((await server.send('GET', `/api/run/${answer.body.runs[3].id}`)).body)
  })
})

describe('the request line', () => {
  it('may hold long filters, but not endless ones', async () => {
    const ids = Array.from({ length: 1000 }, () => large).join(';')
    const long = await listOf(server, small, 1, 1, `run_id*${ids}`)
    expect(long.status).toBe(200)
    expect((await listOf(server, small, 1, 1, `run_id*${ids};${ids}`)).status).toBe(431)
  })
})

/** The value once it has not changed for a while; the while is what a stream that did not wait would need many times over. */
async function untilSteady(read: () => number): Promise<number> {
  for (let last = -1; ; ) {
    const now = read()
    if (now === last) return now
    last = now
    await sleep(300)
  }
}

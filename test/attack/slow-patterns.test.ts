import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { runSql } from '../helpers/database.ts'
import { eventually, startTestServer, type TestServer } from '../helpers/server.ts'

/** Back-references make PostgreSQL try every way to cut a text, here of an even length, into parts that come twice and one x. */
const SLOW = '^(x+)(x+)(x+)(x+)(x+)\\1\\2\\3\\4\\5x$'

let server: TestServer
let project: string

beforeAll(async () => {
  server = await startTestServer({ DB_POOL_SIZE: '10', STATEMENT_TIMEOUT: '6' })
  await Promise.all([server.addUser('mallory'), server.addUser('alice')])
  project = await server.addProject('slow', 'mallory')
  const run = { metadata: { project, jenkins: { job_name: 'j', build_number: '1' } }, component: 'x'.repeat(2_000) }
  await server.send('POST', '/api/run', { as: 'mallory', json: run })
  const result = { metadata: { project }, test_id: 'x'.repeat(2_000), result: 'passed' }
  await server.send('POST', '/api/result', { as: 'mallory', json: result })
  await server.addProject('quick', 'alice')
})
afterAll(() => server.close())

/** The statements of the server that have run for a while now. */
const running = async () =>
  runSql<{ pid: number }>(
    server.databaseUrl,
    `select pid from pg_stat_activity where datname = current_database() and state = 'active'
      and application_name like 'ibutsu web%' and query_start < clock_timestamp() - interval '100 ms' order by pid`,
  )
/** Ends them as the time limit does, which has the same code. */
const cutShort = async () => {
  for (const { pid } of await running()) await runSql(server.databaseUrl, `select pg_cancel_backend(${pid})`)
}
const attack = (count: number, path = '/api/result', filter = `test_id~${SLOW}`) =>
  Array.from({ length: count }, () => server.send('GET', path, { as: 'mallory', query: [['filter', filter]] }))

afterEach(async () => {
  await cutShort()
})

describe('a pattern that never ends', () => {
  it('is cut off after the limit, with a 400 that names the filter', { timeout: 60_000 }, async () => {
    const since = Date.now()
    const [answer] = await Promise.all(attack(1))
    expect([answer?.status, answer?.body]).toEqual([400, expect.stringContaining(`test_id~${SLOW}`)])
    expect(Date.now() - since).toBeGreaterThan(4_000)
  })

  it('is the same in a widget', { timeout: 60_000 }, async () => {
    const asked = server.send('GET', '/api/widget/run-aggregator', {
      as: 'mallory',
      query: [
        ['group_field', 'component'],
        ['weeks', '4'],
        ['additional_filters', `component~${SLOW}`],
      ],
    })
    expect(await eventually(async () => (await running()).length, Boolean)).toBe(1)
    await cutShort()
    const answer = await asked
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('component~')])
  })

  it('asked for ten times at once leaves others their connections', { timeout: 60_000 }, async () => {
    const attacks = attack(6).concat(attack(6, '/api/run', `component~${SLOW}`))
    const most = await eventually(
      async () => (await running()).length,
      (count) => count >= 5,
    )
    expect(most).toBe(5)
    const others = [
      server.send('GET', '/api/project', { as: 'alice', query: [['filter', 'name~^q']] }),
      server.send('GET', '/api/result', { as: 'alice', query: [['filter', 'result=passed']] }),
      server.send('GET', '/api/widget/result-summary', { as: 'alice' }),
      // The attacker's own writes come through as well.
      server.send('POST', '/api/result', { as: 'mallory', json: { metadata: { project }, test_id: 't' } }),
      server.send('GET', '/api/user', { as: 'mallory' }),
    ]
    const before = await running()
    expect((await Promise.all(others)).map(({ status }) => status)).toEqual([200, 200, 200, 201, 200])
    // They did not have to wait for one of the twelve to end.
    expect(before).toHaveLength(5)
    expect(await running()).toEqual(before)

    // The rest gets its turn, or has waited in vain.
    let ended = false
    const answers = Promise.all(attacks).finally(() => {
      ended = true
    })
    while (!ended) {
      await cutShort()
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    const statuses = (await answers).map(({ status, text }) => [status, text.includes(SLOW.replaceAll('\\', '\\\\'))])
    expect(statuses).toEqual(Array.from({ length: 12 }, () => [400, true]))
    expect(server.ctx.db.use().waiting).toBe(0)
  })

  it('whose client has gone does not get a turn', { timeout: 60_000 }, async () => {
    const controllers = Array.from({ length: 12 }, () => new AbortController())
    const token = await server.token('mallory')
    const asked = controllers.map(({ signal }) =>
      fetch(`${server.url}/api/result?filter=${encodeURIComponent(`test_id~${SLOW}`)}`, {
        signal,
        headers: { authorization: `Bearer ${token}` },
      }).catch(() => null),
    )
    expect(
      await eventually(
        async () => (await running()).length,
        (count) => count >= 5,
      ),
    ).toBe(5)
    for (const controller of controllers) controller.abort()
    await Promise.all(asked)
    // One more round trip, so that the server has seen them go.
    await server.send('GET', '/api/user', { as: 'mallory' })
    await cutShort()
    expect(
      await eventually(
        async () => (await running()).length,
        (count) => count === 0,
        2_000,
      ),
    ).toBe(0)
    const again = await server.send('GET', '/api/result', { as: 'mallory', query: [['filter', 'result~pass']] })
    expect(again.status).toBe(200)
  })
})

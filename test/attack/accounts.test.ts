import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../helpers/server.ts'
import { report } from './helpers/long-form.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer({
    // Dear enough that its time stands out.
    BCRYPT_LOG_ROUNDS: '10',
    MAIL_SERVER: '127.0.0.1',
    MAIL_PORT: '1',
  })
  await server.addUser('known')
  const asleep = await server.addUser('asleep')
  await server.ctx.db.query({ text: 'update users set is_active = false where id = $1', values: [asleep] })
  await server.ctx.db.query({
    text: `insert into users (id, email, is_active, is_superadmin) values (gen_random_uuid(), 'sso@example.com', true, false)`,
  })
})
afterAll(() => server.close())

let clients = 0
const post = (path: string, json: object, client = `198.51.100.${clients++ % 250}`) =>
  server.send('POST', `/api/login${path}`, { as: null, json, headers: { 'x-forwarded-for': client } })

describe('which accounts there are', () => {
  const emails = ['known', 'asleep', 'sso', 'nobody'].map((prefix) => `${prefix}@example.com`)

  it('is told by no word of a login that fails, nor by the time it takes', async () => {
    // Processor time, as other work on the machine makes no difference to it; bcrypt has a thread of this process.
    const least = new Map<string, number>()
    const words = new Set<string>()
    for (let round = 0; round < 10; round++) {
      for (const email of emails) {
        const since = process.cpuUsage()
        const { status, text } = await post('', { email, password: 'wrong' })
        words.add(`${status} ${text}`)
        const { user, system } = process.cpuUsage(since)
        least.set(email, Math.min(least.get(email) ?? Number.POSITIVE_INFINITY, (user + system) / 1000))
      }
    }
    report('logins', Object.fromEntries([...least].map(([email, ms]) => [email, Math.round(ms)])))
    expect([...words]).toHaveLength(1)
    const times = [...least.values()]
    expect(Math.min(...times)).toBeGreaterThan(20)
    expect(Math.max(...times) / Math.min(...times)).toBeLessThan(1.3)
  })

  it('is told by no word of a recovery', async () => {
    const answers = await Promise.all(emails.map((email) => post('/recover', { email })))
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`))).toEqual(new Set(['201 {}']))
  })
})

describe('a flood', () => {
  it('of registrations ends after 100 from one network', async () => {
    const register = (n: number) =>
      post('/register', { email: `flood-${n}@example.com`, password: 'x' }, '203.0.113.77')
    const statuses: number[] = []
    for (let n = 0; n < 110; n += 10) {
      const batch = await Promise.all(Array.from({ length: 10 }, (_, i) => register(n + i)))
      statuses.push(...batch.map(({ status }) => status))
    }
    expect([statuses.filter((status) => status === 201).length, statuses.at(-1)]).toEqual([100, 429])
    const { rows } = await server.ctx.db.query({ text: `select from users where email like 'flood-%'` })
    expect(rows).toHaveLength(100)
  })

  it('of recoveries makes one mail at a time, and ends after ten', async () => {
    const statuses: number[] = []
    for (let n = 0; n < 12; n++) statuses.push((await post('/recover', { email: 'flooded@example.com' })).status)
    expect(statuses).toEqual([...Array(10).fill(201), 429, 429])
    const { rows } = await server.ctx.db.query({
      text: `select from jobs where name = 'mail' and payload ->> 'email' = 'flooded@example.com'`,
    })
    expect(rows).toHaveLength(1)
  })

  it('of codes finds none, and of odd ones none that breaks anything', async () => {
    for (const code of ['AAAA', '____', 'A'.repeat(5_000), "'; --", '\0', '%', '../..', 'null', '😀']) {
      const reset = await post('/reset-password', { activation_code: code, password: 'x' })
      const activated = await server.send('GET', `/api/login/activate/${encodeURIComponent(code)}`, { as: null })
      expect([code.slice(0, 9), reset.status, [302, 400, 404].includes(activated.status)]).toEqual([
        code.slice(0, 9),
        400,
        true,
      ])
      expect(activated.headers.get('location') ?? 'st=error').toContain('st=error')
    }
  })
})

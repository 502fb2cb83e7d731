import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeWithRedis, startRedis, type TestRedis } from '../../helpers/redis.ts'
import { startTestServer, type TestServer } from '../../helpers/server.ts'

const basic = (email: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${email}:${password}`).toString('base64')}`,
})
const admin = basic('admin@example.com', 'admin12345')

describeWithRedis('the board of the queues', () => {
  let redis: TestRedis
  let server: TestServer
  beforeAll(async () => {
    redis = await startRedis()
    server = await startTestServer({ REDIS_URL: redis.url }, undefined, { jobs: true })
    await server.addUser('sam')
  })
  afterAll(async () => {
    await server.close()
    await redis.stop()
  })
  const get = (path: string, headers = {}) => server.send('GET', path, { as: null, headers })

  test('is for superadmins by HTTP Basic', async () => {
    for (const headers of [
      {},
      basic('admin@example.com', 'wrong'),
      basic('sam@example.com', 'pw-sam-secret'),
      { authorization: 'Basic !' },
    ]) {
      const answer = await get('/admin/queues', headers)
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toMatch(/^Basic realm=/)
    }
    const page = await get('/admin/queues', admin)
    expect(page).toMatchObject({ status: 200, type: 'text/html' })
    const script = /src="(static\/[^"]+\.js)"/.exec(page.text)?.[1] ?? ''
    expect(await get(new URL(script, `${server.url}/admin/queues/`).pathname, admin)).toMatchObject({ status: 200 })
    expect(await get('/admin/queues/api/queues?activeQueue=jobs', admin)).toMatchObject({
      status: 200,
      body: { queues: [expect.objectContaining({ name: 'jobs', readOnlyMode: true })] },
    })
  })

  test('only shows', async () => {
    const clean = await server.send('PUT', '/api/queues/jobs/clean/completed', { as: null, headers: admin })
    expect(clean.status).toBe(404)
    const answer = await server.send('PUT', '/admin/queues/api/queues/jobs/empty', { as: null, headers: admin })
    expect(answer.status).toBeGreaterThanOrEqual(400)
  })

  test('guesses count like those of a login', async () => {
    const answers: number[] = []
    for (let n = 0; n < 12; n++)
      answers.push((await get('/admin/queues', basic('eve@example.com', `guess ${n}`))).status)
    expect(answers.slice(0, 10)).toEqual(Array(10).fill(401))
    expect(answers.at(-1)).toBe(429)
    const login = await server.send('POST', '/api/login', {
      as: null,
      json: { email: 'eve@example.com', password: 'x' },
    })
    expect(login.status).toBe(429)
  })
})

test('without Redis there is no board', async () => {
  const server = await startTestServer()
  expect(await server.send('GET', '/admin/queues', { as: null, headers: admin })).toMatchObject({ status: 404 })
  await server.close()
})

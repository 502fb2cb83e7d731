import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../helpers/server.ts'

const NOW = new Date('2030-05-06T07:08:09.250Z')
let server: TestServer
let uma: string

beforeAll(async () => {
  server = await startTestServer({}, { now: () => NOW })
  uma = await server.addUser('uma')
  await server.addUser('vic')
})
afterAll(() => server.close())

const addToken = (json: object, as = 'uma') => server.send('POST', '/api/user/token', { as, json })
const listTokens = (query: [string, string][] = []) => server.send('GET', '/api/user/token', { as: 'uma', query })

describe('the current account', () => {
  it('changes its name and nothing else (D15)', async () => {
    const json = { name: 'Uma T.', email: 'root@example.com', is_superadmin: true, is_active: false, password: 'x' }
    const changed = await server.send('PUT', '/api/user', { as: 'uma', json })
    const expected = {
      id: uma,
      email: 'uma@example.com',
      name: 'Uma T.',
      is_superadmin: false,
      is_active: true,
      group_id: null,
    }
    expect([changed.status, changed.body]).toEqual([200, expected])
    expect((await server.send('GET', '/api/user', { as: 'uma' })).body).toEqual(expected)
  })

  it('keeps its name when none is sent, and may have none', async () => {
    const put = async (json: object) => (await server.send('PUT', '/api/user', { as: 'uma', json })).body.name
    await put({ name: 'U' })
    expect([await put({}), await put({ name: null })]).toEqual(['U', null])
  })
})

describe('API tokens', () => {
  it.each([
    ['2031-02-03T04:05:06.250000+02:00', '2031-02-03T02:05:06.250000Z', Date.UTC(2031, 1, 3, 2, 5, 6, 250) / 1000],
    ['2031-02-03 04:05:06', '2031-02-03T04:05:06Z', Date.UTC(2031, 1, 3, 4, 5, 6) / 1000],
    ['2001-01-01', '2001-01-01T00:00:00Z', Date.UTC(2001, 0, 1) / 1000],
    [null, '2040-05-06T07:08:09.250000Z', Date.UTC(2040, 4, 6, 7, 8, 9, 250) / 1000],
  ])('end at %j as asked, UTC without a zone, in ten years without an end (D46)', async (expires, shown, exp) => {
    const made = await addToken({ name: 'ci', expires })
    expect([made.status, made.body.expires, made.body.user_id]).toEqual([201, shown, uma])
    expect(decodeJwt(made.body.token)).toMatchObject({ sub: uma, use: 'api', exp })
    const shownAgain = await server.send('GET', `/api/user/token/${made.body.id}`, { as: 'uma' })
    expect(shownAgain.body).toEqual(made.body)
  })

  it('refuse moments that cannot be read and the name of logins (D42)', async () => {
    const unread = await addToken({ name: 'ci', expires: 'soon' })
    expect([unread.status, unread.body]).toEqual([400, 'expires is not an ISO 8601 date and time: soon'])
    expect((await addToken({ name: 'login-token', expires: null })).status).toBe(400)
  })

  it('may bring an id of their own, which nobody else can take', async () => {
    const id = '11111111-2222-4333-8444-555555555555'
    expect((await addToken({ id: id.toUpperCase(), name: 'own', expires: null })).body.id).toBe(id)
    const taken = await addToken({ id, name: 'own', expires: null }, 'vic')
    expect([taken.status, taken.body]).toEqual([400, `Token id ${id} already exist`])
    expect((await addToken({ id: 'x', name: 'own', expires: null })).status).toBe(400)
  })

  it('are listed in pages, without those of logins', async () => {
    const all = await listTokens([['pageSize', '100']])
    const names: string[] = all.body.tokens.map(({ name }: { name: string }) => name)
    expect(names).not.toContain('login-token')
    expect(names).toEqual([...names].sort())
    const second = await listTokens([
      ['pageSize', '2'],
      ['page', '2'],
    ])
    expect(second.body.tokens).toEqual(all.body.tokens.slice(2, 4))
    expect(second.body.pagination.totalItems).toBe(names.length)
  })

  it('are shown to and deleted by their owner alone, superadmins included', async () => {
    const { body } = await addToken({ name: 'mine', expires: null })
    const path = `/api/user/token/${body.id}`
    for (const as of ['vic', 'admin']) {
      for (const method of ['GET', 'DELETE']) {
        const refused = await server.send(method, path, { as })
        expect([refused.status, refused.body]).toEqual([403, 'Forbidden'])
      }
    }
    const deleted = await server.send('DELETE', path, { as: 'uma' })
    expect([deleted.status, deleted.body]).toEqual([200, 'OK'])
    expect((await server.send('GET', path, { as: 'uma' })).body).toBe('Token not found')
    expect((await server.send('DELETE', path, { as: 'uma' })).body).toBe('Not Found')
  })
})

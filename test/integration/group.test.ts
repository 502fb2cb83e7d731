import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../helpers/server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
  await server.addUser('gil')
})
afterAll(() => server.close())

const add = (json: object) => server.send('POST', '/api/group', { as: 'gil', json })
const put = (id: string, json: object) => server.send('PUT', `/api/group/${id}`, { as: 'gil', json })

describe('groups', () => {
  it('are made with or without a name, an id and metadata', async () => {
    const bare = await add({})
    expect([bare.status, bare.body]).toEqual([201, { id: bare.body.id, name: null, metadata: {} }])
    const id = randomUUID()
    const full = { id, name: 'Quality', metadata: { floor: 3 } }
    expect((await add(full)).body).toEqual(full)
    expect((await server.send('GET', `/api/group/${id.toUpperCase()}`)).body).toEqual(full)
    expect((await add({ data: { old: 'name' } })).body.metadata).toEqual({ old: 'name' })
  })

  it('refuse an id that is taken, no UUID or unknown', async () => {
    const { id } = (await add({ name: 'first' })).body
    const taken = await add({ id, name: 'second' })
    expect([taken.status, taken.body]).toEqual([400, `The group with ID ${id} already exists`])
    expect((await add({ id: 'x' })).body).toBe('id is not a valid UUID: x')
    const unknown = randomUUID()
    for (const answer of [await server.send('GET', `/api/group/${unknown}`), await put(unknown, { name: 'x' })]) {
      expect([answer.status, answer.body]).toEqual([404, 'Group not found'])
    }
  })

  it('merge metadata and keep what is not sent', async () => {
    const { id } = (await add({ name: 'a', metadata: { deep: { one: 1 }, kept: 12345678901234567890n.toString() } }))
      .body
    const changed = await put(id, { metadata: { deep: { two: 2 }, kept: null } })
    const metadata = { deep: { one: 1, two: 2 }, kept: '12345678901234567890' }
    expect(changed.body).toEqual({ id, name: 'a', metadata })
    expect((await put(id, { id: randomUUID(), name: 'b', metadata: null, data: { x: 1 } })).body).toEqual({
      id,
      name: 'b',
      metadata,
    })
  })

  it('lose no key when several are merged at once', async () => {
    const { id } = (await add({})).body
    const keys = Array.from({ length: 8 }, (_, index) => `key${index}`)
    await Promise.all(keys.map((key) => put(id, { metadata: { [key]: 1 } })))
    expect(Object.keys((await server.send('GET', `/api/group/${id}`)).body.metadata).sort()).toEqual(keys)
  })

  it('are listed in pages', async () => {
    const list = (...query: [string, string][]) => server.send('GET', '/api/group', { as: 'gil', query })
    const all = await list(['pageSize', '100'])
    const second = await list(['pageSize', '2'], ['page', '2'])
    expect(second.body.groups).toEqual(all.body.groups.slice(2, 4))
    expect(second.body.pagination).toMatchObject({ page: 2, pageSize: 2, totalItems: all.body.groups.length })
  })

  it('are listed, shown and changed through the generated client', async () => {
    const gil = await server.client('gil')
    const { data: made } = await gil.POST('/api/group', { body: { name: 'Typed', metadata: { floor: 4 } } })
    const id = made?.id ?? ''
    expect(made).toEqual({ id, name: 'Typed', metadata: { floor: 4 } })
    await gil.PUT('/api/group/{id}', { params: { path: { id } }, body: { name: 'Typed again' } })
    const { data: page } = await gil.GET('/api/group', { params: { query: { pageSize: 500 } } })
    expect(page?.groups.find((group) => group.id === id)?.name).toBe('Typed again')

    const unknown = await gil.GET('/api/group/{id}', { params: { path: { id: randomUUID() } } })
    expect([unknown.response.status, unknown.error]).toEqual([404, 'Group not found'])
    const nobody = await server.client(null)
    expect((await nobody.GET('/api/group')).error).toMatchObject({ detail: 'No authorization token provided' })
  })
})

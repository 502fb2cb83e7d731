import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ApiClient, createApiClient } from '../../../scripts/demo/api-client.ts'
import { fillDemo } from '../../../scripts/demo/fill.ts'
import { addMember, member } from '../../../scripts/demo/member.ts'
import { startTestServer, type TestServer } from '../../helpers/server.ts'

const now = Date.parse('2026-03-10T12:00:00Z')
const dayMs = 24 * 3600 * 1000

let server: TestServer
let api: ApiClient

beforeAll(async () => {
  server = await startTestServer()
  api = createApiClient(server.url, await server.token('admin'))
})
afterAll(() => server?.close())

/** All rows that the demo may touch, but for the counts that follow by themselves. */
async function readRows() {
  const { rows } = await server.ctx.db.query<{ text: string }>({
    text: `select id || data::text || coalesce(start_time::text, '') as text from runs
           union all select id || result || data::text || duration from results
           union all select id || filename || md5(content) from artifacts
           union all select id || name from projects order by 1`,
  })
  return rows.map(({ text }) => text)
}

describe('the demo', () => {
  it('completes on a later day a night that was interrupted, and sends no file twice', async () => {
    let left = 150
    const failing: ApiClient = {
      ...api,
      call: (...args) => (left-- > 0 ? api.call(...args) : Promise.reject(new Error('the line is cut'))),
    }
    await expect(fillDemo(failing, now - dayMs, 2)).rejects.toThrow('the line is cut')
    const filled = await fillDemo(api, now, 3)
    expect(filled).toMatchObject({ sent: { runs: 3, results: 540 }, kept: 0, lastNight: '2026-03-10' })
    const { rows } = await server.ctx.db.query<{ files: number; distinct_files: number }>({
      text: `select count(*) as files, count(distinct (coalesce(run_id, result_id), filename)) as distinct_files from artifacts`,
    })
    expect(rows[0]?.files).toBe(rows[0]?.distinct_files)
    expect(await server.ctx.db.query({ text: 'select 1 from results' })).toMatchObject({ rowCount: 540 })
  })

  it('changes nothing when it runs again', async () => {
    const before = await readRows()
    expect((await fillDemo(api, now, 3)).sent).toEqual({ runs: 0, results: 0, files: 0 })
    expect(await readRows()).toEqual(before)
  })

  it('adds the new night on the next day, and leaves the others as they are', async () => {
    const before = await readRows()
    expect(await fillDemo(api, now + dayMs, 2)).toMatchObject({ sent: { runs: 1, results: 180 }, kept: 1 })
    expect(await readRows()).toEqual(expect.arrayContaining(before))
  })

  it('makes its member once', async () => {
    const { projectId } = await fillDemo(api, now, 2)
    expect(await addMember(api, projectId, undefined)).toBe(true)
    expect(await addMember(api, projectId, undefined)).toBe(true)
    const { users } = await api.call<{ users: { email: string }[] }>('GET', `/project/${projectId}`)
    expect(users.filter(({ email }) => email === member.email)).toHaveLength(1)
  })
})

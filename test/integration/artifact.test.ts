import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runSql } from '../helpers/database.ts'
import { startTestServer, type TestServer } from '../helpers/server.ts'

const NOBODY = '00000000-0000-4000-8000-000000000001'
const MAX = 5 * 1024 * 1024

type Part = readonly [name: string, value: string | Buffer, filename?: string]

let server: TestServer
let project: string
let run: string
let result: string

beforeAll(async () => {
  server = await startTestServer()
  await Promise.all([server.addUser('art'), server.addUser('ann')])
  project = await server.addProject('artifact-project', 'art')
  ;({ run, result } = await addRunAndResult(project))
})
afterAll(() => server.close())

async function addRunAndResult(projectId: string): Promise<{ run: string; result: string }> {
  const made = await server.send('POST', '/api/run', { json: { metadata: { project: projectId } } })
  const json = { result: 'failed', metadata: { project: projectId, run: made.body.id } }
  return { run: made.body.id, result: (await server.send('POST', '/api/result', { json })).body.id }
}

/** By hand: FormData would escape the file names and give every text part the same shape. */
function upload(parts: readonly Part[], as = 'art') {
  const boundary = 'b0undary'
  const chunks = parts.flatMap(([name, value, filename]) => [
    `--${boundary}\r\ncontent-disposition: form-data; name="${name}"`,
    filename === undefined ? '\r\n\r\n' : `; filename="${filename}"\r\ncontent-type: application/octet-stream\r\n\r\n`,
    value,
    '\r\n',
  ])
  return server.send('POST', '/api/artifact', {
    as,
    body: Buffer.concat([...chunks, `--${boundary}--\r\n`].map((chunk) => Buffer.from(chunk as string))),
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  })
}

const file = (content: string | Buffer = 'x'): Part => ['file', content, 'blob']
const named = (name = 'x.txt'): Part => ['filename', name]
const get = (path: string, as: string | null = 'art') => server.send('GET', `/api/artifact${path}`, { as })
const list = (as: string, ...query: [string, string][]) => server.send('GET', '/api/artifact', { as, query })
const names = (answer: { body: { artifacts: { filename: string }[] } }) =>
  answer.body.artifacts.map(({ filename }) => filename)

describe('POST /artifact', () => {
  it('stores a file of a result', async () => {
    const made = await upload([['resultId', result.toUpperCase()], named('log.txt'), file('hello\n')])
    expect(made.status).toBe(201)
    expect(made.body).toEqual({
      id: expect.any(String),
      result_id: result,
      run_id: null,
      filename: 'log.txt',
      upload_date: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z$/),
      additional_metadata: {},
    })
    expect((await get(`/${made.body.id}`)).body).toEqual(made.body)
  })

  it('reads the metadata as a field, as a file part (D20) and under its old name', async () => {
    const base = [['result_id', result] as const, named(), file()]
    const notes = '{"a":{"n":9007199254740993}}'
    for (const part of [
      ['additionalMetadata', notes],
      ['additionalMetadata', notes, 'blob'],
      ['additional_metadata', notes],
    ] as const) {
      const made = await upload([...base, part])
      expect(made.text).toContain('"n":9007199254740993')
      expect((await get(`/${made.body.id}`)).text).toMatch(/"n": ?9007199254740993/)
    }
    expect((await upload([...base, ['additional_metadata', '']])).body.additional_metadata).toEqual({})
    const both = [['additionalMetadata', '{"new":1}'] as const, ['additional_metadata', 'broken'] as const]
    expect((await upload([...base, ...both])).body.additional_metadata).toEqual({ new: 1 })
  })

  it('prefers the new names, and takes an empty id for one that was not sent', async () => {
    const preferred = await upload([['resultId', result], ['result_id', 'x'], named(), file()])
    expect(preferred.body.result_id).toBe(result)
    const ofRun = await upload([['resultId', ''], ['runId', run], named(), file()])
    expect(ofRun.body).toMatchObject({ result_id: null, run_id: run })
  })

  it('keeps 5 MiB to the last byte', async () => {
    const made = await upload([['resultId', result], named(), file(Buffer.alloc(MAX, 97))])
    expect(made.status).toBe(201)
    expect((await get(`/${made.body.id}/view`)).bytes.equals(Buffer.alloc(MAX, 97))).toBe(true)
  })

  const valid = () => [['resultId', result] as const, named(), file()]
  it.each<[string, () => readonly Part[], number, unknown]>([
    ['no owner', () => [named(), file()], 400, 'Bad request, either resultId or runId must be provided'],
    [
      'an empty owner',
      () => [['resultId', ''], named(), file()],
      400,
      'Bad request, either resultId or runId must be provided',
    ],
    ['two owners', () => [...valid(), ['runId', run]], 400, 'Bad request, cannot provide both resultId and runId'],
    ['an empty name', () => [['resultId', result], named(''), file()], 400, 'Bad request, filename is required'],
    ['a broken result id', () => [['resultId', 'x'], named(), file()], 400, 'Result ID x is not in UUID format'],
    ['a broken run id', () => [['run_id', 'x'], named(), file()], 400, 'Run ID x is not in UUID format'],
    ['an unknown result', () => [['resultId', NOBODY], named(), file()], 404, `Result ID ${NOBODY} not found`],
    ['an unknown run', () => [['runId', NOBODY], named(), file()], 404, `Run ID ${NOBODY} not found`],
    [
      'too much',
      () => [['resultId', result], named(), file(Buffer.alloc(MAX + 1, 97))],
      400,
      'Bad request, file size exceeds maximum allowed size of 5MB',
    ],
    ['nothing', () => [['resultId', result], named(), file('')], 400, 'Bad request, uploaded file is empty'],
    [
      'metadata that is no JSON',
      () => [...valid(), ['additional_metadata', '{']],
      400,
      'Bad request, additionalMetadata is not valid JSON',
    ],
    [
      'metadata that is a list',
      () => [...valid(), ['additional_metadata', '[1]']],
      400,
      'Bad request, additionalMetadata must be a JSON object, not a list or primitive',
    ],
  ])('refuses %s', async (_what, parts, status, text) => {
    const answer = await upload(parts())
    expect([answer.status, answer.body]).toEqual([status, text])
  })

  it.each<[string, readonly Part[]]>([
    ['no file', [['resultId', NOBODY], named()]],
    ['no name', [['resultId', NOBODY], file()]],
    ['metadata that is no JSON', [['resultId', NOBODY], named(), file(), ['additionalMetadata', '{']]],
    ['metadata that is a list', [['resultId', NOBODY], named(), file(), ['additionalMetadata', '[1]']]],
  ])('refuses %s by the schema', async (_what, parts) => {
    const answer = await upload(parts)
    expect([answer.status, answer.type]).toEqual([400, 'application/problem+json'])
  })

  it('refuses a foreign owner, and stores nothing', async () => {
    const theirs = await addRunAndResult(await server.addProject('refused', 'ann'))
    const answers = await Promise.all([
      upload([['resultId', theirs.result], named(), file()]),
      upload([['runId', theirs.run], named(), file()]),
    ])
    expect(answers.map(({ status }) => status)).toEqual([403, 403])
    expect(names(await list('ann', ['runId', theirs.run]))).toEqual([])
  })

  it('says not found when the result is deleted between the check and the insert', async () => {
    const place = await addRunAndResult(project)
    await runSql(
      server.databaseUrl,
      `create function vanish() returns trigger language plpgsql as $$ begin
         new.result_id := '${NOBODY}'; return new; end $$`,
      `create trigger vanish before insert on artifacts for each row when (new.result_id = '${place.result}')
         execute function vanish()`,
    )
    const answer = await upload([['resultId', place.result], named(), file()])
    expect([answer.status, answer.body]).toEqual([404, `Result ID ${place.result} not found`])
  })
})

describe('GET /artifact', () => {
  it('lists those of a result or a run, oldest first', async () => {
    const own = await addRunAndResult(project)
    for (const name of ['c', 'a', 'b']) await upload([['resultId', own.result], named(name), file()])
    await upload([['runId', own.run], named('of-run'), file()])
    expect(names(await list('art', ['resultId', own.result]))).toEqual(['c', 'a', 'b'])
    expect(names(await list('art', ['result_id', own.result], ['resultId', NOBODY]))).toEqual(['c', 'a', 'b'])
    expect(names(await list('art', ['runId', own.run], ['resultId', '']))).toEqual(['of-run'])
    expect(names(await list('art', ['runId', own.run], ['resultId', own.result]))).toEqual([])
    const second = await list('art', ['resultId', own.result], ['page', '2'], ['pageSize', '2'])
    expect(names(second)).toEqual(['b'])
    expect(second.body.pagination).toEqual({ page: 2, pageSize: 2, totalItems: 3, totalPages: 2 })
  })

  it('keeps to the own projects (D3)', async () => {
    await server.addUser('amy')
    const theirs = await addRunAndResult(await server.addProject('amys', 'amy'))
    await upload([['resultId', theirs.result], named('r'), file()], 'amy')
    await upload([['runId', theirs.run], named('u'), file()], 'amy')
    const orphan = randomUUID()
    await runSql(
      server.databaseUrl,
      `insert into artifacts (id, filename, upload_date) values ('${orphan}', 'orphan', now())`,
    )
    expect(names(await list('amy'))).toEqual(['r', 'u'])
    expect((await list('amy', ['pageSize', '1'])).body.pagination.totalItems).toBe(2)
    expect(names(await list('admin', ['pageSize', '100']))).toEqual(expect.arrayContaining(['r', 'u', 'orphan']))
    const stranger = await list('ann', ['pageSize', '100'])
    expect(names(stranger)).toEqual([])
    for (const id of ['resultId', 'result_id'] as const) {
      expect((await list('ann', [id, theirs.result])).status).toBe(403)
    }
    expect((await list('ann', ['runId', theirs.run])).status).toBe(403)
    expect((await get(`/${orphan}`)).status).toBe(403)
    expect((await get(`/${orphan}`, 'admin')).status).toBe(200)
  })

  it('is empty for what there is not, and 400 for what is no id', async () => {
    expect((await list('art', ['resultId', NOBODY])).body).toEqual({
      artifacts: [],
      pagination: { page: 1, pageSize: 25, totalItems: 0, totalPages: 0 },
    })
    const wrong = await list('art', ['runId', 'x'])
    expect([wrong.status, wrong.body]).toEqual([400, 'runId is not a valid UUID: x'])
  })
})

describe('one artifact', () => {
  it('of a run can be read and deleted (D5), but not by strangers', async () => {
    const { id } = (await upload([['runId', run], named('run.log'), file('run log')])).body
    for (const path of [`/${id}`, `/${id}/view`, `/${id}/download`]) {
      expect((await get(path)).status).toBe(200)
      expect((await get(path, 'ann')).status).toBe(403)
    }
    const remove = (as: string) => server.send('DELETE', `/api/artifact/${id}`, { as })
    expect((await remove('ann')).status).toBe(403)
    const removed = await remove('art')
    expect([removed.status, removed.body]).toEqual([200, 'OK'])
    expect([(await remove('art')).body, (await get(`/${id}`)).body]).toEqual(['Not Found', 'Not Found'])
  })

  it.each([
    ['text', Buffer.from('hello\nworld\n'), 'text/plain'],
    ['JSON', Buffer.from('{"a": 1.0}'), 'application/json'],
    ['bytes', Buffer.from([0, 1, 2, 3, 250]), 'application/octet-stream'],
    ['a page', Buffer.from('<html><script>alert(1)</script></html>'), 'text/html'],
  ])('comes back byte by byte: %s', async (_what, content, type) => {
    const { id } = (await upload([['resultId', result], named('x"\r\n.html'), file(content)])).body
    for (const verb of ['view', 'download']) {
      const answer = await get(`/${id}/${verb}`)
      expect(answer.status).toBe(200)
      expect(answer.bytes.equals(content)).toBe(true)
      expect(answer.headers.get('content-type')).toBe(type)
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
      expect(answer.headers.get('content-security-policy')).toBe('sandbox')
      expect(answer.headers.get('content-disposition')?.startsWith('attachment;') ?? false).toBe(verb === 'download')
    }
  })

  it('without content, as old rows may be, is empty', async () => {
    const { id } = (await upload([['resultId', result], named(), file()])).body
    await runSql(server.databaseUrl, `update artifacts set content = null where id = '${id}'`)
    const answer = await get(`/${id}/view`)
    expect([answer.status, answer.type, answer.bytes.length]).toEqual([200, 'application/x-empty', 0])
  })

  it.each(['view', 'download'])('errors of %s are bare text', async (verb) => {
    const missing = await get(`/${NOBODY}/${verb}`)
    expect([missing.status, missing.type, missing.text]).toEqual([404, 'text/plain', 'Not Found'])
    const wrong = await get(`/abc/${verb}`)
    expect([wrong.status, wrong.type, wrong.text]).toEqual([400, 'text/plain', 'ID: abc is not a valid UUID'])
  })
})

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runSql } from '../helpers/database.ts'
import { importFile, readImport, sendImport, tarGz } from '../helpers/imports.ts'
import { eventually, startTestServer, type TestServer } from '../helpers/server.ts'

const XML = '<testsuite name="s"><testcase classname="a.b" name="t" time="1"/></testsuite>'

let server: TestServer
let project: string

beforeAll(async () => {
  server = await startTestServer({ IMPORT_MAX_BYTES: '3000000' })
  await Promise.all([server.addUser('ivy'), server.addUser('ian')])
  project = await server.addProject('import-project', 'ivy')
})
afterAll(() => server.close())

const send = (
  name: string,
  file: string | Buffer = XML,
  fields: readonly [string, string][] = [['project', project]],
) => sendImport(server, { file, name, fields, as: 'ivy' })
const rows = <R extends object>(sql: string) => runSql<R>(server.databaseUrl, sql)
const stored = async () => {
  const [counts] = await rows<{ imports: number; chunks: number; jobs: number }>(
    `select (select count(*)::int from imports) as imports, (select count(*)::int from import_chunks) as chunks,
       (select count(*)::int from jobs where name = 'import') as jobs`,
  )
  return counts
}

describe('POST /import', () => {
  it('stores the file in pieces, the import, its owner and its job', async () => {
    const file = Buffer.alloc(2_500_000, 'x')
    const answer = await send('big.xml', file, [
      ['project', 'import-project'],
      ['source', 'ci'],
      ['metadata', '{"build": 12345678901234567890}'],
    ])
    expect(answer.status).toBe(201)
    expect(answer.text).toContain('12345678901234567890')
    expect(answer.body).toMatchObject({
      filename: 'big.xml',
      format: '',
      status: 'pending',
      metadata: { project_id: project, source: 'ci' },
    })
    const { id } = answer.body
    const chunks = await rows<{ content: Buffer }>(
      `select content from import_chunks where import_id = '${id}' order by seq`,
    )
    expect(chunks.map(({ content }) => content.length)).toEqual([1048576, 1048576, 402848])
    expect(Buffer.concat(chunks.map(({ content }) => content)).equals(file)).toBe(true)
    expect(await rows(`select payload ->> 'import_id' as id from jobs where id = '${id}'`)).toEqual([{ id }])
    expect(await rows(`select user_id is not null as owned from import_owners where import_id = '${id}'`)).toHaveLength(
      1,
    )
  })

  it('reads fields that come behind the file', async () => {
    const answer = await sendImport(server, { file: XML, name: 'a.xml', as: 'ivy', after: [['project', project]] })
    expect(answer.body.metadata).toEqual({ project_id: project, metadata: null })
  })

  it('takes metadata as a file part and names with slashes', async () => {
    const form = new FormData()
    form.append('metadata', new Blob(['{"a": 1}'], { type: 'application/json' }))
    form.append('importFile', new Blob([XML]), 'dir/.xml')
    const answer = await server.send('POST', '/api/import', { as: 'ivy', body: form })
    expect(answer.status).toBe(201)
    expect(answer.body).toMatchObject({ filename: 'dir/.xml', metadata: { metadata: { a: 1 } } })
  })

  it.each([
    ['an unknown type', 'x.txt', [], 415, 'Unsupported Media Type'],
    ['another case', 'x.XML', [], 415, 'Unsupported Media Type'],
    ['an unknown project, before the type', 'x.txt', [['project', 'nope']], 400, "Project nope doesn't exist"],
    ['an empty file name', '', [], 400, 'Bad request, no file uploaded'],
  ] as const)('refuses %s and stores nothing', async (_what, name, fields, status, text) => {
    const before = await stored()
    const answer = await send(name, Buffer.alloc(1_500_000, 'x'), fields as never)
    expect([answer.status, answer.body]).toEqual([status, text])
    expect(await stored()).toEqual(before)
  })

  it('refuses a foreign project', async () => {
    const before = await stored()
    const answer = await sendImport(server, { file: XML, name: 'x.txt', as: 'ian', after: [['project', project]] })
    expect([answer.status, answer.body]).toEqual([403, 'Forbidden'])
    expect(await stored()).toEqual(before)
  })

  it.each([
    ['no file', [['project', 'import-project']]],
    ['metadata that is a list', [['metadata', '[]']]],
    ['metadata that is null', [['metadata', 'null']]],
    ['broken metadata', [['metadata', '{']]],
    ['empty metadata', [['metadata', '']]],
  ] as const)('answers %s with a problem', async (what, fields) => {
    const before = await stored()
    const answer =
      what === 'no file'
        ? await server.send('POST', '/api/import', { as: 'ivy', body: formOf(fields) })
        : await send('x.xml', XML, fields as never)
    expect([answer.status, answer.type]).toEqual([400, 'application/problem+json'])
    expect(await stored()).toEqual(before)
  })

  it('refuses two files, another content type, and no token', async () => {
    const form = formOf([])
    form.append('importFile', new Blob([XML]), 'a.xml')
    form.append('importFile', new Blob([XML]), 'b.xml')
    const before = await stored()
    const twice = await server.send('POST', '/api/import', { as: 'ivy', body: form })
    expect([twice.status, twice.type]).toEqual([400, 'application/problem+json'])
    expect((await server.send('POST', '/api/import', { as: 'ivy', json: {} })).status).toBe(415)
    expect((await server.send('POST', '/api/import', { as: null, body: form })).status).toBe(401)
    expect(await stored()).toEqual(before)
  })

  it('answers a file over the limit with 413 and stores nothing', async () => {
    const before = await stored()
    const answer = await send('big.xml', Buffer.alloc(3_000_001, 'x'))
    expect([answer.status, answer.type]).toEqual([413, 'application/problem+json'])
    expect(await stored()).toEqual(before)
    const far = await send('big.xml', Buffer.alloc(8_000_000, 'x'))
    expect(far.status).toBe(413)
    expect(await stored()).toEqual(before)
  })

  it('stores nothing of an upload that breaks off', async () => {
    const before = await stored()
    const stop = new AbortController()
    const body = new ReadableStream({
      start(controller) {
        const head = '--b\r\ncontent-disposition: form-data; name="importFile"; filename="x.xml"\r\n\r\n'
        controller.enqueue(Buffer.from(head))
        controller.enqueue(Buffer.alloc(1_500_000, 'x'))
      },
    })
    const sent = fetch(`${server.url}/api/import`, {
      method: 'POST',
      body,
      duplex: 'half',
      signal: stop.signal,
      headers: {
        'content-type': 'multipart/form-data; boundary=b',
        authorization: `Bearer ${await server.token('ivy')}`,
      },
    } as RequestInit)
    const outcome = sent.catch((error: Error) => error.name)
    const during = await eventually(stored, (counts) => counts?.chunks !== before?.chunks)
    expect(during?.chunks).toBe((before?.chunks ?? 0) + 1)
    stop.abort()
    expect(await outcome).toBe('AbortError')
    expect(await eventually(stored, (counts) => counts?.chunks === before?.chunks)).toEqual(before)
  })
})

function formOf(fields: readonly (readonly [string, string])[]): FormData {
  const form = new FormData()
  for (const [name, value] of fields) form.append(name, value)
  return form
}

describe('GET /import', () => {
  it('shows one to who may see its project', async () => {
    const { id } = (await send('one.xml')).body
    expect((await server.send('GET', `/api/import/${id}`, { as: 'ivy' })).status).toBe(200)
    expect((await server.send('GET', `/api/import/${id}`)).status).toBe(200)
    expect((await server.send('GET', `/api/import/${id}`, { as: 'ian' })).body).toBe('Forbidden')
    expect((await server.send('GET', `/api/import/${randomUUID()}`, { as: 'ian' })).body).toBe('Not Found')
    expect((await server.send('GET', '/api/import/abc', { as: 'ian' })).body).toBe('ID: abc is not a valid UUID')
  })

  it('shows one without a project to who sent it', async () => {
    const { id } = (await send('none.xml', XML, [])).body
    expect((await server.send('GET', `/api/import/${id}`, { as: 'ivy' })).status).toBe(200)
    expect((await server.send('GET', `/api/import/${id}`, { as: 'ian' })).status).toBe(403)
  })

  it('lists what the caller may see, newest first, filtered', async () => {
    const list = async (as: string, ...filters: string[]) =>
      (await server.send('GET', '/api/import', { as, query: filters.map((filter) => ['filter', filter] as const) }))
        .body
    await send('list-a.xml')
    await send('list-b.xml', XML, [])
    const names = (body: { imports: { filename: string }[] }) => body.imports.map(({ filename }) => filename)
    expect(names(await list('ivy')).slice(0, 2)).toEqual(['list-b.xml', 'list-a.xml'])
    expect((await list('ian')).pagination).toEqual({ page: 1, pageSize: 25, totalItems: 0, totalPages: 0 })
    expect(names(await list('admin', `metadata.project_id=${project}`, 'filename=list-a.xml'))).toEqual(['list-a.xml'])
  })
})

describe('what a file may not do (D23)', () => {
  const foreign = (file: string | Buffer, name: string, fields: readonly [string, string][] = []) =>
    importFile(server, { file, name, fields, as: 'ian' })

  it('goes into no foreign project, wherever that is named', async () => {
    const run = randomUUID()
    const property = `<testsuite><testcase name="t"><properties><property name="project_id" value="${project}"/></properties></testcase></testsuite>`
    const files: [string | Buffer, string, [string, string][]][] = [
      [XML, 'f.xml', [['metadata', '{"project": "import-project"}']]],
      [property, 'f.xml', []],
      [
        XML.replace('<testcase', '<properties><property name="project" value="import-project"/></properties><testcase'),
        'f.xml',
        [],
      ],
      [
        await tarGz([{ name: `${run}/run.json`, content: JSON.stringify({ id: run, metadata: { project } }) }]),
        'f.tar.gz',
        [],
      ],
      [
        await tarGz([{ name: `${run}/run.json`, content: JSON.stringify({ id: run, project_id: project }) }]),
        'f.tar.gz',
        [],
      ],
      [
        await tarGz([{ name: `${run}/${randomUUID()}/result.json`, content: JSON.stringify({ project_id: project }) }]),
        'f.tar.gz',
        [],
      ],
    ]
    for (const [file, name, fields] of files) {
      const done = await foreign(file, name, fields)
      expect(done.status).toBe('error')
      expect(done.metadata.error).toContain('may not write to')
    }
  })

  it('touches no foreign run or result', async () => {
    const mine = await importFile(server, {
      file: XML,
      name: `${randomUUID()}.xml`,
      fields: [['project', project]],
      as: 'ivy',
    })
    expect(mine.status).toBe('done')
    const [run] = mine.metadata.run_id
    const own = await server.addProject('ian-project', 'ian')
    const fields: [string, string][] = [['project', own]]
    expect((await foreign(XML, `${run}.xml`, fields)).metadata.error).toContain(`The run ${run} exists already`)
    const overRun = await tarGz([{ name: `${run}/run.json`, content: JSON.stringify({ id: run, source: 'stolen' }) }])
    expect((await foreign(overRun, 'r.tar.gz', fields)).status).toBe('error')
    const [{ id: result } = { id: '' }] = await rows<{ id: string }>(`select id from results where run_id = '${run}'`)
    const overResult = await tarGz([
      { name: `${randomUUID()}/${result}/result.json`, content: JSON.stringify({ id: result, test_id: 'stolen' }) },
    ])
    expect((await foreign(overResult, 'r.tar.gz', fields)).metadata.error).toContain('belongs to somebody else')
    expect(await rows(`select test_id from results where id = '${result}'`)).toEqual([{ test_id: 'b.t' }])
  })

  it('may be sent again by who made a run without a project', async () => {
    const name = `${randomUUID()}.xml`
    expect((await importFile(server, { file: XML, name, as: 'ian' })).status).toBe('done')
    expect((await importFile(server, { file: XML, name, as: 'ian' })).status).toBe('done')
    expect((await importFile(server, { file: XML, name, as: 'ivy' })).status).toBe('error')
  })
})

describe('the end of an import', () => {
  it('frees the file, and is the same when the job runs again', async () => {
    const done = await importFile(server, { file: XML, name: 'end.xml', fields: [['project', project]], as: 'ivy' })
    expect(Object.keys(done.metadata).sort()).toEqual(['metadata', 'project_id', 'run_id'])
    expect(await rows(`select from import_chunks where import_id = '${done.id}'`)).toHaveLength(0)
    await readImport(server, done.id)
    expect((await server.send('GET', `/api/import/${done.id}`)).body).toEqual(done)
  })

  it('leaves nothing behind when it is stopped, and a later try ends it', async () => {
    const { id } = (await send(`${randomUUID()}.xml`)).body
    const stopped = new AbortController()
    stopped.abort()
    await expect(readImport(server, id, stopped.signal)).rejects.toThrow()
    expect((await server.send('GET', `/api/import/${id}`)).body.status).toBe('running')
    await readImport(server, id)
    expect((await server.send('GET', `/api/import/${id}`)).body.status).toBe('done')
  })

  it('is the same for two of one run at once, beside a client that writes to it', async () => {
    const run = randomUUID()
    const cases = Array.from(
      { length: 3000 },
      (_, n) => `<testcase name="t${n}" time="1"><system-out>${n}</system-out></testcase>`,
    )
    const file = `<testsuite name="s">${cases.join('')}</testsuite>`
    const first = await importFile(server, { file: XML, name: `${run}.xml`, fields: [['project', project]], as: 'ivy' })
    expect(first.status).toBe('done')
    const [a, b] = await Promise.all([send(`${run}.xml`, file), send(`${run}.xml`, file)])
    const posts = Array.from({ length: 20 }, () =>
      server.send('POST', '/api/result', { as: 'ivy', json: { result: 'failed', metadata: { project, run } } }),
    )
    await Promise.all([readImport(server, a.body.id), readImport(server, b.body.id), ...posts])
    const [counts] = await rows(`select count(*)::int as results, count(distinct test_id)::int as tests,
      (select count(*)::int from artifacts f join results r on r.id = f.result_id where r.run_id = '${run}') as files
      from results where run_id = '${run}'`)
    expect(counts).toEqual({ results: 3021, tests: 3001, files: 3000 })
    await server.ctx.recounts.recountNow()
    const { summary } = (await server.send('GET', `/api/run/${run}`)).body
    expect(summary).toMatchObject({ tests: 3021, failures: 20, passes: 3001 })
  })

  it('leaves nothing behind when the connection is lost, and a later try stores all once', async () => {
    const run = randomUUID()
    const cases = Array.from({ length: 20_000 }, (_, n) => `<testcase name="t${n}" time="1"/>`).join('')
    const { id } = (await send(`${run}.xml`, `<testsuite>${cases}</testsuite>`)).body
    const reading = readImport(server, id).then(
      () => 'done',
      () => 'failed',
    )
    const ended = await eventually(
      () =>
        rows(`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and query like 'insert into results as r%' and state = 'active'`),
      (killed) => killed.length > 0,
    )
    expect([ended.length, await reading]).toEqual([1, 'failed'])
    expect(await rows(`select from runs where id = '${run}'`)).toHaveLength(0)
    await readImport(server, id)
    expect(await rows(`select count(*)::int as n from results where run_id = '${run}'`)).toEqual([{ n: 20_000 }])
    expect((await server.send('GET', `/api/import/${id}`)).body.metadata.run_id).toEqual([run])
  })

  it('reads what Ibutsu left pending', async () => {
    const id = randomUUID()
    await rows(`insert into imports (id, filename, format, status, data, created)
      values ('${id}', 'old.xml', '', 'pending', '{"project_id": "${project}", "metadata": null}', now())`)
    await rows(`insert into import_files (id, import_id, content) values ('${randomUUID()}', '${id}', '${XML}')`)
    await readImport(server, id)
    expect((await server.send('GET', `/api/import/${id}`, { as: 'ivy' })).body.status).toBe('done')
    expect(await rows(`select from import_files where import_id = '${id}' and content is not null`)).toHaveLength(0)
  })
})

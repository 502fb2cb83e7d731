import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runSql } from '../../helpers/database.ts'
import { importFile } from '../../helpers/imports.ts'
import { startTestServer, type TestServer } from '../../helpers/server.ts'

const fixtures = new URL('../../fixtures/junit/', import.meta.url)
const samples = readdirSync(fixtures)
  .filter((name) => name.endsWith('.xml'))
  .map((name) => name.slice(0, -4))

let server: TestServer
let project: string

beforeAll(async () => {
  server = await startTestServer({
    IMPORT_MAX_DEPTH: '20',
    IMPORT_MAX_TEXT_BYTES: '100000',
    IMPORT_MAX_ENTRIES: '2000',
  })
  project = await server.addProject('junit-project')
})
afterAll(() => server.close())

const imported = (file: string | Buffer, name = 'x.xml', fields: readonly [string, string][] = []) =>
  importFile(server, { file, name, fields: [['project', project], ...fields] })

interface Shown {
  readonly run: Record<string, unknown>
  readonly results: (Record<string, unknown> & { id: string; files: Record<string, string> })[]
}

/** What the API shows of a run, without what is different each time. */
async function shown(runId: string): Promise<Shown> {
  const {
    id: _id,
    created: _created,
    project_id: _project,
    ...run
  } = (await server.send('GET', `/api/run/${runId}`)).body
  const found = await server.send('GET', '/api/result', {
    query: [
      ['filter', `run_id=${runId}`],
      ['pageSize', '500'],
    ],
  })
  const files = await runSql<{ result_id: string; filename: string; text: string }>(
    server.databaseUrl,
    `select result_id, filename, convert_from(content, 'UTF8') as text from artifacts order by filename`,
  )
  const results = found.body.results.map((result: Record<string, unknown> & { metadata: Record<string, unknown> }) => ({
    id: result.id,
    test_id: result.test_id,
    result: result.result,
    duration: result.duration,
    source: result.source,
    metadata: Object.fromEntries(
      Object.entries(result.metadata)
        .filter(([key]) => key !== 'run')
        .sort(),
    ),
    files: Object.fromEntries(
      files.filter(({ result_id }) => result_id === result.id).map(({ filename, text }) => [filename, text]),
    ),
  }))
  results.sort((a: Shown['results'][0], b: Shown['results'][0]) => String(a.test_id).localeCompare(String(b.test_id)))
  return { run, results }
}

async function read(file: string | Buffer, name?: string, fields?: readonly [string, string][]): Promise<Shown> {
  const done = await imported(file, name, fields)
  expect(done.metadata.error).toBeUndefined()
  return shown(done.metadata.run_id[0])
}

async function refusal(file: string | Buffer): Promise<string> {
  const done = await imported(file)
  expect(done.status).toBe('error')
  return done.metadata.error
}

const cases = (inner: string, attributes = '') =>
  `<testsuites ${attributes}><testsuite name="s">${inner}</testsuite></testsuites>`

describe('files as runners write them', () => {
  it.each(samples)('%s', async (name) => {
    const { run, results } = await read(readFileSync(new URL(`${name}.xml`, fixtures)), `${name}.xml`)
    // A root without a timestamp begins when it is sent, whatever its suites say.
    if (!String(run.start_time).startsWith('2024-05-06')) run.start_time = 'sent'
    const text = JSON.stringify({ run, results: results.map(({ id: _id, ...result }) => result) }, null, 2)
    await expect(`${text}\n`).toMatchFileSnapshot(new URL(`${name}.expected.json`, fixtures).pathname)
  })

  it.each(samples)('%s: a run that others may know comes to be the same', async (name) => {
    const file = readFileSync(new URL(`${name}.xml`, fixtures))
    // The times of both are those of the file, or those at which they were sent.
    const stored = async (runId: string) =>
      runSql(
        server.databaseUrl,
        `select r.test_id, r.result, r.data - 'run' as data, r.params, r.duration, r.source, r.env, r.component,
           r.project_id, r.start_time = u.start_time as with_run, a.filename, a.content,
           a.data ->> 'resultId' = r.id::text as owned, a.data ->> 'contentType' as type,
           abs(extract(epoch from a.upload_date - now() at time zone 'utc')) < 60 as uploaded_now
         from results r join runs u on u.id = r.run_id left join artifacts a on a.result_id = r.id
         where r.run_id = '${runId}' order by r.test_id, r.data - 'run', a.filename, a.content`,
      )
    const direct = await imported(file, `${name}.xml`)
    const merged = await imported(file, `${randomUUID()}.xml`)
    const rows = await stored(direct.metadata.run_id[0])
    expect(rows.length).toBeGreaterThan(0)
    expect(await stored(merged.metadata.run_id[0])).toEqual(rows)
  })
})

describe('encodings', () => {
  const text = '<testsuite name="é"><testcase name="ü–ß"/></testsuite>'
  const declared = (encoding: string) => `<?xml version="1.0" encoding="${encoding}"?>${text}`
  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${declared('utf-8')}`)],
    ['UTF-16LE with a mark', Buffer.from(`\ufeff${declared('UTF-16')}`, 'utf16le')],
    ['UTF-16BE with a mark', Buffer.from(`\ufeff${declared('UTF-16')}`, 'utf16le').swap16()],
    ['UTF-16LE without a mark', Buffer.from(declared('UTF-16'), 'utf16le')],
    ['UTF-8 that calls itself UTF-16', Buffer.from(declared('utf-16'))],
    ['windows-1252', Buffer.from(declared('windows-1252').replace('–', '\x96'), 'latin1')],
  ])('reads %s', async (_name, file) => {
    const { results } = await read(file)
    expect(results).toMatchObject([{ test_id: 'ü–ß', source: 'é' }])
  })

  it('refuses bytes that do not fit, and names that nobody knows', async () => {
    expect(await refusal(Buffer.from(text, 'latin1'))).toBe('The file holds bytes that are no utf-8 text.')
    expect(await refusal(declared('klingon'))).toBe("The file's encoding klingon is not known.")
  })
})

describe('the run', () => {
  it('takes its id from the file name; the same file again updates and never doubles (D40)', async () => {
    const name = `junit-${randomUUID().toUpperCase()}-x.xml`
    const first = cases(
      '<testcase classname="a.B" name="t"><failure>old</failure></testcase><testcase classname="a.B" name="t"/><testcase name="u"><skipped>why</skipped></testcase>',
    )
    const before = await read(first, name)
    expect(before.results.map(({ result }) => result)).toEqual(['failed', 'passed', 'skipped'])
    expect(await read(first, name)).toEqual(before)
    const id = before.results[2]?.id
    await server.send('PUT', `/api/result/${id}`, { json: { metadata: { classification: 'mine' } } })
    const after = await read(first.replace('<failure>old</failure>', '').replace('<skipped>why</skipped>', ''), name)
    expect(after.results.map((result) => result.id)).toEqual(before.results.map((result) => result.id))
    expect(after.results.map(({ result, files }) => [result, files])).toEqual([
      ['passed', {}],
      ['passed', {}],
      ['passed', {}],
    ])
    expect(after.results[2]?.metadata).toEqual({ classification: 'mine', fspath: null, line: null })
    expect(after.run.summary).toMatchObject({ tests: 3, passes: 3, failures: 0 })
  })

  it('holds the files of several modules under one id', async () => {
    const run = randomUUID()
    await read(cases('<testcase name="a"/>', 'time="5"'), `one-${run}.xml`)
    const { run: row } = await read(
      '<testsuite name="two" time="7"><testcase name="a" time="1"/></testsuite>',
      `two-${run}.xml`,
    )
    expect(row).toMatchObject({ duration: 1, summary: { tests: 2, collected: 2 } })
  })

  it('keeps its duration until a result comes that is not of the file (D29)', async () => {
    const done = await imported(cases('<testcase name="a" time="1"/>', 'time="5.5"'))
    const [run] = done.metadata.run_id
    await server.ctx.recounts.recountNow()
    expect((await server.send('GET', `/api/run/${run}`)).body.duration).toBe(5.5)
    await server.send('POST', '/api/result', { json: { duration: 2, metadata: { project, run } } })
    await server.ctx.recounts.recountNow()
    expect((await server.send('GET', `/api/run/${run}`)).body).toMatchObject({ duration: 3, summary: { tests: 2 } })
  })

  it('takes counts from attributes only without test cases', async () => {
    const { run } = await read('<testsuites><testsuite tests="5" failures="2" skipped="1" time="3"/></testsuites>')
    expect(run).toMatchObject({
      duration: 3,
      summary: { tests: 5, failures: 2, skips: 1, passes: 2, pass_percent: 40 },
    })
    expect((await read('<testsuites/>')).run).toMatchObject({ duration: 0, summary: { tests: 0, pass_percent: 0 } })
  })

  it('lays the form over the properties', async () => {
    const file =
      '<testsuites><properties><property key="env" value="qa"/><property name="build" value="007"/><property name="" value="x"/><property name="none"/><property name="text">long</property></properties><testsuite name="s"><testcase name="t"><properties><property name="source" value="case"/><property name="__proto__" value="p"/></properties></testcase></testsuite></testsuites>'
    const { run, results } = await read(file, 'x.xml', [
      ['metadata', '{"env": "prod", "component": 7}'],
      ['source', 'ci'],
    ])
    const metadata = { env: 'prod', build: '007', none: null, text: 'long', component: 7 }
    expect(run).toMatchObject({ env: 'prod', component: '7', source: 'ci', metadata })
    expect(results[0]).toMatchObject({ source: 'case', metadata: { ...metadata, source: 'case' } })
  })

  it.each([
    ['2024-08-01T10:00:00+02:00', '2024-08-01T08:00:00Z'],
    ['2024-08-01 10:00:00', '2024-08-01T10:00:00Z'],
    ['Thu, 01 Aug 2024 10:00:00 GMT', '2024-08-01T10:00:00Z'],
    ['Thu Aug  1 10:00:00 2024', '2024-08-01T10:00:00Z'],
  ])('reads the timestamp %s', async (timestamp, expected) => {
    expect((await read(cases('', `timestamp="${timestamp}"`))).run.start_time).toBe(expected)
  })

  it('finds the project that the metadata names', async () => {
    const done = await importFile(server, {
      file: cases('<testcase name="t"/>'),
      name: 'x.xml',
      fields: [['metadata', '{"project": "junit-project"}']],
    })
    const [run] = done.metadata.run_id
    expect((await server.send('GET', `/api/run/${run}`)).body.project_id).toBe(project)
    const found = await server.send('GET', '/api/result', { query: [['filter', `run_id=${run}`]] })
    expect(found.body.results).toMatchObject([{ project_id: project }])
  })
})

describe('what is refused', () => {
  it.each([
    ['an empty file', '', 'The file is empty, or not stored any more.'],
    ['no XML', 'hello', /^The XML cannot be read, at line and column 1:/],
    ['a cut one', '<testsuite><testcase', /^The XML cannot be read/],
    ['blanks before the declaration', ' <?xml version="1.0"?><testsuite/>', /^The XML cannot be read/],
    ['a control character', '<testsuite name="&#27;"/>', /^The XML cannot be read/],
    ['an unknown entity', '<testsuite name="&nbsp;"/>', /^The XML cannot be read/],
    ['entities', '<!DOCTYPE a [<!ENTITY x "y">]><testsuite name="&x;"/>', /declares entities/],
    ['external entities', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><testsuite/>', /declares entities/],
    ['another document', '<html><body/></html>', /^This is no JUnit file/],
    ['deep nesting', '<a>'.repeat(30), /nested deeper than the limit of 20 levels/],
    [
      'a long text',
      cases(`<testcase><failure>${'x'.repeat(100_001)}</failure></testcase>`),
      /longer than the limit of 100000/,
    ],
    ['a long attribute', `<testsuite name="${'x'.repeat(200_000)}"/>`, /longer than the limit of 100000/],
    [
      'a long test case',
      cases(`<testcase>${`<failure>${'x'.repeat(99_000)}</failure>`.repeat(6)}</testcase>`),
      /longer than the limit of 400000/,
    ],
    ['too many cases', cases('<testcase/>'.repeat(2001)), /more test cases than the limit of 2000/],
    ['an unreadable timestamp', '<testsuite timestamp="tomorrow"/>', 'The timestamp tomorrow cannot be read.'],
    ['an object for a component', '<testsuite/>', null],
  ])('%s', async (_what, file, expected) => {
    if (expected === null) {
      const done = await imported(file, 'x.xml', [['metadata', '{"component": {}}']])
      expect(done.metadata.error).toBe('metadata.component must be a text')
    } else expect(await refusal(file)).toMatch(expected)
  })

  it('accepts a document type, comments, processing instructions and XML 1.1', async () => {
    const file =
      '<?xml version="1.1"?><!DOCTYPE testsuites SYSTEM "junit.dtd"><?pi x?><testsuites><!-- c --><testsuite><testcase name="t"><failure>a<!-- c -->b<?pi?>&#1;</failure></testcase></testsuite></testsuites>'
    expect((await read(file)).results[0]?.files).toEqual({ 'traceback.log': 'ab\u0001' })
  })
})

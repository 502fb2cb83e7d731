import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runSql } from '../../helpers/database.ts'
import { importFile, type TarEntry, tar, tarGz } from '../../helpers/imports.ts'
import { startTestServer, type TestServer } from '../../helpers/server.ts'

let server: TestServer
let project: string

beforeAll(async () => {
  server = await startTestServer({
    IMPORT_MAX_ENTRIES: '50',
    IMPORT_MAX_EXPANDED_BYTES: '150000000',
    IMPORT_MAX_MEMBER_BYTES: '3000000',
    IMPORT_MAX_TEXT_BYTES: '100000',
    IMPORT_MAX_NAME_LENGTH: '300',
  })
  await server.addUser('ann')
  project = await server.addProject('archive-project')
})
afterAll(() => server.close())

const imported = (file: string | Buffer, fields: readonly [string, string][] = []) =>
  importFile(server, { file, name: 'x.tar.gz', fields: [['project', project], ...fields] })

async function read(entries: readonly TarEntry[], fields?: readonly [string, string][]) {
  const done = await imported(await tarGz(entries), fields)
  expect(done.metadata.error).toBeUndefined()
  const [id] = done.metadata.run_id
  const run = (await server.send('GET', `/api/run/${id}`)).body
  const { results } = (await server.send('GET', '/api/result', { query: [['filter', `run_id=${id}`]] })).body
  const files = await runSql<{ owner: string; filename: string; text: string; id: string }>(
    server.databaseUrl,
    `select a.id, coalesce(a.result_id, a.run_id) as owner, a.filename, encode(a.content, 'escape') as text
     from artifacts a left join results r on r.id = a.result_id
     where a.run_id = '${id}' or r.run_id = '${id}' order by filename`,
  )
  return { run, results, files }
}

async function refusal(file: string | Buffer): Promise<string> {
  const done = await imported(file)
  expect(done.status).toBe('error')
  return done.metadata.error
}

const json = (value: unknown) => JSON.stringify(value)

describe('a run', () => {
  it('comes with its results and files, in any order of entries', async () => {
    const [id, one] = [randomUUID(), randomUUID()]
    const entries = [
      { name: `${id}/${one}/shots/deep/1.txt`, content: 'nested' },
      { name: `${id}/${one}/log.txt`, content: 'mine' },
      { name: `${id}/console.log`, content: 'run log' },
      {
        name: `${id}/${one}/result.json`,
        content: json({
          id: one,
          test_id: 't',
          result: 'failed',
          duration: 2,
          start_time: '2024-07-01T10:00:00+02:00',
          params: { a: '1' },
          metadata: { env: 'qa', user_properties: { sprint: '9' } },
        }),
      },
      {
        name: `${id}/run.json`,
        content: json({
          id,
          start_time: '2024-07-01T09:00:00Z',
          duration: 99,
          summary: { tests: 7, collected: 3 },
          metadata: { build: 4 },
          unknown: 1,
        }),
      },
      { name: `${id}/`, type: 'directory' as const },
    ]
    const fields = [
      ['metadata', '{"added": 1}'],
      ['source', 'ci'],
    ] as [string, string][]
    const { run, results, files } = await read(entries, fields)
    expect(run).toMatchObject({
      id,
      project_id: project,
      start_time: '2024-07-01T09:00:00Z',
      created: '2024-07-01T09:00:00Z',
      duration: 2,
      source: 'ci',
      env: 'qa',
      metadata: { build: 4, added: 1 },
      summary: { tests: 1, failures: 1, collected: 3, not_run: 2, pass_percent: 0 },
    })
    expect(results).toMatchObject([
      { id: one, test_id: 't', run_id: id, start_time: '2024-07-01T08:00:00Z', env: 'qa', params: { a: '1' } },
    ])
    expect(results[0].metadata).toEqual({ env: 'qa', sprint: '9', added: 1 })
    expect(files.map(({ owner, filename, text }) => [owner, filename, text])).toEqual([
      [id, 'console.log', 'run log'],
      [one, 'log.txt', 'mine'],
      [one, 'shots/deep/1.txt', 'nested'],
    ])
  })

  it('is updated by a second import; what that does not say stays (D9)', async () => {
    const [id, one] = [randomUUID(), randomUUID()]
    const archive = (text: string, result: object) => [
      { name: `${id}/run.json`, content: json({ id, start_time: '2024-07-01T09:00:00Z', metadata: { a: { b: 1 } } }) },
      { name: `${id}/${one}/result.json`, content: json({ id: one, test_id: 't', ...result }) },
      { name: `${id}/${one}/log.txt`, content: text },
    ]
    const before = await read(
      archive('old', { result: 'failed', source: 's', start_time: '2024-07-01T10:00:00', metadata: { x: 1, y: 1 } }),
    )
    await server.send('PUT', `/api/run/${id}`, { json: { metadata: { a: { c: 2 } } } })
    await server.send('PUT', `/api/result/${one}`, { json: { metadata: { classification: 'mine' } } })
    const after = await read(archive('new', { result: 'passed', metadata: { x: 2, y: null } }))
    expect(after.run).toMatchObject({ metadata: { a: { b: 1, c: 2 } }, summary: { tests: 1, passes: 1, failures: 0 } })
    expect(after.results).toMatchObject([
      { id: one, result: 'passed', source: 's', start_time: '2024-07-01T10:00:00Z' },
    ])
    expect(after.results[0].metadata).toEqual({ x: 2, y: 1, classification: 'mine' })
    expect(after.files).toEqual([{ ...before.files[0], text: 'new' }])
  })

  it('is made from its results when there is no run.json (D10)', async () => {
    const [id, one] = [randomUUID(), randomUUID()]
    const { run, results } = await read([
      { name: `./${id}/${one}/result.json`, content: json({ result: 'failed', start_time: '2024-07-01T10:00:00' }) },
    ])
    expect(run).toMatchObject({ id, start_time: '2024-07-01T10:00:00Z', summary: { failures: 1, tests: 1 } })
    expect(results).toMatchObject([{ id: one, metadata: {}, params: null }].map(({ params: _params, ...rest }) => rest))
  })

  it('takes results away from another run, which is counted again', async () => {
    const [first, second, one] = [randomUUID(), randomUUID(), randomUUID()]
    const entries = (id: string, ...results: string[]) =>
      results.map((result) => ({ name: `${id}/${result}/result.json`, content: json({ result: 'failed' }) }))
    await read(entries(first, one, randomUUID()))
    await read(entries(second, one))
    await server.ctx.recounts.recountNow()
    const counts = async (id: string) => (await server.send('GET', `/api/run/${id}`)).body.summary.tests
    expect([await counts(first), await counts(second)]).toEqual([1, 1])
  })

  it('keeps files that belong to no result', async () => {
    const [id, one] = [randomUUID(), randomUUID()]
    const { files } = await read([
      { name: `${id}/shots/a.png`, content: 'a' },
      { name: `${id}/${one}/b.txt`, content: 'b' },
    ])
    expect(files.map(({ owner, filename }) => [owner, filename])).toEqual(
      [
        [id, `${one}/b.txt`],
        [id, 'shots/a.png'],
      ].sort((a, b) => String(a[1]).localeCompare(String(b[1]))),
    )
  })

  it('keeps large files whole, doubled ones once, and reads links within', async () => {
    const id = randomUUID()
    const large = 'abc'.repeat(300_000)
    const { files } = await read([
      { name: `${id}/one.txt`, content: 'first' },
      { name: `${id}/one.txt`, content: 'second' },
      { name: `${id}/large.txt`, content: large },
      { name: `${id}/sub/link.txt`, type: 'symlink', linkname: '../one.txt' },
      { name: `${id}/hard.txt`, type: 'link', linkname: `${id}/large.txt` },
      { name: `${id}/empty.txt` },
      { name: `${id}/._one.txt`, content: 'macOS' },
    ])
    expect(files.map(({ filename, text }) => [filename, text.length])).toEqual([
      ['empty.txt', 0],
      ['hard.txt', 900_000],
      ['large.txt', 900_000],
      ['one.txt', 6],
      ['sub/link.txt', 6],
    ])
    expect(files[2]?.text).toBe(large)
  })

  it('has long names', async () => {
    const id = randomUUID()
    const name = `${'n'.repeat(120)}/ü${'m'.repeat(100)}.txt`
    const { files } = await read([{ name: `${id}/${name}`, content: 'x' }])
    expect(files.map(({ filename }) => filename)).toEqual([name])
  })

  it('is read as pytest-ibutsu writes it', async () => {
    const captured = new URL('../../fixtures/pytest-ibutsu.tar.gz', import.meta.url)
    const done = await imported(readFileSync(captured))
    expect(done.metadata.error).toBeUndefined()
    const { summary } = (await server.send('GET', `/api/run/${done.metadata.run_id[0]}`)).body
    expect(summary.tests).toBeGreaterThan(0)
  })
})

describe('compression', () => {
  const entries = () => [{ name: `${randomUUID()}/log.txt`, content: 'x'.repeat(100_000) }]
  it.each([
    ['plain tar', (data: Buffer) => data],
    ['zstd', (data: Buffer) => zstdCompressSync(data)],
    [
      'gzip in two members',
      (data: Buffer) => Buffer.concat([gzipSync(data.subarray(0, 700)), gzipSync(data.subarray(700))]),
    ],
  ])('reads %s', async (_name, compress) => {
    expect((await imported(compress(await tar(entries())))).status).toBe('done')
  })

  it.each([
    ['bzip2', [0x42, 0x5a, 0x68, 0x39]],
    ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
    ['zip', [0x50, 0x4b, 0x03, 0x04]],
  ])('says that %s is not read (D47)', async (name, bytes) => {
    expect(await refusal(Buffer.from([...bytes, 1, 2, 3]))).toBe(
      `The archive is compressed with ${name}; gzip, zstd and plain tar can be read.`,
    )
  })
})

describe('what is refused', () => {
  const id = '00000000-0000-4000-8000-0000000000c1'
  const file = (name: string, content: string | Buffer = 'x'): TarEntry => ({ name, content })
  it.each<[string, readonly TarEntry[], RegExp]>([
    ['no files', [{ name: `${id}/`, type: 'directory' }], /holds no run/],
    ['a folder that is no id', [file('not-a-uuid/result.json', '{}')], /in no folder that is named by a run's id/],
    ['a file outside', [file('run.json', '{}')], /in no folder/],
    ['a name that leads out', [file(`${id}/../../etc/passwd`)], /leads out of it/],
    ['an absolute name', [file(`/${id}/x`)], /absolute name/],
    ['a device', [{ name: `${id}/null`, type: 'character-device' }], /is a character-device/],
    ['a pipe', [{ name: `${id}/pipe`, type: 'fifo' }], /is a fifo/],
    ['a link that leads out', [{ name: `${id}/passwd`, type: 'symlink', linkname: '../../etc/passwd' }], /points out/],
    ['an absolute link', [{ name: `${id}/passwd`, type: 'symlink', linkname: '/etc/passwd' }], /points out/],
    ['a link to nothing', [{ name: `${id}/a`, type: 'symlink', linkname: 'b' }], /points to no file/],
    ['a run.json that is a link', [{ name: `${id}/run.json`, type: 'symlink', linkname: 'b' }], /is a link/],
    ['a sparse file', [{ name: `${id}/a`, content: 'x', pax: { 'GNU.sparse.major': '1' } }], /is a sparse file/],
    ['a long name', [file(`${id}/${'n'.repeat(300)}`)], /longer than the limit of 300/],
    ['too many entries', Array.from({ length: 51 }, (_, n) => file(`${id}/${n}`)), /more entries than the limit of 50/],
    ['a large file', [file(`${id}/x`, Buffer.alloc(3_000_001))], /larger than the limit of 3000000 bytes/],
    ['a large result.json', [file(`${id}/${id}/result.json`, ' '.repeat(100_001))], /larger than the limit of 100000/],
    ['broken JSON', [file(`${id}/run.json`, '{"id":')], /run.json is not valid JSON/],
    ['JSON that is a list', [file(`${id}/${id}/result.json`, '[]')], /is no JSON object/],
    ['an empty run.json', [file(`${id}/run.json`, '')], /is empty/],
    ['an id that is none', [file(`${id}/run.json`, '{"id": "x"}')], /is no UUID/],
    ['no id at all', [file(`${id}/x/result.json`, '{}')], /has an id that is a UUID/],
    ['an outcome that is none', [file(`${id}/${id}/result.json`, '{"result": "great"}')], /is none that there is/],
    [
      'a time that is none',
      [file(`${id}/${id}/result.json`, '{"start_time": "now"}')],
      /start_time in .* is not an ISO 8601/,
    ],
    ['metadata that is a list', [file(`${id}/run.json`, '{"metadata": []}')], /metadata in .* is not an object/],
  ])('%s', async (_what, entries, reason) => {
    expect(await refusal(await tarGz(entries))).toMatch(reason)
  })

  it('no archive, broken ones, bombs', async () => {
    expect(await refusal('hello')).toMatch(/^This is no tar archive that can be read/)
    expect(await refusal('')).toBe('The file is empty, or not stored any more.')
    const good = await tarGz([
      file(`${id}/log.txt`, Buffer.from(Array.from({ length: 50_000 }, (_, n) => (n * n) % 251))),
    ])
    expect(await refusal(good.subarray(0, good.length - 100))).toMatch(/gzip data of the archive is broken/)
    expect(await refusal((await tar([file(`${id}/log.txt`)])).subarray(0, 700))).toMatch(/Unexpected end of data/)
    expect(await refusal(gzipSync(Buffer.alloc(100_000_000)))).toMatch(/more than the limit of 200 times its size/)
  })
})

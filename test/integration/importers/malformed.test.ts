import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runSql } from '../../helpers/database.ts'
import { importFile, type TarEntry, tar } from '../../helpers/imports.ts'
import { startTestServer, type TestServer } from '../../helpers/server.ts'

/** The same 200 files in every run: a small generator with a fixed seed (mulberry32). */
function createRandom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

interface Malformed {
  readonly what: string
  readonly name: string
  readonly file: Buffer
}

const sample = readFileSync(new URL('../../fixtures/junit/surefire.xml', import.meta.url))
const archive = readFileSync(new URL('../../fixtures/pytest-ibutsu.tar.gz', import.meta.url))
const run = '00000000-0000-4000-8000-0000000000f1'
const EACH = 20

async function makeFiles(): Promise<Malformed[]> {
  const random = createRandom(20_261_122)
  const files: Malformed[] = []
  const xml = (what: string, file: string | Buffer) =>
    files.push({ what, name: 'x.xml', file: Buffer.from(file as string) })
  const packed = (what: string, file: Buffer) => files.push({ what, name: 'x.tar.gz', file })
  const entries = async (what: string, ...list: TarEntry[]) => packed(what, gzipSync(await tar(list)))
  for (let n = 0; n < EACH; n++) {
    // Not within the last tag and what follows it: those may be cut off without harm.
    xml('XML that is cut off', sample.subarray(0, 1 + random(sample.length - 20)))
    packed('an archive that is cut off', archive.subarray(0, 3 + random(archive.length - 20)))
    xml('XML with a flipped bracket', flip(sample, '<>'.charCodeAt(n % 2), random))
    xml('XML of the wrong encoding', wrongEncoding(random))
    xml('absurd nesting', '<testsuite>'.repeat(101 + random(200_000)))
    xml(
      'entities',
      `<!DOCTYPE a [<!ENTITY a "${'x'.repeat(1 + random(500))}">${bomb(random(20))}]><testsuite name="&a;"/>`,
    )
    await entries('a name that leads out', { name: oddName(random), content: 'x' })
    await entries('a link or device', oddEntry(random))
    packed('a bomb', gzipSync(Buffer.alloc(6_000_000 + random(9_000_000)), { level: 1 }))
    packed('noise', noise(random))
  }
  return files
}

function flip(source: Buffer, byte: number, random: (below: number) => number): Buffer {
  const places = [...source.keys()].filter((at) => source[at] === byte)
  const copy = Buffer.from(source)
  copy[places[random(places.length)] ?? 0] = '&'.charCodeAt(0)
  return copy
}

function wrongEncoding(random: (below: number) => number): Buffer {
  const body = '<testsuite name="grün"/>'
  const kinds = [
    Buffer.from(`<?xml version="1.0" encoding="utf-8"?>${body}`, 'latin1'),
    Buffer.from(`<?xml version="1.0" encoding="x-none-${random(1000)}"?>${body}`),
    Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(body)]),
    Buffer.from([0xfe, 0xff, 0xd8, 0x00, 0x00, random(256)]),
  ]
  return kinds[random(kinds.length)] as Buffer
}

function bomb(levels: number): string {
  return Array.from({ length: levels }, (_, n) => `<!ENTITY b${n} "${`&b${n - 1};`.repeat(10)}">`).join('')
}

function oddName(random: (below: number) => number): string {
  const names = [
    `${run}/../x`,
    `../${run}/x`,
    `/${run}/x`,
    `/etc/passwd`,
    'x',
    `no-run/${random(9)}`,
    `${run}/a/../../../b`,
  ]
  return names[random(names.length)] as string
}

function oddEntry(random: (below: number) => number): TarEntry {
  const name = `${run}/odd`
  const kinds: TarEntry[] = [
    { name, type: 'symlink', linkname: '/etc/passwd' },
    { name, type: 'symlink', linkname: `${'../'.repeat(1 + random(9))}etc/passwd` },
    { name, type: 'link', linkname: '../x' },
    { name, type: 'link', linkname: `${run}/missing-${random(9)}` },
    { name, type: 'character-device' },
    { name, type: 'fifo' },
    { name, content: 'x', pax: { 'GNU.sparse.major': '1' } },
  ]
  return kinds[random(kinds.length)] as TarEntry
}

function noise(random: (below: number) => number): Buffer {
  const bytes = Buffer.from(Array.from({ length: 1 + random(3000) }, () => random(256)))
  return random(2) === 0 ? bytes : gzipSync(bytes)
}

let server: TestServer
let project: string

beforeAll(async () => {
  server = await startTestServer({ IMPORT_MAX_EXPANDED_BYTES: '5000000' })
  project = await server.addProject('malformed-project')
})
afterAll(() => server.close())

describe('200 malformed files', () => {
  it('end in an error that says why, quickly, and leave nothing behind', { timeout: 120_000 }, async () => {
    const files = await makeFiles()
    expect(files).toHaveLength(10 * EACH)
    const wrong: unknown[] = []
    for (const { what, name, file } of files) {
      const began = performance.now()
      const { status, metadata } = await importFile(server, { file, name, fields: [['project', project]] })
      const seconds = (performance.now() - began) / 1000
      if (status !== 'error' || !metadata.error || seconds > 10) wrong.push({ what, status, metadata, seconds })
    }
    expect(wrong).toEqual([])
    const [left] = await runSql(
      server.databaseUrl,
      `select (select count(*)::int from runs) as runs, (select count(*)::int from results) as results,
         (select count(*)::int from artifacts) as artifacts, (select count(*)::int from import_chunks) as chunks`,
    )
    expect(left).toEqual({ runs: 0, results: 0, artifacts: 0, chunks: 0 })
    const good = await importFile(server, { file: sample, name: `${randomUUID()}.xml`, fields: [['project', project]] })
    expect(good.status).toBe('done')
  })
})

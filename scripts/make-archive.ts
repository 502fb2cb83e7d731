/**
 * Writes a large Ibutsu archive for measurements: `node scripts/make-archive.ts <file> [results] [bytes]` (20,000 results
 * and 900 MB). Each result has a log and a picture, one in 200 a film of 1 MB; pictures and films do not compress.
 */
import { hash, randomFillSync } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { pack } from 'tar-stream'

const [, , file = 'archive.tar.gz', count = '20000', size = '900000000'] = process.argv
const total = Number(count)
const FILM_BYTES = 1024 * 1024
const LOG = 'a line of output\n'.repeat(200)
const films = Math.ceil(total / 200)
const pictureBytes = Math.max(100, Math.floor((Number(size) - films * FILM_BYTES) / total))
const noise = randomFillSync(Buffer.alloc(FILM_BYTES + pictureBytes + 7919))

const tar = pack()
const run = idOf('run')
const outcomes = ['passed', 'passed', 'passed', 'failed', 'skipped', 'passed', 'error', 'passed']

function idOf(name: string): string {
  const hex = hash('sha256', `${process.pid} ${name}`, 'hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** Resolves when there is room for the next entry. */
const add = (name: string, content: string | Buffer) =>
  new Promise<void>((resolve, reject) =>
    tar.entry({ name: `${run}/${name}` }, content, (error) => (error ? reject(error) : resolve())),
  )

async function fill(): Promise<void> {
  await add('run.json', JSON.stringify({ id: run, metadata: { made: true }, start_time: '2024-05-06T07:08:09' }))
  for (let n = 0; n < total; n++) {
    const id = idOf(String(n))
    const at = (n * 6151) % 7919
    const result = {
      id,
      run_id: run,
      test_id: `TestShop.test_number_${n}`,
      result: outcomes[n % outcomes.length],
      duration: (n % 90) / 100,
      start_time: '2024-05-06T07:08:09',
      metadata: { fspath: `shop/module_${n % 300}.py`, line: n * 3 + 1, tags: ['made', `tag-${n % 5}`] },
      params: { size: n % 7 },
    }
    await add(`${id}/result.json`, JSON.stringify(result))
    await add(`${id}/log.txt`, LOG)
    await add(`${id}/picture.png`, noise.subarray(at, at + pictureBytes))
    if (n % 200 === 0) await add(`${id}/film.webm`, noise.subarray(at, at + FILM_BYTES))
  }
  tar.finalize()
}

await Promise.all([fill(), pipeline(tar, createGzip({ level: 1 }), createWriteStream(file))])

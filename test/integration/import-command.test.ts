import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { barLine, runImportCommand } from '../../src/commands/import.ts'
import { type JobWorker, startJobWorker } from '../../src/jobs/job-worker.ts'
import { startTestServer, type TestServer } from '../helpers/server.ts'

let server: TestServer
let worker: JobWorker
let folder: string

beforeAll(async () => {
  server = await startTestServer()
  worker = startJobWorker(server.ctx, {})
  folder = await mkdtemp(join(tmpdir(), 'ibutsu-import-'))
  await server.addProject('command-project')
  await writeFile(
    join(folder, 'good.xml'),
    '<testsuites tests="1"><testsuite><testcase name="t"/></testsuite></testsuites>',
  )
  await writeFile(join(folder, 'bad.xml'), '<testsuite')
  await writeFile(join(folder, 'notes.txt'), 'x')
})
afterAll(async () => {
  await worker.stop(0)
  await server.close()
  await rm(folder, { recursive: true })
})

async function run(...argv: string[]) {
  const written = { out: '', bar: '' }
  const sink = (key: 'out' | 'bar') => ({
    isTTY: true,
    write: (text: string) => {
      written[key] += text
    },
  })
  const code = await runImportCommand(argv, { out: sink('out'), bar: sink('bar') })
  return { code, ...written }
}

const file = (name: string) => join(folder, name)
const where = async () => ['--url', `${server.url}/api/`, '--token', await server.token('admin')]

describe('start.js import', () => {
  it('sends a file and waits for its run', async () => {
    const { code, out, bar } = await run(
      file('good.xml'),
      '--project',
      'command-project',
      '--source',
      'cli',
      ...(await where()),
    )
    expect([code, out]).toEqual([0, expect.stringMatching(/good\.xml: run [0-9a-f-]{36}\n$/)])
    expect(bar).toContain('100 % sent')
    const id = out.trim().slice(-36)
    expect((await server.send('GET', `/api/run/${id}`)).body).toMatchObject({ source: 'cli', summary: { tests: 1 } })
  })

  it('goes on after a file that fails, and says so', async () => {
    const { code, out } = await run(
      ...['bad.xml', 'notes.txt', 'missing.xml', 'good.xml'].map(file),
      ...['--project', 'command-project', ...(await where())],
    )
    expect(code).toBe(1)
    const lines = out.trim().split('\n')
    expect(lines[0]).toMatch(/bad\.xml: failed: The XML cannot be read/)
    expect(lines[1]).toMatch(/notes\.txt: failed: 415 Unsupported Media Type/)
    expect(lines[2]).toMatch(/missing\.xml: failed: ENOENT/)
    expect(lines[3]).toMatch(/good\.xml: run /)
  })

  it('names a server that is not there', async () => {
    const { code, out } = await run(file('good.xml'), '--project', 'p', '--token', 't', '--url', 'http://127.0.0.1:9')
    expect([code, out]).toEqual([1, expect.stringMatching(/failed: fetch failed: /)])
  })

  it.each([
    [['--project', 'p', '--token', 't'], 'name at least one file'],
    [['a.xml', '--token', 't'], '--project says'],
    [['a.xml', '--project', 'p'], '--token or IBUTSU_TOKEN'],
    [['a.xml', '--project', 'p', '--token', 't', '--url', '::'], 'is no address'],
    [['a.xml', '--what'], "Unknown option '--what'"],
  ])('refuses %j', async (argv, reason) => {
    await expect(run(...argv)).rejects.toThrow(reason)
  })
})

describe('barLine', () => {
  it('shows a share, or a count', () => {
    expect(barLine('a.xml', 'sent', 1, 2)).toBe('a.xml  [###############...............]  50 % sent')
    expect(barLine('a.xml', 'sent', 0, 0)).toBe('a.xml  [##############################]  100 % sent')
    expect(barLine('a.xml', 'read', 7, null)).toBe('a.xml  7 results read')
  })
})

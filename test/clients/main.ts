/*
 * `npm run test:clients`: the official clients, installed from PyPI, against the server as a user starts it.
 * pytest-ibutsu uploads a session, the official Python client reads it back, and every value is compared; then the same
 * session is sent again, and a second session with the same run id follows. Last, every method of the Python client is
 * called. The rules are in contract/clients.md.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApiClient, logIn } from '../../scripts/demo/api-client.ts'
import { type LocalServer, startLocalServer, superadmin } from './local-server.ts'
import { NotInstalledError, prepareVenv } from './venv.ts'

const here = import.meta.dirname
const venvFolder = join(here, '../../.cache/clients-venv')
const runId = '5e551041-0000-4000-8000-00000000c11e'
const member = { email: 'ci@example.com', password: 'ci-password', name: 'CI engineer' }
const project = 'web-shop'

type Environment = Readonly<Record<string, string | undefined>>

async function main(): Promise<number> {
  say('clients: installing')
  const python = await prepareVenv(venvFolder, join(here, 'requirements.txt'))
  const folder = await mkdtemp(join(tmpdir(), 'ibutsu-clients-'))
  // As root, PostgreSQL runs as another user, who must be able to enter.
  await chmod(folder, 0o755)
  try {
    return await testAgainstServer(python, folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function testAgainstServer(python: string, folder: string): Promise<number> {
  say('clients: starting a server')
  const server = await startLocalServer(folder)
  const stopped = new AbortController()
  const onSignal = () => stopped.abort()
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal)
  try {
    const token = await makeAccount(server.url)
    const env = clientEnvironment(server, token)
    const good = await testClients(python, folder, env, stopped.signal)
    if (!good) say(`the server's complaints:\n${await server.complaints()}`)
    return good ? 0 : 1
  } catch (error) {
    if (!stopped.signal.aborted) say(`the server's complaints:\n${await server.complaints()}`)
    throw error
  } finally {
    await server.stop()
  }
}

/** A member with a project and an API token of its own, made the way the web pages do it; gives the token. */
async function makeAccount(url: string): Promise<string> {
  const admin = await logIn(url, superadmin)
  await admin.call('POST', '/admin/user', { json: { ...member, is_active: true } })
  const api = await logIn(url, { email: member.email, password: member.password })
  await api.call('POST', '/project', { json: { name: project, title: 'Web shop' } })
  const expires = new Date(Date.now() + 24 * 3600 * 1000).toISOString()
  const { token } = await api.call<{ token: string }>('POST', '/user/token', { json: { name: 'ci', expires } })
  await createApiClient(url, token).call('GET', '/user')
  return token
}

/** Nothing of our own environment may steer pytest or the plugin. */
function clientEnvironment({ url, frontendUrl, log }: LocalServer, token: string): Environment {
  return {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    LANG: 'C.UTF-8',
    PYTHONDONTWRITEBYTECODE: '1',
    CLIENTS_URL: url,
    CLIENTS_TOKEN: token,
    CLIENTS_EMAIL: member.email,
    CLIENTS_ADMIN: superadmin.email,
    CLIENTS_ADMIN_PASSWORD: superadmin.password,
    CLIENTS_FRONTEND: frontendUrl,
    CLIENTS_LOG: log,
    CLIENTS_PROJECT: project,
    JOB_NAME: 'shop-nightly',
    BUILD_NUMBER: '42',
    BUILD_URL: 'https://jenkins.example.com/job/shop-nightly/42/',
    IBUTSU_ENV_ID: 'env-7',
  }
}

async function testClients(python: string, folder: string, env: Environment, signal: AbortSignal): Promise<boolean> {
  const first = await makeFolder(folder, 'first')
  const later = await makeFolder(folder, 'later')
  const work = await makeFolder(folder, 'work')
  const step = (script: string, ...args: string[]) =>
    run(python, [join(here, 'python', script), ...args], { cwd: folder, env, signal })
  const session = (out: string, ...args: string[]) =>
    runSession(python, { ...env, CLIENTS_OUT: out }, work, signal, args)

  await cp(join(here, 'session'), work, { recursive: true })
  say('\n1. pytest-ibutsu uploads a session of two workers')
  const uploaded = await session(first, '-n', '2')
  say('\n2. the Python client reads it back')
  const same = uploaded && (await step('compare.py', 'first', first))
  say('\n3. the same session is sent again')
  const readable = existsSync(join(first, 'snapshot.json'))
  const again = readable && (await step('resend.py', first)) && (await step('compare.py', 'again', first))
  say('\n4. a second session with the same run id')
  await cp(join(here, 'session-later'), work, { recursive: true })
  const continued =
    readable && (await session(later, 'test_later.py')) && (await step('compare.py', 'later', first, later))

  say('\n5. every method of the Python client')
  const complete = await step('every_method.py')

  const sent = await countSent(first)
  const good = same && again && continued && complete
  const verdict = good ? `${sent} read back equal, sent twice without a change, every method works` : 'see WRONG above'
  say(`\nclients: ${sent} tests sent, ${verdict}`)
  return good
}

/** Runs pytest with the plugin in server mode; true when it ran to its end and the plugin reports the upload. */
async function runSession(
  python: string,
  env: Environment,
  cwd: string,
  signal: AbortSignal,
  args: readonly string[],
): Promise<boolean> {
  const options = ['--ibutsu', env.CLIENTS_URL, '--ibutsu-token', env.CLIENTS_TOKEN, '--ibutsu-project', project]
  const data = ['component=frontend', 'env=staging', 'build.commit=1f3a9c'].flatMap((pair) => ['--ibutsu-data', pair])
  const all = ['-m', 'pytest', ...options, ...data, '--ibutsu-source', 'nightly', '--ibutsu-run-id', runId, ...args]
  const child = spawn(python, all as string[], { cwd, env, signal, stdio: ['ignore', 'pipe', 'pipe'] })
  const output: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk))
  const [code] = (await once(child, 'close')) as [number | null]
  const text = Buffer.concat(output).toString()
  const totals = /^=*\s*(\d+ .* in [\d.]+s.*?)\s*=*$/m.exec(text)?.[1]
  // 0 and 1 are pytest's codes for a session that ran, without and with failures.
  const good = (code === 0 || code === 1) && text.includes('Results uploaded to') && !text.includes('API call failed')
  say(`  ${good ? 'ok   ' : 'WRONG'}  pytest: ${totals ?? `ended with ${code}`}`)
  if (!good) say(text.slice(-6_000))
  return good
}

async function run(
  command: string,
  args: readonly string[],
  options: { cwd: string; env: Environment; signal: AbortSignal },
): Promise<boolean> {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'inherit', 'inherit'] })
  const [code] = (await once(child, 'close')) as [number | null]
  return code === 0
}

async function makeFolder(parent: string, name: string): Promise<string> {
  const folder = join(parent, name)
  await mkdir(folder)
  return folder
}

async function countSent(out: string): Promise<number> {
  const text = await readFile(join(out, 'sent.json'), 'utf8').catch(() => '{"results": []}')
  return (JSON.parse(text) as { results: unknown[] }).results.length
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

try {
  process.exitCode = await main()
} catch (error) {
  if (error instanceof NotInstalledError) {
    say(`clients: did not run: ${error.message}`)
    // A build machine must not pass without having tested.
    process.exitCode = process.env.CI === 'true' ? 1 : 0
  } else if (error instanceof Error && error.name === 'AbortError') {
    say('clients: interrupted')
    process.exitCode = 130
  } else {
    throw error
  }
}

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ApiFailure, logIn } from './demo/api-client.ts'
import { demoProject, type Filled, fillDemo } from './demo/fill.ts'
import { addMember, member } from './demo/member.ts'
import { components } from './demo/suite.ts'

const USAGE = `npm run demo -- [--url http://127.0.0.1:8080] [--email E --password P] [--data-dir ./data] [--member-password P]
  Fills a running server with a believable project through its API: ${demoProject.name}, 30 nightly runs.
  What is there already stays as it is. Without --password: IBUTSU_SUPERADMIN_PASSWORD, else what the embedded start
  keeps in the data folder. --member-password gives the project's member ${member.email} a password.
`

/** Runs the command: 0 done, 1 it failed, 2 wrong arguments. */
async function main(argv: readonly string[]): Promise<number> {
  const options = readOptions(argv)
  if (!options) return 2
  if (options.help) return say(USAGE)
  const url = options.url.replace(/\/+$/, '').replace(/\/api$/, '')
  const password =
    options.password ?? process.env.IBUTSU_SUPERADMIN_PASSWORD ?? (await keptPassword(options['data-dir']))
  if (password === undefined) {
    process.stderr.write(
      `no password: give --email and --password, or --data-dir of the server's data folder\n\n${USAGE}`,
    )
    return 2
  }
  const begun = performance.now()
  const api = await logIn(url, { email: options.email, password })
  const filled = await fillDemo(api, Date.now())
  const joined = await addMember(api, filled.projectId, options['member-password'])
  return say(report(url, filled, joined, (performance.now() - begun) / 1000))
}

function readOptions(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        url: { type: 'string', default: 'http://127.0.0.1:8080' },
        email: { type: 'string', default: process.env.IBUTSU_SUPERADMIN_EMAIL ?? 'admin@example.com' },
        password: { type: 'string' },
        'data-dir': { type: 'string', default: process.env.DATA_DIR ?? './data' },
        'member-password': { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}`)
    return undefined
  }
}

/** The superadmin's password that the embedded start made (src/commands/local-secrets.ts). */
async function keptPassword(dataDir: string): Promise<string | undefined> {
  const text = await readFile(join(dataDir, 'secrets.json'), 'utf8').catch(() => '{}')
  return (JSON.parse(text) as { superadminPassword?: string }).superadminPassword
}

function report(url: string, filled: Filled, joined: boolean, seconds: number): string {
  const { sent, kept, firstNight, lastNight, projectId } = filled
  const result = (filter: string) => `${url}/api/result?filter=project_id=${projectId}&filter=${filter}`
  return `
  Project ${demoProject.name} (${projectId}): ${components.join(', ')}
  30 nightly runs, ${firstNight} to ${lastNight}: ${sent.runs} sent, ${kept} there already
  ${sent.results} results and ${sent.files} files sent in ${seconds.toFixed(1)} s
  ${joined ? `${member.email} is a member` : 'no member added: only a superadmin can make accounts'}

  Where to look (with your token, or in ${url}/api/ui/):
    the runs           ${url}/api/run?filter=project_id=${projectId}
    broken 3 days ago  ${result('test_id=TestVoucher.test_happy_path')}
    flaky              ${result('test_id=TestThreeDSecure.test_happy_path')}
    slower each night  ${result('test_id=TestIndexRebuild.test_happy_path')}
    the bad night      ${result('result=error')}

`
}

function say(text: string): number {
  process.stdout.write(text)
  return 0
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  const cause = error instanceof TypeError && error.cause instanceof Error ? `: ${error.cause.message}` : ''
  if (!(error instanceof ApiFailure || cause)) throw error
  process.stderr.write(`the demo failed: ${(error as Error).message}${cause}\n`)
  process.exitCode = 1
}

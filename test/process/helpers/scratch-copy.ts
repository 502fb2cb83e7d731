import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { eventually } from '../../helpers/server.ts'

const ROOT = resolve(import.meta.dirname, '../../..')
const PARTS = [
  ...['openapi', 'generated', 'src', 'scripts', 'test', 'package.json', 'tsconfig.json', 'biome.json'],
  ...['.gitignore', '.dependency-cruiser.mjs', 'vitest.config.ts', 'LICENSE'],
]

export interface Ended {
  readonly code: number
  /** What it wrote, to both streams. */
  readonly text: string
}

/** A copy of the checkout with a git history of one commit; it shares the installed packages. */
export interface ScratchCopy {
  readonly folder: string
  /** Runs a line in a shell, as a contributor would. */
  shell(line: string, env?: NodeJS.ProcessEnv): Promise<Ended>
  edit(path: string, change: (text: string) => string): void
  remove(): void
}

export async function makeScratchCopy(): Promise<ScratchCopy> {
  const folder = mkdtempSync(join(tmpdir(), 'ibutsu-scratch-'))
  // As root, the embedded PostgreSQL runs as another user.
  chmodSync(folder, 0o755)
  for (const part of PARTS) {
    if (existsSync(join(ROOT, part))) cpSync(join(ROOT, part), join(folder, part), { recursive: true })
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  const shell = (line: string, env: NodeJS.ProcessEnv = {}) => runShell(line, folder, env)
  const author = '-c user.name=test -c user.email=test@example.com -c commit.gpgsign=false'
  const { code, text } = await shell(`git init -q . && git add -A && git ${author} commit -q -m start`)
  if (code !== 0) throw new Error(`git: ${text}`)
  return {
    folder,
    shell,
    edit: (path, change) => writeFileSync(join(folder, path), change(readFileSync(join(folder, path), 'utf8'))),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** The environment of a fresh terminal: this test run's own settings would confuse another. */
export function terminalEnv(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_ENV|TEST|DEV|PROD|MODE|npm_)/.test(name))
  const path = `${join(ROOT, 'node_modules/.bin')}:${process.env.PATH ?? ''}`
  return { ...Object.fromEntries(kept), PATH: path, NO_COLOR: '1', ...extra }
}

function runShell(line: string, cwd: string, env: NodeJS.ProcessEnv): Promise<Ended> {
  return new Promise((done) => {
    execFile('sh', ['-c', line], { cwd, env: terminalEnv(env), maxBuffer: 64e6 }, (error, stdout, stderr) => {
      done({ code: error ? (typeof error.code === 'number' ? error.code : 1) : 0, text: stdout + stderr })
    })
  })
}

export interface DevServer {
  readonly url: string
  readonly output: () => string
  /** Waits for its first answer. Throws with its output when there is none in a minute. */
  untilUp(): Promise<void>
  /** Ctrl-C; gives the exit code. */
  interrupt(): Promise<number | null>
  kill(): Promise<void>
}

/** `npm run dev` in a copy; its output is kept. */
export function startDev(folder: string, port: number, env: NodeJS.ProcessEnv): DevServer {
  const child = spawn(process.execPath, ['scripts/dev.ts'], {
    cwd: folder,
    env: terminalEnv({ HOST: '127.0.0.1', PORT: String(port), ACCESS_LOG: 'false', ...env }),
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own, as a terminal gives it: Ctrl-C reaches all of it.
    detached: true,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk
    })
  }
  const gone = once(child, 'exit')
  const signalAll = (signal: NodeJS.Signals) => {
    try {
      process.kill(-(child.pid ?? 0), signal)
    } catch {
      // It is gone already.
    }
  }
  return {
    url: `http://127.0.0.1:${port}`,
    output: () => output,
    async untilUp() {
      const ask = () => fetch(`http://127.0.0.1:${port}/api/health`, { headers: { connection: 'close' } })
      const isUp = await eventually(
        () =>
          ask().then(
            ({ ok }) => ok,
            () => false,
          ),
        Boolean,
        60_000,
      )
      if (!isUp) throw new Error(`npm run dev does not answer:\n${output}`)
    },
    async interrupt() {
      signalAll('SIGINT')
      const [code] = await gone
      return code
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return
      signalAll('SIGTERM')
      await gone
    },
  }
}

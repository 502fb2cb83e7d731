import { type ChildProcess, spawn } from 'node:child_process'
import { eventually } from '../helpers/server.ts'

/** A program under test that has been started, and what it has said so far. */
export interface Program {
  readonly child: ChildProcess
  stdout(): string
  stderr(): string
  /** Waits until a text matches; throws with all that was said when it does not come. */
  waitFor(stream: 'stdout' | 'stderr', pattern: RegExp): Promise<void>
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>
  /** Kills it if it still runs. */
  end(): Promise<void>
}

export function startProgram(
  [command, args]: readonly [string, readonly string[]],
  env: NodeJS.ProcessEnv = process.env,
): Program {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env })
  const said = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => {
    said.stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    said.stderr += chunk
  })
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'SIGKILL'))
  })
  return {
    child,
    ended,
    stdout: () => said.stdout,
    stderr: () => said.stderr,
    async waitFor(stream, pattern) {
      const found = await eventually(async () => pattern.test(said[stream]) || child.exitCode !== null, Boolean, 15_000)
      if (found && pattern.test(said[stream])) return
      throw new Error(`${pattern} did not come on ${stream}.\nstdout: ${said.stdout}\nstderr: ${said.stderr}`)
    },
    async end() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
      await ended
    },
  }
}

/** Asks a server until it answers with this status. */
export async function waitForStatus(url: string, status: number, program: Program): Promise<void> {
  const last = await eventually(
    async () => {
      if (program.child.exitCode !== null) return -1
      return fetch(url, { redirect: 'manual' }).then(
        (answer) => answer.status,
        () => 0,
      )
    },
    (got) => got === status || got === -1,
    20_000,
  )
  if (last !== status) throw new Error(`${url} gave ${last}, not ${status}. It said: ${program.stderr()}`)
}

import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { LoadAnswer, LoadProgress, LoadQuestion, LoadReport } from './load/messages.ts'
import type { Amount } from './seed.ts'

/** The clients, in a process of their own, so that what the server costs and what they cost stay apart. */
export interface Load {
  run(how: { seconds: number; rate: number | null; atOnce: number }): Promise<LoadReport>
  close(): void
}

export interface LoadOptions {
  readonly url: string
  readonly connections: number
  readonly amount: Amount
  /** Operations that are left out. */
  readonly without: readonly string[]
  readonly signal: AbortSignal
  onProgress(progress: LoadProgress): void
}

/** Opens the connections and logs in. */
export async function startLoad({ url, connections, amount, without, signal, onProgress }: LoadOptions): Promise<Load> {
  // Not what the server under test is started with.
  const child = fork(fileURLToPath(new URL('load/process.ts', import.meta.url)), { signal, killSignal: 'SIGKILL' })
  try {
    await ask(child, { do: 'open', url, count: connections, amount, without }, onProgress)
  } catch (error) {
    child.kill()
    throw error
  }
  return {
    async run(how) {
      const answer = await ask(child, { do: 'run', ...how }, onProgress)
      if (answer.did !== 'run') throw new Error(`the load said ${answer.did}`)
      return answer
    },
    close: () => void child.kill(),
  }
}

function ask(
  child: ChildProcess,
  question: LoadQuestion,
  onProgress: (progress: LoadProgress) => void,
): Promise<LoadAnswer> {
  return new Promise((resolve, reject) => {
    const end = () => {
      child.off('message', onMessage)
      child.off('exit', onExit)
      child.off('error', onError)
    }
    const onError = (error: Error) => {
      end()
      reject(error)
    }
    const onExit = (code: number | null, signal: string | null) =>
      onError(new Error(`the load ended: ${code ?? signal}`))
    const onMessage = (answer: LoadAnswer) => {
      if (answer.did === 'progress') return onProgress(answer)
      end()
      if (answer.did === 'fail') reject(new Error(`the load failed: ${answer.message}`))
      else resolve(answer)
    }
    child.on('message', onMessage)
    child.on('exit', onExit)
    child.on('error', onError)
    child.send(question)
  })
}

/** A client that reads one address again and again, in a thread of its own: what the bench does meanwhile costs it nothing. */
import { once } from 'node:events'
import { Agent, get } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'

const PAUSE_MS = 5

/** Times in ms. */
export interface Reads {
  readonly count: number
  readonly failed: number
  readonly p50: number
  readonly p99: number
  readonly max: number
}

export interface Reader {
  stop(): Promise<Reads>
}

export async function startReader(url: string, token: string): Promise<Reader> {
  const worker = new Worker(new URL(import.meta.url), { workerData: { url, token } })
  await once(worker, 'online')
  return {
    async stop() {
      worker.postMessage('stop')
      const [reads] = await once(worker, 'message')
      return reads
    },
  }
}

async function readOn({ url, token }: { url: string; token: string }): Promise<Reads> {
  const agent = new Agent({ keepAlive: true })
  const headers = { authorization: `Bearer ${token}` }
  const times: number[] = []
  let failed = 0
  let on = true
  parentPort?.once('message', () => {
    on = false
  })
  while (on) {
    const began = performance.now()
    const status = await new Promise<number>((resolve) => {
      get(url, { agent, headers }, (answer) => answer.resume().on('end', () => resolve(answer.statusCode ?? 0))).on(
        'error',
        () => resolve(0),
      )
    })
    times.push(performance.now() - began)
    if (status !== 200) failed++
    await sleep(PAUSE_MS)
  }
  agent.destroy()
  times.sort((a, b) => a - b)
  const at = (part: number) => times[Math.floor((times.length - 1) * part)] ?? 0
  return { count: times.length, failed, p50: at(0.5), p99: at(0.99), max: at(1) }
}

if (!isMainThread) parentPort?.postMessage(await readOn(workerData))

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { ProbeReading } from './probe-reading.ts'

/** What the kernel says of a process. Memory in bytes; shares of the time since the reading before. */
export interface KernelReading {
  /** Its fair share of what it has in memory: pages that several processes share count by their part. */
  readonly pss: number
  readonly rss: number
  /** Open file descriptors. */
  readonly files: number
  readonly cpuPercent: number
  /** Its main thread could have run, but had no processor: what a busy machine adds to the lag of its event loop. */
  readonly waitPercent: number
}

export interface ProcessReading {
  /** supervisor, web or worker. */
  readonly name: string
  readonly pid: number
  readonly kernel: KernelReading
  readonly probe: ProbeReading
}

/** A supervisor and its workers. */
export interface Processes {
  read(command: 'read' | 'begin'): Promise<ProcessReading[]>
  close(): void
}

interface Watched {
  readonly socket: Socket
  ask(command: string): Promise<ProbeReading>
  last: { at: number; cpuMs: number; waitMs: number }
}

const TICK_MS = 10

/** Watches those that have a probe in `folder` (probe.js); others are helpers that come and go. */
export function watchFamily(supervisor: number, folder: string): Processes {
  const watched = new Map<number, Watched>()

  async function readOne(pid: number): Promise<ProcessReading | null> {
    try {
      const process = watched.get(pid) ?? (await watch(probeOf(folder, pid)))
      watched.set(pid, process)
      const probe = await process.ask('read')
      return { name: nameOf(pid, supervisor), pid, kernel: readKernel(pid, process), probe }
    } catch {
      // It has ended meanwhile, or has no probe yet.
      watched.get(pid)?.socket.destroy()
      watched.delete(pid)
      return null
    }
  }
  return {
    async read(command) {
      if (command === 'begin') await Promise.all([...watched.values()].map(({ ask }) => ask('begin').catch(() => null)))
      return (await Promise.all(findProbed(folder).map(readOne))).filter((reading) => reading !== null)
    },
    close() {
      for (const { socket } of watched.values()) socket.destroy()
    },
  }
}

const findProbed = (folder: string) =>
  readdirSync(folder)
    .flatMap((file) => /^(\d+)\.probe$/.exec(file)?.[1] ?? [])
    .map(Number)
    .filter((pid) => existsSync(`/proc/${pid}`))

const probeOf = (folder: string, pid: number) => join(folder, `${pid}.probe`)

function watch(path: string): Promise<Watched> {
  return new Promise((resolve, reject) => {
    const socket = connect(path)
    const waiting: { resolve(reading: ProbeReading): void; reject(error: Error): void }[] = []
    socket.once('error', reject)
    socket.on('close', () => {
      for (const { reject: fail } of waiting.splice(0)) fail(new Error('the process has ended'))
    })
    createInterface({ input: socket })
      .on('line', (line) => waiting.shift()?.resolve(JSON.parse(line)))
      .on('error', () => undefined)
    const ask = (command: string) =>
      new Promise<ProbeReading>((answer, fail) => {
        waiting.push({ resolve: answer, reject: fail })
        socket.write(`${command}\n`)
      })
    socket.once('connect', () => resolve({ socket, ask, last: { at: 0, cpuMs: 0, waitMs: 0 } }))
  })
}

function readKernel(pid: number, watched: Watched): KernelReading {
  const memory = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  const bytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(memory)?.[1]) * 1024
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  const { last } = watched
  const now = {
    at: performance.now(),
    cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS,
    waitMs: Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6,
  }
  watched.last = now
  const share = (key: 'cpuMs' | 'waitMs') => (last.at === 0 ? 0 : (100 * (now[key] - last[key])) / (now.at - last.at))
  return {
    pss: bytes('Pss'),
    rss: bytes('Rss'),
    files: readdirSync(`/proc/${pid}/fd`).length,
    cpuPercent: share('cpuMs'),
    waitPercent: share('waitMs'),
  }
}

/** The workers set their titles (child-process.ts). */
function nameOf(pid: number, supervisor: number): string {
  if (pid === supervisor) return 'supervisor'
  return /\bweb\b/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8')) ? 'web' : 'worker'
}

/** Has each process write a heap snapshot, to `prefix`-ROLE-PID.heapsnapshot; all that it serves waits meanwhile. */
export async function writeSnapshots(supervisor: number, folder: string, prefix: string): Promise<void> {
  for (const pid of findProbed(folder)) {
    const { socket, ask } = await watch(probeOf(folder, pid))
    await ask(`snapshot ${prefix}-${nameOf(pid, supervisor)}-${pid}.heapsnapshot`)
    socket.destroy()
  }
}

import { readdirSync, readFileSync } from 'node:fs'

const SAMPLE_MS = 200

/** Ticks of a process's CPU time in a second (Linux, everywhere). */
const TICKS = 100

export interface Watched {
  /** Part, title and pid. */
  readonly name: string
  /** The most memory (resident, MB) that it held since it began. */
  readonly mb: number
}

export interface ProcessWatch {
  stop(): {
    readonly processes: Watched[]
    /** CPU time since the watch began, by part, in seconds. */
    readonly cpu: Readonly<Record<string, number>>
  }
}

/**
 * Watches these processes and all their descendants; of a PostgreSQL that this process started, the CPU time alone (its
 * processes share most of their memory). The kernel keeps each one's peak (VmHWM), so that nothing happens between two
 * looks; they are for processes that come and go.
 */
export function watchProcesses(roots: Readonly<Record<string, number>>): ProcessWatch {
  const peaks = new Map<string, number>()
  const ticks = new Map<number, { part: string; first: number; last: number }>()
  const look = (begins: boolean) => {
    const parents = readParents()
    for (const pid of parents.keys()) {
      const own = Object.keys(roots).find((name) => descends(pid, roots[name] ?? 0, parents))
      const part = own ?? (descends(pid, process.pid, parents) && /^postgres/.test(readName(pid)) ? 'database' : null)
      if (!part) continue
      const peak = own && readPeak(pid)
      if (peak) peaks.set(`${part}: ${readName(pid)} (${pid})`, peak)
      const last = readTicks(pid)
      ticks.set(pid, { part, first: ticks.get(pid)?.first ?? (begins ? last : 0), last })
    }
  }
  look(true)
  const timer = setInterval(look, SAMPLE_MS, false)
  return {
    stop() {
      clearInterval(timer)
      look(false)
      const cpu: Record<string, number> = {}
      for (const { part, first, last } of ticks.values()) cpu[part] = (cpu[part] ?? 0) + (last - first) / TICKS
      return { processes: [...peaks].map(([name, mb]) => ({ name, mb })).sort((a, b) => b.mb - a.mb), cpu }
    },
  }
}

function descends(pid: number, root: number, parents: ReadonlyMap<number, number>): boolean {
  for (let at: number | undefined = pid; at; at = parents.get(at)) if (at === root) return true
  return false
}

/** Process by parent, of everything that runs. */
function readParents(): Map<number, number> {
  const found = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const parent = /^PPid:\s+(\d+)/m.exec(read(`/proc/${name}/status`))?.[1]
    if (parent) found.set(Number(name), Number(parent))
  }
  return found
}

function readPeak(pid: number): number | undefined {
  const kb = /^VmHWM:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1]
  return kb ? Math.round(Number(kb) / 1024) : undefined
}

/** User and system time. */
function readTicks(pid: number): number {
  const fields = read(`/proc/${pid}/stat`)
    .replace(/^.*\) /s, '')
    .split(' ')
  return Number(fields[11] ?? 0) + Number(fields[12] ?? 0)
}

function readName(pid: number): string {
  return read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim().split('/').at(-1) ?? ''
}

/** Empty when the process is gone. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

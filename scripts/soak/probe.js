/**
 * Preloaded into the processes of a server under test (NODE_OPTIONS), this tells what only a process itself knows: to each
 * line on its socket in the folder SOAK_PROBE it answers with one of JSON (probe-reading.ts). Lines: `read`, `begin` (what
 * counts from the beginning begins now), `snapshot FILE` (writes a heap snapshot, which stops the process for a while).
 *
 * Plain JavaScript: a preloaded TypeScript file would bring Node's compiler into each process, 30 MB of what is measured.
 */
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createHistogram, monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks'
import { createInterface } from 'node:readline'
import { writeHeapSnapshot } from 'node:v8'

const RESOLUTION_MS = 10

const folder = process.env.SOAK_PROBE
const role = process.argv.slice(2).join(' ')

if (folder !== undefined && ['child web', 'child job', 'serve'].includes(role)) {
  const recent = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  const overall = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  recent.enable()
  overall.enable()
  let gcMax = 0
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) gcMax = Math.max(gcMax, duration)
  }).observe({ entryTypes: ['gc'] })

  const own = createHistogram()
  watchOwnLag(own)

  const read = () => {
    const { heapUsed, heapTotal, external } = process.memoryUsage()
    const handles = process.getActiveResourcesInfo().length
    const lags = { lag: readLag(recent), lagOverall: readLag(overall), ownLag: readOwnLag(own) }
    const reading = { heapUsed, heapTotal, external, handles, ...lags, gcMax }
    recent.reset()
    gcMax = 0
    return reading
  }
  const server = createServer((socket) => {
    socket.unref()
    socket.on('error', () => undefined)
    const lines = createInterface({ input: socket })
    lines.on('error', () => undefined)
    lines.on('line', (line) => {
      const [command, file] = line.split(' ')
      if (command === 'begin') {
        overall.reset()
        own.reset()
      }
      if (command === 'snapshot' && file) writeHeapSnapshot(file)
      socket.write(`${JSON.stringify(read())}\n`)
    })
  })
  // A worker of node:cluster would have its supervisor listen.
  server.listen({ path: join(folder, `${process.pid}.probe`), exclusive: true })
  server.unref()
}

/**
 * A timer is late because this thread worked, or because it had no processor to work on. It worked no longer than the
 * processor time that it used since the last one, so the lesser of both is the most that is its own.
 */
function watchOwnLag(own) {
  let last = { at: performance.now(), cpu: threadCpuMs() }
  const timer = setInterval(() => {
    const now = { at: performance.now(), cpu: threadCpuMs() }
    const late = Math.max(0, now.at - last.at - RESOLUTION_MS)
    own.record(Math.max(1, Math.round(1000 * Math.min(late, now.cpu - last.cpu))))
    last = now
  }, RESOLUTION_MS)
  timer.unref()
}

function threadCpuMs() {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

function readOwnLag(own) {
  const ms = (us) => (own.count > 0 ? us / 1000 : 0)
  return { p50: ms(own.percentile(50)), p99: ms(own.percentile(99)), max: ms(own.max) }
}

/** The probe's own pause is taken off. A histogram without a value says 0 or 2^63. */
function readLag(histogram) {
  const late = (ns) => (histogram.count > 0 ? Math.max(0, ns / 1e6 - RESOLUTION_MS) : 0)
  return { p50: late(histogram.percentile(50)), p99: late(histogram.percentile(99)), max: late(histogram.max) }
}

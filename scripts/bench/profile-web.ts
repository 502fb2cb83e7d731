/**
 * Preloaded into the processes of a server under test (NODE_OPTIONS), this profiles its web workers when asked: a connection
 * to a worker's socket in the folder BENCH_PROFILE begins a profile, what it sends until it ends is the file that the profile
 * is written to, and it is closed when the file is there.
 */
import { writeFile } from 'node:fs/promises'
import { Session } from 'node:inspector/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

const folder = process.env.BENCH_PROFILE
const isWeb = process.argv.slice(2).join(' ') === 'child web'

if (folder !== undefined && isWeb) {
  const server = createServer({ allowHalfOpen: true }, async (socket) => {
    const session = new Session()
    session.connect()
    await session.post('Profiler.enable')
    await session.post('Profiler.setSamplingInterval', { interval: 500 })
    await session.post('Profiler.start')
    socket.write('started')
    const file = await text(socket)
    const { profile } = await session.post('Profiler.stop')
    session.disconnect()
    await writeFile(file, JSON.stringify(profile))
    socket.end()
  })
  // A worker of node:cluster would have its supervisor listen.
  server.listen({ path: join(folder, `${process.pid}.sock`), exclusive: true })
  server.unref()
}

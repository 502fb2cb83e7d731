/**
 * A client of its own process that holds connections open: `node slow-client.ts PORT COUNT`, the kinds in turn. Prints
 * `open N` when all stand, and `closed {kind: N}` on each line that it is sent; ends with its standard input.
 */
import { connect, type Socket } from 'node:net'

const [port, count] = process.argv.slice(2).map(Number)
if (!port || !count) throw new Error('slow-client.ts PORT COUNT')

/** What a connection sends at first, and then once a second. */
const kinds: Readonly<Record<string, readonly [first: string, drip: string]>> = {
  idle: ['', ''],
  head: ['GET /api/health HTTP/1.1\r\nHost: x\r\n', 'X-A: b\r\n'],
  line: ['GET /', 'a'],
}
const names = Object.keys(kinds)
const sockets: { readonly kind: string; readonly socket: Socket }[] = []
const closed: Record<string, number> = {}

function open(kind: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port as number, '127.0.0.1', () => {
      socket.write(kinds[kind]?.[0] ?? '')
      resolve()
    })
    socket.on('error', () => resolve())
    socket.on('close', () => {
      closed[kind] = (closed[kind] ?? 0) + 1
    })
    socket.resume()
    sockets.push({ kind, socket })
  })
}

// Some at a time: the queue of a listening socket ends at a few hundred.
for (let done = 0; done < count; done += 100) {
  const some = Array.from({ length: Math.min(100, count - done) }, (_, i) =>
    open(names[(done + i) % names.length] ?? 'idle'),
  )
  await Promise.all(some)
}
process.stdout.write(`open ${sockets.length}\n`)
setInterval(() => {
  for (const { kind, socket } of sockets) if (socket.writable && kinds[kind]?.[1]) socket.write(kinds[kind][1])
}, 1_000)
process.stdin.on('data', () => process.stdout.write(`closed ${JSON.stringify(closed)}\n`))
process.stdin.on('end', () => process.exit(0))

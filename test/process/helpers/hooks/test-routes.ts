/*
 * Loaded before the program into every process (NODE_OPTIONS=--import): gives web workers what a test needs to make them
 * sick. It takes requests below /__test/ before the application sees them.
 */
import { existsSync } from 'node:fs'
import { type IncomingMessage, Server, type ServerResponse } from 'node:http'
import { isMainThread } from 'node:worker_threads'

const kept: Buffer[] = []

const routes: Readonly<Record<string, (res: ServerResponse, query: URLSearchParams) => void>> = {
  pid: (res) => res.end(String(process.pid)),
  hang: spinForTest,
  leak: (res) => {
    for (let n = 0; n < 40; n++) kept.push(Buffer.alloc(10_000_000, 1))
    res.end('leaked')
  },
  slow: (res, query) => void setTimeout(() => res.end('slow'), Number(query.get('ms'))),
  crash: () => process.exit(9),
  threads: (res) => res.end(process.env.UV_THREADPOOL_SIZE),
  malloc: (res) => res.end(`${process.env.MALLOC_ARENA_MAX} ${process.env.MALLOC_MMAP_THRESHOLD_}`),
}

function spinForTest(): never {
  for (;;);
}

if (isMainThread && process.argv[2] === 'child' && process.argv[3] === 'web') {
  const { emit, setTimeout: setServerTimeout } = Server.prototype
  Server.prototype.emit = function (this: Server, event: string, ...args: unknown[]): boolean {
    const [req, res] = args as [IncomingMessage, ServerResponse]
    if (event !== 'request' || !req.url?.startsWith('/__test/')) return Reflect.apply(emit, this, [event, ...args])
    const url = new URL(req.url, 'http://test')
    // The program's own listeners before the application's: what drains and counts.
    for (const listener of this.listeners('request').slice(0, -1)) Reflect.apply(listener, this, [req, res])
    routes[url.pathname.slice('/__test/'.length)]?.(res, url.searchParams)
    return true
  } as typeof emit
  Server.prototype.setTimeout = function (this: Server, ...args: unknown[]) {
    if (existsSync(process.env.TEST_BOOT_FAILS ?? '')) throw new Error('the disk ate my code')
    return Reflect.apply(setServerTimeout, this, args)
  } as typeof setServerTimeout
}

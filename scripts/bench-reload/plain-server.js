// What a drain without care looks like: two workers, and on SIGHUP each is told to close its server and end.
// The driver must count failures against it, or it counts nothing at all.
import cluster from 'node:cluster'
import { createServer } from 'node:http'

if (cluster.isPrimary) {
  for (let n = 0; n < 2; n++) cluster.fork()
  process.on('SIGHUP', () => {
    for (const worker of Object.values(cluster.workers ?? {})) {
      cluster.fork().once('listening', () => worker?.send('close'))
    }
  })
  process.on('SIGTERM', () => process.exit(0))
} else {
  const server = createServer((_req, res) => setTimeout(() => res.end('{}'), 2)).listen(
    Number(process.env.PORT),
    '127.0.0.1',
  )
  process.on('message', () => server.close(() => process.exit(0)))
}

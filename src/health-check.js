/**
 * The image's HEALTHCHECK, in an image without curl: ends with 0 when this container answers. A container with the role
 * web is asked for `GET /`, another one for the supervisor's metrics; where those are off there is nothing to ask. Plain
 * JavaScript without imports of ours, since it starts every half minute.
 */
import { get } from 'node:http'

const { BIND = '', PORT = '8080', ROLES = 'web', METRICS_BIND = '' } = process.env
const portOf = (address) => /(\d+)$/.exec(address)?.[1]
const target = ROLES.includes('web')
  ? { port: portOf(BIND) ?? PORT, path: '/', status: 302 }
  : { port: portOf(METRICS_BIND), path: '/metrics', status: 200 }

function end(code, reason) {
  if (reason) process.stderr.write(`health check: ${reason}\n`)
  process.exit(code)
}

if (!target.port) end(0)
const what = `${target.path} on port ${target.port}`
get({ host: '127.0.0.1', port: target.port, path: target.path, timeout: 4_000 }, ({ statusCode }) => {
  if (statusCode === target.status) end(0)
  else end(1, `${what} answered ${statusCode}`)
})
  .on('timeout', () => end(1, `${what} did not answer within 4 s`))
  .on('error', (error) => end(1, `${what}: ${error.message}`))

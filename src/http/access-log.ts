import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import pino from 'pino'
import { pinoHttp } from 'pino-http'

/**
 * One JSON line per request on standard output. It never holds a query, a header or a body, since tokens, passwords
 * and activation codes travel there.
 */
export function accessLog(enabled: boolean) {
  return pinoHttp<IncomingMessage, ServerResponse>({
    logger: pino(
      { base: null, enabled, timestamp: pino.stdTimeFunctions.isoTime },
      pino.destination({ dest: 1, sync: false }),
    ),
    genReqId: (req, res) => {
      const sent = req.headers['x-request-id']
      const id = typeof sent === 'string' && /^[\w.:-]{1,100}$/.test(sent) ? sent : randomUUID()
      res.setHeader('x-request-id', id)
      return id
    },
    serializers: {
      req: (req) => ({ id: req.id, method: req.method, path: pathOf(req.url), client: req.remoteAddress }),
      res: (res) => ({ status: res.statusCode, bytes: Number(res.headers?.['content-length'] ?? 0) }),
    },
    quietReqLogger: true,
    customAttributeKeys: { responseTime: 'ms' },
    customSuccessMessage: () => 'request',
    customErrorMessage: () => 'request',
  })
}

function pathOf(url: string | undefined): string {
  return (url ?? '').split('?', 1)[0]?.replace(/\/login\/activate\/.*/, '/login/activate/…') ?? ''
}

import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { NextFunction, Request, Response } from 'express'
import { pino } from 'pino'
import { pinoHttp } from 'pino-http'
import type { Config } from '../config.ts'
import { type AccessEntry, openAccessLog } from '../logging/access-line.ts'
import type { Exchange } from './exchange.ts'
import type { ProxyTrust } from './proxy-trust.ts'

/** What only the beginning of a request can tell: a socket forgets both when it closes. */
interface Beginning {
  readonly since: number
  readonly client: string
  readonly written: number
}

/**
 * Gives each request its id, and logs it when it has ended. A line never holds a query, a body or a header but
 * User-Agent, since tokens, passwords and activation codes travel there.
 */
export function accessLog(config: Pick<Config, 'accessLog' | 'logFormat'>, trust: ProxyTrust) {
  const target = openAccessLog(config)
  if (!target) {
    return (req: Request, res: Response, next: NextFunction): void => {
      req.id = giveRequestId(req, res)
      next()
    }
  }
  const log = pinoHttp<IncomingMessage, ServerResponse>({
    // It says when a request has ended, and how; the line is printed later.
    logger: pino({ hooks: { logMethod: ([ended]) => target.add(ended as unknown as AccessEntry) } }),
    genReqId: giveRequestId,
    // The request itself is no part of the line: ours are flat, and say less.
    wrapSerializers: false,
    serializers: { req: () => undefined },
    quietResLogger: true,
    customLogLevel: () => 'info',
    customSuccessObject: entryOf,
    customErrorObject: entryOf,
    customSuccessMessage: () => 'request',
    customErrorMessage: () => 'request',
  })
  // A child for each request would hold its id, which is a field of ours.
  Object.assign(log.logger, { child: () => log.logger })
  return (req: Request, res: Response, next: NextFunction): void => {
    res.locals.beginning = {
      since: performance.now(),
      client: trust.clientAddress(req),
      written: req.socket.bytesWritten,
    } satisfies Beginning
    log(req, res, next)
  }
}

function entryOf(req: IncomingMessage, res: ServerResponse): AccessEntry {
  const { exchange, beginning: began } = (res as Response).locals as { exchange?: Exchange; beginning?: Beginning }
  return {
    at: Date.now(),
    id: String(req.id),
    method: req.method ?? '',
    path: pathOf((req as Request).originalUrl ?? req.url ?? ''),
    version: req.httpVersion,
    status: res.statusCode,
    bytes: bodyBytes(req, res, began?.written ?? 0),
    ms: performance.now() - (began?.since ?? performance.now()),
    client: began?.client ?? 'unknown',
    user: exchange?.caller?.id ?? null,
    aborted: !res.writableFinished,
    referer: req.headers.referer,
    userAgent: req.headers['user-agent'],
  }
}

function giveRequestId(req: IncomingMessage, res: ServerResponse): string {
  const sent = req.headers['x-request-id']
  const id = typeof sent === 'string' && /^[\w.:-]{1,100}$/.test(sent) ? sent : randomUUID()
  res.setHeader('x-request-id', id)
  return id
}

/** A streamed answer tells no length; what went over the socket is its body, its head and the marks of its chunks. */
function bodyBytes(req: IncomingMessage, res: ServerResponse, writtenBefore: number): number {
  if (req.method === 'HEAD') return 0
  const length = res.getHeader('content-length')
  if (length !== undefined) return Number(length)
  return res.chunkedEncoding ? Math.max(0, req.socket.bytesWritten - writtenBefore) : 0
}

function pathOf(url: string): string {
  const path = url.split('?', 1)[0] ?? ''
  // The router reads `%61ctivate` too.
  const plain = path.replace(/%(?:[46][1-9a-f]|[57][\da])/gi, decodeURIComponent)
  return plain.replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/(\/login\/+activate\/+).+/i, '$1…')
}

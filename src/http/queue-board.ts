import type { NextFunction, Request, RequestHandler, Response } from 'express'
import type { AppContext } from '../context.ts'
import { ApiError, errors } from '../errors.ts'
import { checkSuperadmin } from '../features/login/login-service.ts'
import type { ProxyTrust } from './proxy-trust.ts'

export const BOARD_PATH = '/admin/queues'
/** Its page asks Google for fonts; nobody else is to learn who looks at it. */
const POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"

/**
 * Bull's queues for superadmins, by HTTP Basic; wrong passwords count like those of logins. The board only shows: what
 * becomes of a job is decided in the database. It is loaded when somebody asks for it.
 */
export function createQueueBoard(ctx: AppContext, trust: ProxyTrust): RequestHandler {
  let board: Promise<RequestHandler> | undefined
  return async (req: Request, res: Response, next: NextFunction) => {
    const credentials = readBasic(req.headers.authorization)
    try {
      const allowed = credentials && (await checkSuperadmin(ctx, credentials, trust.clientAddress(req)))
      if (!allowed) {
        res.setHeader('www-authenticate', 'Basic realm="Ibutsu jobs", charset="UTF-8"')
        res.status(401).type('text/plain').send('Unauthorized')
        return
      }
      res.setHeader('content-security-policy', POLICY)
      board ??= openBoard(ctx)
      const handle = await board
      handle(req, res, next)
    } catch (error) {
      if (!(error instanceof ApiError)) return next(error)
      for (const [name, value] of Object.entries(error.headers)) res.setHeader(name, value)
      res.status(errors[error.code].status).type('text/plain').send(error.message)
    }
  }
}

async function openBoard(ctx: AppContext): Promise<RequestHandler> {
  const [{ createBullBoard }, { BullAdapter }, { ExpressAdapter }, bull] = await Promise.all([
    import('@bull-board/api'),
    import('@bull-board/api/bullAdapter'),
    import('@bull-board/express'),
    ctx.jobs.queue(),
  ])
  if (!bull) throw new Error('no Redis is configured')
  const adapter = new ExpressAdapter()
  adapter.setBasePath(BOARD_PATH)
  createBullBoard({ queues: [new BullAdapter(bull.queue, { readOnlyMode: true })], serverAdapter: adapter })
  return adapter.getRouter() as RequestHandler
}

function readBasic(header: string | undefined): { email: string; password: string } | null {
  const encoded = /^basic +([\w+/=-]+) *$/i.exec(header ?? '')?.[1]
  if (!encoded) return null
  const text = Buffer.from(encoded, 'base64').toString()
  const colon = text.indexOf(':')
  return colon < 1 ? null : { email: text.slice(0, colon), password: text.slice(colon + 1) }
}

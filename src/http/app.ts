import express, { type Express } from 'express'
import type { AppContext } from '../context.ts'
import { accessLog } from './access-log.ts'
import { canonicalPath } from './canonical-path.ts'
import { cors } from './cors.ts'
import { createDispatcher } from './dispatcher.ts'
import { addDocuments } from './documents.ts'
import { observeRequests } from './observe-requests.ts'
import { createProxyTrust } from './proxy-trust.ts'
import { BOARD_PATH, createQueueBoard } from './queue-board.ts'
import { securityHeaders } from './security-headers.ts'
import { answerStrayErrors } from './stray-errors.ts'

/** The HTTP application: metrics and traces, access log, security headers, CORS, one spelling per path, the pages about the interface, the operations. */
export async function createApp(ctx: AppContext): Promise<Express> {
  const app = express()
  const trust = createProxyTrust(ctx.config)
  app.disable('x-powered-by')
  app.disable('etag')
  app.enable('strict routing')
  app.set('query parser', false)
  app.use(observeRequests(ctx.metrics))
  app.use(accessLog(ctx.config, trust))
  app.use(securityHeaders)
  app.use(cors)
  app.use(canonicalPath(trust))
  await addDocuments(app)
  if (ctx.jobs.hasQueue) app.use(BOARD_PATH, createQueueBoard(ctx, trust))
  app.use(await createDispatcher(ctx, trust))
  app.use(answerStrayErrors(ctx))
  return app
}

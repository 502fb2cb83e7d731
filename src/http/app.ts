import express, { type Express } from 'express'
import type { AppContext } from '../context.ts'
import { accessLog } from './access-log.ts'
import { canonicalPath } from './canonical-path.ts'
import { cors } from './cors.ts'
import { createDispatcher } from './dispatcher.ts'
import { addDocuments } from './documents.ts'

/** The HTTP application: access log, CORS, one spelling per path, the pages about the interface, the operations. */
export async function createApp(ctx: AppContext): Promise<Express> {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.enable('strict routing')
  app.set('query parser', false)
  app.use(accessLog(ctx.config.accessLog))
  app.use(cors)
  app.use(canonicalPath)
  await addDocuments(app)
  app.use(await createDispatcher(ctx))
  return app
}

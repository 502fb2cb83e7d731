import { performance } from 'node:perf_hooks'
import type { NextFunction, Request, Response } from 'express'
import { operations } from '../../generated/operations.ts'
import { type Metrics, noMetrics } from '../metrics/metrics.ts'
import { requestChannel } from '../tracing/channels.ts'
import type { Exchange } from './exchange.ts'

/** Counts and times each request and gives it its trace, where traces are on. The first of all middlewares. */
export function observeRequests(metrics: Metrics) {
  return (req: Request, res: Response, next: NextFunction): void => {
    if (metrics !== noMetrics) measure(metrics, req, res)
    if (requestChannel.hasSubscribers)
      requestChannel.runStores({ req, res, describe: () => describe(res) }, () => next(), undefined)
    else next()
  }
}

function measure(metrics: Metrics, req: Request, res: Response): void {
  const since = performance.now()
  metrics.requestStarted()
  // 'close' comes once in any case: after the last byte, or when the client left.
  res.once('close', () => {
    const status = res.writableFinished ? res.statusCode : 'aborted'
    metrics.requestEnded(operationOf(res), req.method, status, (performance.now() - since) / 1000)
  })
}

function describe(res: Response) {
  const { operation } = (res.locals.exchange as Exchange | undefined) ?? {}
  return { operation: operationOf(res), route: operation ? operations[operation].path : undefined }
}

/** The operationId; `unmatched` for a path or method that the interface does not have, `page` for what is beside it. */
function operationOf(res: Response): string {
  const exchange = res.locals.exchange as Exchange | undefined
  return exchange ? (exchange.operation ?? 'unmatched') : 'page'
}

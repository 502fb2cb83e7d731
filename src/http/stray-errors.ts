import type { NextFunction, Request, Response } from 'express'
import type { AppContext } from '../context.ts'

/**
 * Answers what fails outside of the operations, such as a range of a page that there is not. Express' own answer would
 * show our stack.
 */
export function answerStrayErrors(ctx: AppContext) {
  return (error: unknown, _req: Request, res: Response, next: NextFunction): void => {
    const status = clientStatus(error)
    if (status === null) ctx.log.error({ err: error }, 'a request failed outside of the operations')
    if (res.headersSent) {
      next(error)
      return
    }
    // Type and length are still those of the file that was to be sent.
    res.removeHeader('content-type')
    res.statusCode = status ?? 500
    res.setHeader('content-length', 0)
    res.end()
  }
}

/** The 4xx that an error of Express or its file server stands for, null for all others. */
function clientStatus(error: unknown): number | null {
  const status = typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 500
  return status >= 400 && status < 500 ? status : null
}

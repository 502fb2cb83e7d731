import type { NextFunction, Request, Response } from 'express'

const METHODS = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']

/**
 * Lets pages of any origin read every answer, errors included (access.md 8, D38), and answers preflights. No cookie or
 * other ambient credential lets anybody in, so any origin may be allowed.
 */
export function cors(req: Request, res: Response, next: NextFunction): void {
  if (req.headers.origin !== undefined) res.setHeader('access-control-allow-origin', '*')
  const method = req.headers['access-control-request-method']
  if (req.headers.origin === undefined || req.method !== 'OPTIONS' || method === undefined) next()
  else answerPreflight(req, res, method)
}

function answerPreflight(req: Request, res: Response, method: string): void {
  res.setHeader('content-type', 'text/plain; charset=utf-8')
  if (!METHODS.includes(method)) {
    res.statusCode = 400
    res.end('Disallowed CORS method')
    return
  }
  res.setHeader('access-control-allow-methods', METHODS.join(', '))
  res.setHeader('access-control-max-age', '600')
  const wanted = req.headers['access-control-request-headers']
  if (wanted !== undefined) res.setHeader('access-control-allow-headers', wanted)
  res.end('OK')
}

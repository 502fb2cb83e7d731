import type { NextFunction, Request, Response } from 'express'
import type { ProxyTrust } from './proxy-trust.ts'

/**
 * Sends clients from a doubled slash (308) or a slash at the end (307) to the path as the spec has it, query kept
 * (access.md 6), at the address that they used. `/api/ui/` and what lies below it are pages and keep their slash.
 */
export function canonicalPath(trust: ProxyTrust) {
  const redirect = (req: Request, res: Response, status: number, target: string): void => {
    res.statusCode = status
    res.setHeader('location', `${trust.requestScheme(req)}://${trust.requestHost(req)}${target}`)
    res.setHeader('content-length', 0)
    res.end()
  }
  return (req: Request, res: Response, next: NextFunction): void => {
    if (!req.url.startsWith('/')) req.url = originForm(req.url)
    const mark = req.url.indexOf('?')
    const path = mark < 0 ? req.url : req.url.slice(0, mark)
    const query = mark < 0 ? '' : req.url.slice(mark)
    if (path.includes('//')) redirect(req, res, 308, path.replace(/\/{2,}/g, '/') + query)
    else if (path.length > 1 && path.endsWith('/') && !path.startsWith('/api/ui/')) {
      redirect(req, res, 307, path.slice(0, -1) + query)
    } else next()
  }
}

/** Proxies may send the whole address (RFC 9112, 3.2.2); its host says nothing more than the Host header. */
function originForm(url: string): string {
  return url.replace(/^https?:\/\/[^/?]*(?=([/?]?))/i, (_address, next: string) => (next === '/' ? '' : '/'))
}

import type { NextFunction, Request, Response } from 'express'

/** An answer is data: whoever opens it in a browser sees no page that could run anything or be put into a frame. */
const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"

/** Swagger UI: its own scripts, its inline styles and images, requests to this server. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/**
 * What every answer says, errors and redirects included; who answers something else (artifacts, pages, the login popup)
 * replaces the policy. No browser guesses types, no cache keeps what only this caller may see (a redirect depends on the
 * Host header), and no other site learns addresses, in which codes and tokens travel.
 */
export function securityHeaders(_req: Request, res: Response, next: NextFunction): void {
  res.setHeader('x-content-type-options', 'nosniff')
  res.setHeader('content-security-policy', DATA_POLICY)
  res.setHeader('referrer-policy', 'no-referrer')
  res.setHeader('cache-control', 'no-store')
  next()
}

/** For the pages about the interface, whose files are the same for everybody. */
export function pageHeaders(_req: Request, res: Response, next: NextFunction): void {
  res.setHeader('content-security-policy', PAGE_POLICY)
  res.setHeader('cache-control', 'no-cache')
  next()
}

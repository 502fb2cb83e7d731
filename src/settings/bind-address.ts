/** Where to listen: a port, a Unix socket, or a socket that was inherited under this file descriptor. */
export type BindAddress =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'fd'; readonly fd: number }

/**
 * Reads gunicorn's notation: `host:port`, `[::1]:port`, `:port`, `unix:/path`, `fd://3`.
 *
 * @throws Error saying what is allowed.
 */
export function parseBind(text: string): BindAddress {
  if (/^unix:./.test(text)) return { kind: 'unix', path: text.slice('unix:'.length).replace(/^\/\/(?=\/)/, '') }
  const [, fd] = /^fd:\/\/(\d{1,6})$/.exec(text) ?? []
  if (fd !== undefined) return { kind: 'fd', fd: Number(fd) }
  const [, bracketed, plain, digits = ''] = /^(?:\[([\da-f:.%\w]+)\]|([^:/[\]\s]*)):(\d{1,5})$/i.exec(text) ?? []
  const port = Number(digits || 'x')
  if (port <= 65_535) return { kind: 'tcp', host: bracketed ?? (plain || '0.0.0.0'), port }
  throw new Error('must be like 0.0.0.0:8080, [::]:8080, unix:/path or fd://3')
}

/** An address as a person writes it. */
export function formatBind(address: BindAddress): string {
  if (address.kind === 'unix') return `unix:${address.path}`
  if (address.kind === 'fd') return `fd://${address.fd}`
  return address.host.includes(':') ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`
}

import { chmodSync, renameSync, statSync, unlinkSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { type BindAddress, formatBind } from '../settings/bind-address.ts'
import { ExitError, exitCodes } from './exit-codes.ts'

/** The listening socket of the server. */
export interface Listener {
  /** For people; an ephemeral port is the real one. */
  readonly address: string
  /** What a successor inherits (USR2). */
  readonly fd: number
  /** Stops accepting, once. With `keepPath`, a Unix socket stays for the successor that listens on it too. */
  close(options?: { readonly keepPath: boolean }): void
}

export interface ListenOptions {
  readonly bind: BindAddress
  /** A listening socket that was inherited; `bind` then only tells whose Unix socket's file it is. */
  readonly inheritedFd?: number | undefined
  readonly backlog: number
  readonly onConnection: (socket: Socket) => void
}

const socketMode = 0o666

/**
 * Listens. Accepted connections are not read from.
 *
 * @throws ExitError (bind) saying what is wrong with the address.
 */
export async function openListener({ bind, inheritedFd, backlog, onConnection }: ListenOptions): Promise<Listener> {
  const server = createServer({ pauseOnConnect: true }, onConnection)
  try {
    const fd = inheritedFd ?? (bind.kind === 'fd' ? bind.fd : undefined)
    if (fd !== undefined) await listen(server, { fd, backlog })
    else if (bind.kind === 'unix') await listenOnPath(server, bind.path, backlog)
    else if (bind.kind === 'tcp') await listen(server, { host: bind.host, port: bind.port, backlog })
  } catch (error) {
    throw new ExitError(exitCodes.bind, `Cannot listen on ${formatBind(bind)}: ${reasonOf(error)}`, { cause: error })
  }
  // Running out of file descriptors is reported here; connections wait in the kernel meanwhile.
  server.on('error', () => undefined)
  const path = bind.kind === 'unix' ? bind.path : undefined
  const inode = path ? inodeOf(path) : undefined
  let closed = false
  return {
    address: describe(server, bind),
    fd: fdOf(server),
    close({ keepPath } = { keepPath: false }) {
      if (closed) return
      closed = true
      server.close()
      if (path && inode && !keepPath && inodeOf(path) === inode) unlinkSync(path)
    },
  }
}

function listen(
  server: Server,
  options: { host?: string; port?: number; path?: string; fd?: number; backlog: number },
) {
  return new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ ...options, exclusive: true }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/**
 * Binds beside the path and renames: that replaces the file of a killed server in one step, and libuv, which unlinks the
 * name that it bound when the socket is closed, leaves the path to a successor.
 */
async function listenOnPath(server: Server, path: string, backlog: number): Promise<void> {
  if (await answers(path)) throw Object.assign(new Error('in use'), { code: 'EADDRINUSE' })
  const beside = `${path}.${process.pid}`
  await listen(server, { path: beside, backlog })
  chmodSync(beside, socketMode)
  renameSync(beside, path)
}

function answers(path: string): Promise<boolean> {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats && !stats.isSocket()) throw new Error('there is another file')
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the address is already in use by another process',
  EACCES: 'no permission',
  EADDRNOTAVAIL: 'this machine does not have that address',
  ENOTFOUND: 'the host name is unknown',
  EBADF: 'there is no such file descriptor',
  EINVAL: 'the file descriptor is no listening socket',
  ENOTSOCK: 'the file descriptor is no socket',
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return reasons[code ?? ''] ?? message
}

function describe(server: Server, bind: BindAddress): string {
  const address = server.address()
  if (typeof address === 'string' || address === null) return formatBind(bind)
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return `http://${host}:${address.port}`
}

function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino
}

/** node:net has no public name for the handle under a server. */
function fdOf(server: Server): number {
  const handle = '_handle' in server ? (server._handle as { fd?: number } | null) : null
  return handle?.fd ?? -1
}

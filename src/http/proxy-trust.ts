import type { IncomingMessage } from 'node:http'
import { BlockList, isIP, type Socket } from 'node:net'
import type { Config } from '../config.ts'

/** What a request says about where it comes from, as far as the proxies before us may be believed. */
export interface ProxyTrust {
  /** The address of the client, without a port; `unix` for one on a Unix socket, `unknown` for one that has gone. */
  clientAddress(req: IncomingMessage): string
  requestScheme(req: IncomingMessage): 'http' | 'https'
  /** Host and port as the client named them; `localhost` where it named none or nonsense. */
  requestHost(req: IncomingMessage): string
}

type TrustSettings = Pick<Config, 'forwardedAllowIps' | 'forwardedHops' | 'secureSchemeHeaders'>

/** Who has sent a request to us: an address, a Unix socket, or somebody who has gone before we asked. */
type Peer = string | typeof UNIX | typeof GONE
const UNIX = 'unix'
const GONE = 'unknown'

/** Addresses are looked at from the right, at most so many: the rest can only be what a client made up. */
const MAX_ENTRIES = 100
const HOST = /^(?:[a-z\d_](?:[\w.-]{0,253})|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i

/**
 * Decides whom to believe (README, "Proxies"). Each proxy appends to X-Forwarded-For the address that has called it, so
 * only the entries at the right are made by proxies that we trust; what stands left of them may be forged.
 *
 * - `*`: the peer is trusted, and with `forwardedHops` n that many proxies in a row: the client is the n-th entry from
 *   the right (with fewer entries the first one).
 * - addresses and networks: the client is the first entry from the right that is not one of them.
 * - none: the peer is the client.
 *
 * X-Forwarded-Proto and -Host are read at the same depth. `Forwarded` (RFC 7239) counts where the header for the same
 * thing is missing. A peer on a Unix socket has no address and is trusted unless nobody is.
 */
export function createProxyTrust(settings: TrustSettings): ProxyTrust {
  const everyone = settings.forwardedAllowIps.includes('*')
  const nobody = settings.forwardedAllowIps.length === 0
  const networks = everyone || nobody ? null : createNetworks(settings.forwardedAllowIps)
  const schemes = Object.entries(settings.secureSchemeHeaders)

  const isTrusted = (peer: Peer): boolean => {
    if (everyone) return true
    return !nobody && (peer === UNIX || isListed(networks, peer))
  }

  /** How many proxies in a row are trusted, the peer counted; 0 when it is not. */
  const depthOf = (req: IncomingMessage): number => {
    if (everyone) return settings.forwardedHops
    if (!isTrusted(peerOf(req.socket))) return 0
    const chain = forwardedFor(req)
    let depth = 1
    while (depth < chain.length && isListed(networks, addressOf(chain.at(-depth)))) depth++
    return depth
  }

  return {
    clientAddress(req) {
      const peer = peerOf(req.socket)
      if (nobody || !(req.headers['x-forwarded-for'] || req.headers.forwarded) || !isTrusted(peer)) return peer
      const chain = forwardedFor(req)
      // An entry that is no address says nothing: the proxy that has passed it on is the nearest that is known.
      for (let depth = Math.min(depthOf(req), chain.length); depth > 0; depth--) {
        const address = addressOf(chain.at(-depth))
        if (address) return address
      }
      return peer
    },
    requestScheme(req) {
      const own = 'encrypted' in req.socket && req.socket.encrypted ? 'https' : 'http'
      const depth = depthOf(req)
      if (depth === 0) return own
      const said = schemes.filter(([name]) => req.headers[name] !== undefined)
      if (said.length > 0) {
        const secure = said.some(([name, value]) => entryAt(listOf(req.headers[name]), depth)?.toLowerCase() === value)
        return secure ? 'https' : own
      }
      return entryAt(forwardedParts(req, 'proto'), depth)?.toLowerCase() === 'https' ? 'https' : own
    },
    requestHost(req) {
      const depth = depthOf(req)
      const header = req.headers['x-forwarded-host']
      const list = depth === 0 ? [] : header === undefined ? forwardedParts(req, 'host') : listOf(header)
      const named = [entryAt(list, depth), req.headers.host].find((host) => host && HOST.test(host))
      return named ?? 'localhost'
    },
  }
}

/**
 * The other end of a socket. A closed TCP socket has no address either, so that alone does not make a Unix socket: it
 * would be trusted. Node keeps an address that was asked for in time.
 */
function peerOf(socket: Socket): Peer {
  if (socket.remoteAddress) return plainAddress(socket.remoteAddress)
  return socket.destroyed || socket.localPort !== undefined ? GONE : UNIX
}

function createNetworks(entries: readonly string[]): BlockList {
  const networks = new BlockList()
  for (const entry of entries) {
    const [address = '', prefix] = entry.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (prefix === undefined) networks.addAddress(address, family)
    else networks.addSubnet(address, Number(prefix), family)
  }
  return networks
}

function isListed(networks: BlockList | null, address: string | null): boolean {
  if (!address || !networks) return false
  const version = isIP(address)
  return version > 0 && networks.check(address, version === 6 ? 'ipv6' : 'ipv4')
}

/** The chain of clients, nearest last. */
function forwardedFor(req: IncomingMessage): readonly string[] {
  const header = req.headers['x-forwarded-for']
  return header === undefined ? forwardedParts(req, 'for') : listOf(header)
}

/** The last entries of a header that each proxy appends to. */
function listOf(header: string | string[] | undefined): readonly string[] {
  const text = Array.isArray(header) ? header.join(',') : (header ?? '')
  return text.includes(',') ? text.split(',').slice(-MAX_ENTRIES) : [text]
}

/** One parameter of each element of `Forwarded`, '' where an element lacks it. */
function forwardedParts(req: IncomingMessage, name: 'for' | 'proto' | 'host'): readonly string[] {
  const { forwarded } = req.headers
  if (!forwarded) return []
  return listOf(forwarded).map((element) => {
    for (const pair of element.split(';')) {
      const mark = pair.indexOf('=')
      if (mark > 0 && pair.slice(0, mark).trim().toLowerCase() === name) return pair.slice(mark + 1).replace(/"/g, '')
    }
    return ''
  })
}

/** The entry that the outermost of `depth` trusted proxies has written; the first when there are fewer. */
function entryAt(list: readonly string[], depth: number): string | undefined {
  return list.at(-Math.min(depth, list.length))?.trim()
}

/** An entry's address: `1.2.3.4`, `1.2.3.4:80`, `::1`, `[::1]`, `[::1]:80`; null for `unknown`, `_name` and nonsense. */
function addressOf(entry: string | undefined): string | null {
  const text = entry?.trim().replace(/^"|"$/g, '') ?? ''
  if (text.length > 64) return null
  if (isIP(text)) return plainAddress(text)
  const [, bracketed, plain] = /^(?:\[([^\]]+)\](?::\w+)?|([^:]+):\w+)$/.exec(text) ?? []
  const address = bracketed ?? plain ?? ''
  return isIP(address) ? plainAddress(address) : null
}

/** An IPv4 address in IPv6 clothes (a dual-stack socket's) becomes plain; a zone (`%eth0`) is dropped. */
function plainAddress(address: string): string {
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? []
  return mapped ?? address.replace(/%.*$/, '')
}

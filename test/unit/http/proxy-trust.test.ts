import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { readConfig } from '../../../src/config.ts'
import { createProxyTrust } from '../../../src/http/proxy-trust.ts'

interface Told {
  readonly env?: Record<string, string>
  /** The peer's address; null is a Unix socket. */
  readonly peer?: string | null
  readonly closed?: boolean
  readonly encrypted?: boolean
  readonly headers?: IncomingHttpHeaders
}

function ask({ env = {}, peer = '10.0.0.9', closed = false, encrypted = false, headers = {} }: Told) {
  const trust = createProxyTrust(readConfig(env))
  const socket = {
    remoteAddress: closed || peer === null ? undefined : peer,
    localPort: closed || peer === null ? undefined : 8080,
    destroyed: closed,
    encrypted,
  }
  const req = { socket, headers } as unknown as IncomingMessage
  return { client: trust.clientAddress(req), scheme: trust.requestScheme(req), host: trust.requestHost(req) }
}

const nets = { FORWARDED_ALLOW_IPS: '10.0.0.0/8, 192.168.1.1, fd00::/8' }
const nobody = { FORWARDED_ALLOW_IPS: '' }
const xff = (text: string) => ({ 'x-forwarded-for': text })

describe('the client', () => {
  it.each<[string, Told, string]>([
    ['the peer without a header', {}, '10.0.0.9'],
    ['the last entry', { headers: xff('203.0.113.7') }, '203.0.113.7'],
    ['not what was forged before it', { headers: xff('1.1.1.1, 127.0.0.1, 203.0.113.7') }, '203.0.113.7'],
    [
      'the n-th entry with n hops',
      { env: { FORWARDED_HOPS: '2' }, headers: xff('1.1.1.1, 203.0.113.7, 10.0.0.1') },
      '203.0.113.7',
    ],
    [
      'the first of fewer entries',
      { env: { FORWARDED_HOPS: '3' }, headers: xff('203.0.113.7, 10.0.0.1') },
      '203.0.113.7',
    ],
    ['the peer where nobody is trusted', { env: nobody, headers: xff('203.0.113.7') }, '10.0.0.9'],
    ['the peer where it is not listed', { env: nets, peer: '8.8.8.8', headers: xff('203.0.113.7') }, '8.8.8.8'],
    [
      'the first unlisted entry',
      { env: nets, headers: xff('1.1.1.1, 203.0.113.7, 10.1.1.1, 192.168.1.1') },
      '203.0.113.7',
    ],
    ['never left of an unlisted entry', { env: nets, headers: xff('10.2.2.2, 203.0.113.7') }, '203.0.113.7'],
    ['the first entry where all are listed', { env: nets, headers: xff('10.2.2.2, 10.1.1.1') }, '10.2.2.2'],
    ['of a listed IPv6 network', { env: nets, peer: 'fd00::5', headers: xff('2001:db8::1, fd00::6') }, '2001:db8::1'],
    [
      'of a listed peer on a dual-stack socket',
      { env: nets, peer: '::ffff:10.0.0.9', headers: xff('203.0.113.7') },
      '203.0.113.7',
    ],
    ['plain from a dual-stack socket', { peer: '::ffff:203.0.113.7' }, '203.0.113.7'],
    ['without the port', { headers: xff('203.0.113.7:4711') }, '203.0.113.7'],
    ['IPv6 without brackets and port', { headers: xff('[2001:db8::1]:4711') }, '2001:db8::1'],
    ['bare IPv6', { headers: xff('2001:db8::1') }, '2001:db8::1'],
    ['mapped IPv6 as IPv4', { headers: xff('::ffff:203.0.113.7') }, '203.0.113.7'],
    ['the peer for unknown', { headers: xff('203.0.113.7, unknown') }, '10.0.0.9'],
    ['the peer for junk', { headers: xff('203.0.113.7, <script>alert(1)</script>') }, '10.0.0.9'],
    ['the peer for an empty header', { headers: xff('') }, '10.0.0.9'],
    ['the peer for a comma', { headers: xff('203.0.113.7,') }, '10.0.0.9'],
    ['the nearest known proxy before junk', { env: nets, headers: xff('203.0.113.7, unknown, 10.1.1.1') }, '10.1.1.1'],
    ['the last of very many', { headers: xff(`${'1.1.1.1,'.repeat(2000)}203.0.113.7`) }, '203.0.113.7'],
    [
      'bounded among very many listed ones',
      { env: nets, headers: xff(`1.1.1.1${',10.1.1.1'.repeat(2000)}`) },
      '10.1.1.1',
    ],
    ['the peer for one long entry', { headers: xff('1'.repeat(16_000)) }, '10.0.0.9'],
    ['behind a Unix socket', { peer: null, headers: xff('203.0.113.7') }, '203.0.113.7'],
    ['behind a Unix socket with a list', { env: nets, peer: null, headers: xff('203.0.113.7') }, '203.0.113.7'],
    ['a Unix socket itself', { peer: null }, 'unix'],
    ['a Unix socket where nobody is trusted', { env: nobody, peer: null, headers: xff('203.0.113.7') }, 'unix'],
    [
      'unknown when it has gone: that is no Unix socket',
      { env: nets, closed: true, headers: xff('6.6.6.6') },
      'unknown',
    ],
    ['from Forwarded', { headers: { forwarded: 'for=6.6.6.6, for="[2001:db8::1]:47";proto=https' } }, '2001:db8::1'],
    [
      'from X-Forwarded-For before Forwarded',
      { headers: { ...xff('203.0.113.7'), forwarded: 'for=6.6.6.6' } },
      '203.0.113.7',
    ],
    ['the peer for Forwarded without it', { headers: { forwarded: 'proto=https' } }, '10.0.0.9'],
    ['the peer for an obfuscated one', { headers: { forwarded: 'for=_hidden' } }, '10.0.0.9'],
  ])('is %s', (_what, told, client) => expect(ask(told).client).toBe(client))
})

describe('the scheme', () => {
  const proto = (text: string) => ({ 'x-forwarded-proto': text })
  const ssl = { SECURE_SCHEME_HEADERS: '{"X-Forwarded-Ssl": "on"}' }
  it.each<[string, Told, string]>([
    ['http', {}, 'http'],
    ['https on a TLS socket', { encrypted: true }, 'https'],
    ['https of X-Forwarded-Proto', { headers: proto('https') }, 'https'],
    ['https in any case', { headers: proto('HTTPS') }, 'https'],
    ['http of X-Forwarded-Proto', { headers: proto('http') }, 'http'],
    ['what the nearest proxy has appended', { headers: proto('https, http') }, 'http'],
    ['what the outermost of two says', { env: { FORWARDED_HOPS: '2' }, headers: proto('https, http') }, 'https'],
    ['http for junk', { headers: proto('javascript') }, 'http'],
    ['not for a peer that is not listed', { env: nets, peer: '8.8.8.8', headers: proto('https') }, 'http'],
    ['not where nobody is trusted', { env: nobody, headers: proto('https') }, 'http'],
    ['not of a Unix socket where nobody is trusted', { env: nobody, peer: null, headers: proto('https') }, 'http'],
    ['not of a peer that has gone', { env: nets, closed: true, headers: proto('https') }, 'http'],
    ['https for a listed peer', { env: nets, headers: proto('https') }, 'https'],
    ['of another header', { env: ssl, headers: { 'x-forwarded-ssl': 'on' } }, 'https'],
    ['only of the headers that count', { env: ssl, headers: proto('https') }, 'http'],
    ['https of Forwarded', { headers: { forwarded: 'for=1.1.1.1;proto=https' } }, 'https'],
    ['http where Forwarded is forged', { headers: { ...proto('http'), forwarded: 'proto=https' } }, 'http'],
  ])('is %s', (_what, told, scheme) => expect(ask(told).scheme).toBe(scheme))
})

describe('the host', () => {
  const host = 'inner:8080'
  it.each<[string, Told, string]>([
    ['of the request', { headers: { host } }, 'inner:8080'],
    ['of X-Forwarded-Host', { headers: { host, 'x-forwarded-host': 'ibutsu.example.com' } }, 'ibutsu.example.com'],
    ['with its port', { headers: { host, 'x-forwarded-host': 'ibutsu.example.com:8443' } }, 'ibutsu.example.com:8443'],
    ['an IPv6 address', { headers: { host: '[2001:db8::1]:80' } }, '[2001:db8::1]:80'],
    ['the last that was appended', { headers: { host, 'x-forwarded-host': 'evil.com, real.com' } }, 'real.com'],
    ['of Forwarded', { headers: { host, forwarded: 'for=1.1.1.1;Host="real.com:81"' } }, 'real.com:81'],
    [
      'of the request for a stranger',
      { env: nets, peer: '8.8.8.8', headers: { host, 'x-forwarded-host': 'evil.com' } },
      host,
    ],
    ['of the request for junk', { headers: { host, 'x-forwarded-host': 'evil.com/path' } }, host],
    ['of the request for credentials', { headers: { host, 'x-forwarded-host': 'a@evil.com' } }, host],
    ['localhost where none is good', { headers: { host: 'a b' } }, 'localhost'],
    ['localhost without one', {}, 'localhost'],
  ])('is %s', (_what, told, wanted) => expect(ask(told).host).toBe(wanted))
})

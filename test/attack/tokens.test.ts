import { createHmac, createSign, generateKeyPairSync, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../helpers/server.ts'
import { findLeak } from './helpers/leaks.ts'
import { sendRaw, statusesOf } from './helpers/raw-http.ts'

const SECRET = 'a secret for tests'
const ISSUER = 'org.ibutsu-project.server'

let server: TestServer
let uma: string

beforeAll(async () => {
  server = await startTestServer()
  uma = await server.addUser('uma')
})
afterAll(() => server.close())

const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
const now = () => Math.floor(Date.now() / 1000)
const claims = (more: object = {}) => ({
  iss: ISSUER,
  iat: now(),
  exp: now() + 600,
  sub: uma,
  use: 'login',
  gen: 0,
  ...more,
})
const hmac = (hash: string, text: string, key: string | Buffer = SECRET) =>
  createHmac(hash, key).update(text).digest('base64url')

/** A token signed with our secret, whatever stands in its header and payload. */
function sign(
  payload: unknown,
  header: unknown = { alg: 'HS256', typ: 'JWT' },
  hash = 'sha256',
  key?: string | Buffer,
) {
  const text = `${encode(header)}.${encode(payload)}`
  return `${text}.${hmac(hash, text, key)}`
}
const use = (token: string, headers: Record<string, string> = {}) =>
  server.send('GET', '/api/user', { as: null, headers: { authorization: `Bearer ${token}`, ...headers } })

it('a token as the server makes them is let in (else nothing below proves anything)', async () => {
  expect((await use(sign(claims()))).status).toBe(200)
})

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = publicKey.export({ type: 'spki', format: 'pem' }) as string
const jwk = publicKey.export({ format: 'jwk' })

function signRsa(header: object): string {
  const text = `${encode(header)}.${encode(claims())}`
  return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey, 'base64url')}`
}

const forged: Readonly<Record<string, () => string>> = {
  'alg none, no signature': () => `${encode({ alg: 'none', typ: 'JWT' })}.${encode(claims())}.`,
  'alg None': () => `${encode({ alg: 'None' })}.${encode(claims())}.`,
  'alg nOnE with a signature': () => sign(claims(), { alg: 'nOnE' }),
  'alg none, two parts': () => `${encode({ alg: 'none' })}.${encode(claims())}`,
  'no alg': () => sign(claims(), { typ: 'JWT' }),
  'alg as a list': () => sign(claims(), { alg: ['HS256'] }),
  'HS512 with our secret': () => sign(claims(), { alg: 'HS512' }, 'sha512'),
  'HS384 with our secret': () => sign(claims(), { alg: 'HS384' }, 'sha384'),
  'RS256 with a key of theirs': () => signRsa({ alg: 'RS256', typ: 'JWT' }),
  'RS256 with the key in the header': () => signRsa({ alg: 'RS256', jwk }),
  'ES256 with a signature of ours': () => sign(claims(), { alg: 'ES256' }),
  'EdDSA with a signature of ours': () => sign(claims(), { alg: 'EdDSA' }),
  'dir, as if it were encrypted': () => sign(claims(), { alg: 'dir', enc: 'A128GCM' }),
  'HS256 in small letters': () => sign(claims(), { alg: 'hs256' }),
  'HS256 keyed with a public key': () => sign(claims(), { alg: 'HS256', jwk }, 'sha256', pem),
  'HS256 with an empty key': () => sign(claims(), undefined, 'sha256', ''),
  'HS256 with NULs': () => sign(claims(), undefined, 'sha256', Buffer.alloc(32)),
  'kid as a path': () => sign(claims(), { alg: 'HS256', kid: '../../../../dev/null' }, 'sha256', ''),
  'kid as SQL': () => sign(claims(), { alg: 'HS256', kid: "x' union select 'key' --" }, 'sha256', 'key'),
  'jku of theirs': () => signRsa({ alg: 'RS256', jku: 'http://127.0.0.1:1/keys', kid: 'a' }),
  'x5u of theirs': () => signRsa({ alg: 'RS256', x5u: 'http://127.0.0.1:1/cert', x5c: ['AAAA'] }),
  'a critical extension': () => sign(claims(), { alg: 'HS256', crit: ['exp'], exp: 1 }),
  'an unencoded payload': () => sign(claims(), { alg: 'HS256', b64: false, crit: ['b64'] }),
  'another issuer': () => sign(claims({ iss: 'https://elsewhere.example.com' })),
  'a list of issuers': () => sign(claims({ iss: [ISSUER] })),
  'no issuer': () => sign({ ...claims(), iss: undefined }),
  expired: () => sign(claims({ exp: now() - 1 })),
  'without an end': () => sign({ ...claims(), exp: undefined }),
  'an end that is text': () => sign(claims({ exp: '9999999999' })),
  'an end that is null': () => sign(claims({ exp: null })),
  'an end beyond the numbers': () => sign(`{"iss":"${ISSUER}","iat":${now()},"exp":1e999,"sub":"${uma}"}`),
  'made in the future': () => sign(claims({ iat: now() + 3600, exp: now() + 7200 })),
  'not valid yet': () => sign(claims({ nbf: now() + 3600 })),
  'no subject': () => sign({ ...claims(), sub: undefined }),
  'a subject as a list': () => sign(claims({ sub: [uma] })),
  'a subject as an object': () => sign(claims({ sub: { toString: 1 } })),
  'a subject as SQL': () => sign(claims({ sub: `${uma}' or '1'='1` })),
  'a subject that nobody has': () => sign(claims({ sub: randomUUID() })),
  'a doubled subject': () =>
    sign(
      JSON.stringify(claims())
        .replace('{', `{"sub":"${uma}",`)
        .replace(/"sub":"[^"]+"(?=,"use")/, `"sub":"${randomUUID()}"`),
    ),
  'doubled ends, the last one past': () =>
    sign(JSON.stringify(claims({ exp: 1 })).replace('{', `{"exp":${now() + 600},`)),
  'an API token that no row holds': () => sign(claims({ use: 'api' })),
  'a generation of another password': () => sign(claims({ gen: 7 })),
  'a payload that is a list': () => sign([claims()]),
  'a payload that is text': () => sign('"x"'),
  'a payload that is no JSON': () => sign('{'),
  'a payload with broken UTF-8': () => {
    const text = `${encode({ alg: 'HS256' })}.${Buffer.from([0x7b, 0xff, 0x7d]).toString('base64url')}`
    return `${text}.${hmac('sha256', text)}`
  },
  'one letter of the signature changed': () => sign(claims()).replace(/.$/, (letter) => (letter === 'A' ? 'Q' : 'A')),
  'garbage behind it': () => `${sign(claims())}AAAA`,
  'a letter of another alphabet behind it': () => `${sign(claims())}!`,
  'no signature': () => sign(claims()).replace(/[^.]+$/, ''),
  'five parts': () => `${sign(claims())}.a.b`,
  'its parts swapped': () => sign(claims()).split('.').reverse().join('.'),
  huge: () => sign(claims({ pad: 'x'.repeat(40_000), iss: 'x' })),
  'a deep header': () => sign(claims(), `${'['.repeat(10_000)}${']'.repeat(10_000)}`),
  blank: () => ' ',
  'a word': () => 'null',
}

describe('forged and worn-out tokens are a 401', () => {
  it.each(Object.entries(forged))('%s', async (_name, make) => {
    const answer = await use(make())
    expect([answer.status, answer.type, findLeak(answer.text)]).toEqual([401, 'application/problem+json', null])
  })

  it('a deleted token does not come back in another spelling', async () => {
    const json = { name: 'ci', expires: '2099-01-01T00:00:00' }
    const { id, token } = (await server.send('POST', '/api/user/token', { as: 'uma', json })).body
    expect((await use(token)).status).toBe(200)
    expect((await server.send('DELETE', `/api/user/token/${id}`, { as: 'uma' })).status).toBe(200)
    const spellings = [
      token,
      `${token}=`,
      `${token}==`,
      `${token}\t`,
      token.replace(/[-_]/g, '+'),
      token.replace('.', ' .'),
    ]
    for (const spelling of spellings) expect((await use(spelling)).status).toBe(401)
  })

  it('no token is taken from anywhere but the header', async () => {
    const token = sign(claims())
    for (const [name, value] of [
      ['cookie', `token=${token}; authorization=Bearer ${token}`],
      ['x-access-token', token],
      ['x-forwarded-authorization', `Bearer ${token}`],
      ['proxy-authorization', `Bearer ${token}`],
    ] as const) {
      const answer = await server.send('GET', '/api/user', { as: null, headers: { [name]: value } })
      expect([name, answer.status]).toEqual([name, 401])
    }
    const inQuery = ['token', 'access_token', 'authorization'].map((name) => [name, token] as const)
    expect((await server.send('GET', '/api/user', { as: null, query: inQuery })).status).toBe(401)
  })

  it('of two headers the first one counts, and a pair does not add up', async () => {
    const [good, bad] = [sign(claims()), sign(claims({ exp: 1 }))]
    const two = (first: string, second: string) =>
      sendRaw(
        server.url,
        `GET /api/user HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${first}\r\nAuthorization: Bearer ${second}\r\n\r\n`,
      )
    expect(statusesOf(await two(bad, good))).toEqual([401])
    expect(statusesOf(await two('', good))).toEqual([401])
    expect((await use(`${bad}, Bearer ${good}`)).status).toBe(401)
    expect((await use(`${good}, Bearer ${bad}`)).status).toBe(401)
  })

  it('a header larger than any token is refused and the server lives', async () => {
    const raw = await sendRaw(
      server.url,
      `GET /api/user HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${'x'.repeat(70_000)}\r\n\r\n`,
    )
    expect(statusesOf(raw)).toEqual([431])
    const huge = `GET /api/user HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${'x'.repeat(8_000_000)}\r\n\r\n`
    // It may be cut off while it is still being sent.
    expect([[], [431]]).toContainEqual(statusesOf(await sendRaw(server.url, huge)))
    expect((await use(sign(claims()))).status).toBe(200)
  })

  it('a token of an installation that kept the default issuer stays good when JWT_ISSUER is set', async () => {
    const renamed = await startTestServer({ JWT_ISSUER: 'ibutsu.example.com' })
    try {
      const [admin] = (await renamed.ctx.db.query<{ id: string }>({ text: 'select id from users' })).rows
      const ask = (iss: string) =>
        renamed.send('GET', '/api/user', {
          as: null,
          headers: { authorization: `Bearer ${sign(claims({ sub: admin?.id, iss }))}` },
        })
      expect((await ask(ISSUER)).status).toBe(200)
      expect((await ask('ibutsu.example.com')).status).toBe(200)
      expect((await ask('elsewhere.example.com')).status).toBe(401)
    } finally {
      await renamed.close()
    }
  })
})

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { redisOptionsOf } from '../../../src/redis/redis-url.ts'

const plain = { host: 'redis', port: 6379, db: 0 }

test.each([
  ['redis://redis', plain],
  ['redis://redis:6380/3', { ...plain, port: 6380, db: 3 }],
  ['redis://:p%40ss%2Fword@redis:6379/0', { ...plain, password: 'p@ss/word' }],
  ['redis://me:secret@redis?db=2', { ...plain, username: 'me', password: 'secret', db: 2 }],
  ['redis://[::1]:6379', { ...plain, host: '::1' }],
  ['rediss://redis:6379', { ...plain, tls: { servername: 'redis' } }],
  ['rediss://10.0.0.7', { ...plain, host: '10.0.0.7', tls: {} }],
  ['rediss://redis?ssl_cert_reqs=CERT_NONE', { ...plain, tls: { servername: 'redis', rejectUnauthorized: false } }],
  ['rediss://redis?ssl_cert_reqs=none', { ...plain, tls: { servername: 'redis', rejectUnauthorized: false } }],
  ['redis+socket:///run/redis.sock?virtual_host=4', { path: '/run/redis.sock', db: 4 }],
  ['amqp://guest@rabbit//', null],
  ['memory://', null],
  ['nonsense', null],
])('%s', (url, options) => {
  expect(redisOptionsOf(url)).toEqual(options)
})

test('files that the URL names are read', () => {
  const [key, cert] = ['key', 'cert'].map((name) =>
    fileURLToPath(new URL(`../../fixtures/tls/${name}.pem`, import.meta.url)),
  )
  const options = redisOptionsOf(
    `rediss://redis?ssl_cert_reqs=required&ssl_ca_certs=${cert}&ssl_certfile=${cert}&ssl_keyfile=${key}`,
  )
  const read = readFileSync(cert as string)
  expect(options?.tls).toEqual({ servername: 'redis', ca: read, cert: read, key: readFileSync(key as string) })
  expect(() => redisOptionsOf('rediss://redis?ssl_ca_certs=/nowhere.pem')).toThrow('/nowhere.pem')
})

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
  ['rediss://redis?ssl_cert_reqs=CERT_NONE', { ...plain, tls: { rejectUnauthorized: false } }],
  ['rediss://redis?ssl_cert_reqs=none', { ...plain, tls: { rejectUnauthorized: false } }],
  ['redis+socket:///run/redis.sock?virtual_host=4', { path: '/run/redis.sock', db: 4 }],
  ['amqp://guest@rabbit//', null],
  ['memory://', null],
  ['nonsense', null],
])('%s', (url, options) => {
  expect(redisOptionsOf(url)).toEqual(options)
})

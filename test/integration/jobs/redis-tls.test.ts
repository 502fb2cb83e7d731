import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { enqueueJob } from '../../../src/jobs/enqueue-job.ts'
import { createJobBench, doing, type JobBench } from '../../helpers/job-context.ts'
import { describeWithRedis, startRedis, type TestRedis } from '../../helpers/redis.ts'
import { eventually } from '../../helpers/server.ts'

/** An authority, and a certificate of its for the address that the test's Redis has. */
function makeCertificates(folder: string) {
  const file = (name: string) => join(folder, name)
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  const openssl = (...args: string[]) => execFileSync('openssl', ['req', '-x509', ...key, ...args], { stdio: 'pipe' })
  for (const name of ['ca', 'other-ca'])
    openssl('-keyout', file(`${name}.key`), '-out', file(`${name}.crt`), '-subj', `/CN=${name}`)
  const from = ['-CA', file('ca.crt'), '-CAkey', file('ca.key')]
  const names = ['-subj', '/CN=redis', '-addext', 'subjectAltName=IP:127.0.0.1', '-addext', 'basicConstraints=CA:FALSE']
  openssl('-keyout', file('redis.key'), '-out', file('redis.crt'), ...from, ...names)
  return { ca: file('ca.crt'), otherCa: file('other-ca.crt'), cert: file('redis.crt'), key: file('redis.key') }
}

describeWithRedis('jobs over a Redis with TLS and a password', () => {
  let folder: string
  let certificates: ReturnType<typeof makeCertificates>
  let redis: TestRedis
  let bench: JobBench

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ibutsu-tls-'))
    certificates = makeCertificates(folder)
    redis = await startRedis({ password: 'p@ss:w/rd', tls: certificates })
    bench = await createJobBench()
  })
  afterAll(async () => {
    await bench.close()
    await redis.stop()
    await rm(folder, { recursive: true })
  })

  /** A worker and a web process on this broker; runs a job and gives how many deliveries Redis has seen since. */
  const runOneJob = async (broker: string, untilUp: boolean) => {
    const settings = { CELERY_BROKER_URL: broker }
    const [web, work] = [await bench.open(settings), await bench.open(settings)]
    const worker = bench.start(work, { definitions: doing(async () => 1), concurrency: 1 })
    if (untilUp)
      for (const { jobs } of [web, work])
        expect(
          await eventually(
            async () => (await jobs.queue())?.isUp() ?? false,
            (up) => up,
          ),
        ).toBe(true)
    const before = await deliveries()
    const id = await enqueueJob(web.db, { name: 'import', payload: {} })
    web.jobs.wake()
    expect(await bench.jobIn(id, 'done')).toMatchObject({ result: 1, attempts: 1 })
    await worker.stop(0)
    return (await deliveries()) - before
  }
  /** Bull counts what it is given. */
  const deliveries = async () => Number(await redis.run('GET', 'ibutsu:jobs:id')) || 0
  test('they are delivered when the authority is named', async () => {
    expect(
      await runOneJob(`${redis.url}?ssl_cert_reqs=required&ssl_ca_certs=${certificates.ca}`, true),
    ).toBeGreaterThan(0)
  })

  test('they are delivered when the certificate is not to be checked', async () => {
    expect(await runOneJob(`${redis.url}?ssl_cert_reqs=CERT_NONE`, true)).toBeGreaterThan(0)
  })

  test.each([
    ['an authority that nobody knows', () => redis.url],
    ['another authority', () => `${redis.url}?ssl_ca_certs=${certificates.otherCa}`],
    ['a wrong password', () => `${redis.url.replace('p%40ss', 'pass')}?ssl_ca_certs=${certificates.ca}`],
    ['no TLS', () => redis.url.replace('rediss:', 'redis:')],
    ['an authority in a file that is not there', () => `${redis.url}?ssl_ca_certs=${folder}/nothing.crt`],
    ['a server that is not there', () => `rediss://:x@127.0.0.1:1/0?ssl_ca_certs=${certificates.ca}`],
  ])('%s: they go through PostgreSQL', async (_what, broker) => {
    expect(await runOneJob(broker(), false)).toBe(0)
  })
})

test('a Redis that never answers is an error of the helper', async () => {
  await expect(startRedis({ program: '/bin/true', startMs: 200 })).rejects.toThrow('/bin/true does not answer')
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type JobWorker, startJobWorker } from '../../src/jobs/job-worker.ts'
import { runSql } from '../helpers/database.ts'
import { type MailServer, type ReceivedMail, startMailServer } from '../helpers/mail-server.ts'
import { eventually, startTestServer, type TestServer } from '../helpers/server.ts'

let mails: MailServer
let server: TestServer
let worker: JobWorker

const settingsFor = (port: number) => ({
  BACKEND_URL: 'https://tests.example.com',
  FRONTEND_URL: 'https://pages.example.com',
  MAIL_SERVER: '127.0.0.1',
  MAIL_PORT: String(port),
  MAIL_USERNAME: 'mailer',
  MAIL_PASSWORD: 'secret',
  MAIL_DEFAULT_SENDER: 'Ibutsu <ibutsu@tests.example.com>',
})

beforeAll(async () => {
  mails = await startMailServer()
  server = await startTestServer(settingsFor(mails.port))
  worker = startJobWorker(server.ctx, { pollMs: 100, pausesMs: [50, 50, 50] })
})
afterAll(async () => {
  await worker?.stop(1000)
  await server?.close()
  await mails?.close()
})

const post = (path: string, json: object, to = server) => to.send('POST', `/api/login${path}`, { as: null, json })
const register = (name: string) => post('/register', { email: `${name}@example.com`, password: 'pw' })
const jobs = () =>
  runSql<{ state: string; text: string; error: string | null }>(
    server.databaseUrl,
    "select state, error, jobs::text as text from jobs where name = 'mail' order by created",
  )
const jobsFor = async (name: string) => (await jobs()).filter(({ text }) => text.includes(`${name}@example.com`))
const codeOf = async (name: string) => {
  const [row] = await runSql<{ activation_code: string | null }>(
    server.databaseUrl,
    `select activation_code from users where email = '${name}@example.com'`,
  )
  return row?.activation_code ?? null
}
const headerOf = ({ raw }: ReceivedMail, name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(raw)?.[1]?.trim()
/** Long lines are folded on the way. */
const linesOf = ({ raw }: ReceivedMail) => raw.slice(raw.indexOf('\r\n\r\n')).replace(/=\r\n/g, '').split('\r\n')

describe('a registration', () => {
  it('sends a link that activates, and keeps it nowhere else', async () => {
    expect((await register('rita')).status).toBe(201)
    const [mail] = await mails.mailsTo('rita@example.com')
    if (!mail) throw new Error('no mail came')
    expect(headerOf(mail, 'subject')).toBe('[Ibutsu] Registration Confirmation')
    expect(headerOf(mail, 'content-type')).toContain('text/plain')
    expect([mail.from, mail.to]).toEqual(['ibutsu@tests.example.com', ['rita@example.com']])
    const link = linesOf(mail).find((line) => line.startsWith('https:')) ?? ''
    expect(link).toBe(`https://tests.example.com/api/login/activate/${await codeOf('rita')}`)
    expect(linesOf(mail).filter(Boolean).at(-1)).toBe('Ibutsu')
    const activated = await server.send('GET', new URL(link).pathname, { as: null })
    expect(activated.headers.get('location')).toContain('st=success')
    const [job] = await eventually(
      () => jobsFor('rita'),
      ([made]) => made?.state === 'done',
    )
    expect(job?.state).toBe('done')
    expect(job?.text).not.toContain(link.split('/').at(-1))
  })

  it('is one mail to one address, whatever stands in it', async () => {
    await post('/register', { email: 'a@example.com, b@example.com', password: 'pw' })
    await eventually(jobs, (rows) => rows.every(({ state }) => state === 'done' || state === 'failed'))
    expect(mails.mails.filter(({ to }) => to.includes('b@example.com') || to.length > 1)).toEqual([])
  })

  it('is answered at once, and its mail tried again, when the mail server has trouble', async () => {
    mails.refuse = { at: 'data', status: 451, times: 2 }
    expect((await register('ruth')).status).toBe(201)
    const received = await mails.mailsTo('ruth@example.com')
    expect(received).toHaveLength(1)
    const [job] = await eventually(
      () => jobsFor('ruth'),
      ([made]) => made?.state === 'done',
    )
    expect(job?.state).toBe('done')
  })

  it('is not tried again for an address that the mail server refuses for good', async () => {
    mails.refuse = { at: 'recipient', status: 550, times: 1 }
    await register('roy')
    const [job] = await eventually(
      () => jobsFor('roy'),
      ([made]) => made?.state === 'failed',
    )
    expect([job?.state, mails.refuse.times]).toEqual(['failed', 0])
    expect(job?.text).not.toContain(await codeOf('roy'))
  })
})

describe('a recovery', () => {
  it('sends a link for a new password to those who have an account', async () => {
    await server.addUser('rose')
    expect((await post('/recover', { email: 'rose@example.com' })).status).toBe(201)
    const [mail] = await mails.mailsTo('rose@example.com')
    if (!mail) throw new Error('no mail came')
    expect(headerOf(mail, 'subject')).toBe('[Ibutsu] Password Recovery')
    expect(linesOf(mail)).toContain(`https://pages.example.com/reset-password/${await codeOf('rose')}`)
  })

  it('does the same work for an address without account, and sends nothing', async () => {
    expect((await post('/recover', { email: 'nobody@example.com' })).status).toBe(201)
    const [job] = await eventually(
      () => jobsFor('nobody'),
      ([made]) => made?.state === 'done',
    )
    expect(job?.state).toBe('done')
    expect(mails.mails.filter(({ to }) => to.includes('nobody@example.com'))).toEqual([])
  })
})

describe('without MAIL_SERVER', () => {
  it('no job is made', async () => {
    const plain = await startTestServer()
    try {
      await post('/register', { email: 'rex@example.com', password: 'pw' }, plain)
      await post('/recover', { email: 'rex@example.com' }, plain)
      expect(await runSql(plain.databaseUrl, "select name from jobs where name = 'mail'")).toEqual([])
    } finally {
      await plain.close()
    }
  })
})

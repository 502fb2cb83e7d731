import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'
import { eventually } from './server.ts'

export interface ReceivedMail {
  readonly from: string
  readonly to: readonly string[]
  /** Head and body as sent. */
  readonly raw: string
}

export interface MailServer {
  readonly port: number
  readonly mails: ReceivedMail[]
  /** How the next mails are refused: an SMTP status; null takes them. */
  refuse: { at: 'recipient' | 'data'; status: number; times: number } | null
  /** The mails to an address, once there are `count`. */
  mailsTo(address: string, count?: number): Promise<ReceivedMail[]>
  close(): Promise<void>
}

/** A mail server on loopback that keeps what it gets. It asks for the account `mailer` with the password `secret`. */
export async function startMailServer(): Promise<MailServer> {
  const refusal = (at: 'recipient' | 'data') => {
    const { refuse } = mailServer
    if (refuse?.at !== at || refuse.times-- <= 0) return undefined
    return Object.assign(new Error('refused'), { responseCode: refuse.status })
  }
  const server = new SMTPServer({
    hideSTARTTLS: true,
    allowInsecureAuth: true,
    onAuth({ username, password }, _session, done) {
      if (username === 'mailer' && password === 'secret') done(null, { user: username })
      else done(new Error('wrong password'))
    },
    onRcptTo(_address, _session, done) {
      done(refusal('recipient'))
    },
    onData(stream, { envelope }, done) {
      text(stream).then((raw) => {
        const error = refusal('data')
        if (!error) {
          const from = envelope.mailFrom ? envelope.mailFrom.address : ''
          mailServer.mails.push({ from, to: envelope.rcptTo.map(({ address }) => address), raw })
        }
        done(error)
      }, done)
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const mailServer: MailServer = {
    port: (server.server.address() as AddressInfo).port,
    mails: [],
    refuse: null,
    mailsTo(address, count = 1) {
      const found = async () => mailServer.mails.filter(({ to }) => to.includes(address))
      return eventually(found, (mails) => mails.length >= count)
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
  return mailServer
}

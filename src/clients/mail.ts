import type { Config } from '../config.ts'

export interface Mail {
  readonly to: string
  readonly subject: string
  /** Plain text. */
  readonly text: string
}

/** A mail that the server refused for good, like one to an address that does not exist. */
export class MailRefused extends Error {
  override name = 'MailRefused'
}

const TIMEOUT_MS = 10_000

/**
 * Hands a mail to the mail server of the settings; with MAIL_SUPPRESS_SEND to nobody.
 *
 * @throws MailRefused when another try would be refused too, and other Errors for all that may heal.
 */
export async function sendMail(config: Config, { to, subject, text }: Mail): Promise<void> {
  // Web processes never send.
  const { createTransport } = await import('nodemailer')
  const transport = createTransport({
    ...(config.mailSuppressSend ? { jsonTransport: true } : serverOf(config)),
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const from = config.mailDefaultSender || `Ibutsu <no-reply@${hostOf(config.backendUrl)}>`
  try {
    // As an object it is one address, whatever stands in it.
    await transport.sendMail({ from, to: { name: '', address: to }, subject, text })
  } catch (error) {
    const { responseCode = 0, message } = error as Error & { responseCode?: number }
    throw responseCode >= 500 && isAboutRecipient(error) ? new MailRefused(message) : error
  } finally {
    transport.close()
  }
}

function serverOf(config: Config) {
  const { mailServer, mailPort, mailUsername, mailPassword = '', mailUseSsl, mailUseTls } = config
  return {
    host: mailServer ?? '',
    port: mailPort,
    secure: mailUseSsl,
    requireTLS: mailUseTls,
    ignoreTLS: !mailUseTls,
    ...(mailUsername ? { auth: { user: mailUsername, pass: mailPassword } } : {}),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
  }
}

/** A refused login or sender is a mistake of the settings, which somebody may mend meanwhile. */
function isAboutRecipient(error: unknown): boolean {
  return (error as { command?: string }).command === 'RCPT TO'
}

function hostOf(url: string): string {
  return URL.parse(url)?.hostname || 'localhost'
}

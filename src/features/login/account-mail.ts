import { type Mail, MailRefused, sendMail } from '../../clients/mail.ts'
import type { AppContext } from '../../context.ts'
import type { Queryable } from '../../db/queryable.ts'
import { enqueueJob } from '../../jobs/enqueue-job.ts'
import { JobRefused } from '../../jobs/job-definition.ts'
import { priorities } from '../../jobs/job-names.ts'
import { findCode } from './login-sql.ts'

/** A mail with a link. The link's code is not in it: it is read from the account when the mail is sent. */
export type AccountMail = {
  readonly kind: 'activation' | 'recovery'
  readonly email: string
}

/**
 * Puts a mail on its way in the transaction of its cause: a worker sends it, and tries again when the mail server is down.
 * Nothing without MAIL_SERVER. `id` makes it one mail however often the transaction is tried. An address without account
 * is welcome: that nothing is to be sent is found out later, so that the answer's time tells nobody.
 */
export async function enqueueAccountMail(ctx: AppContext, tx: Queryable, id: string, mail: AccountMail): Promise<void> {
  if (!ctx.config.mailServer) return
  const dedupeKey = `${mail.kind} ${mail.email}`
  await enqueueJob(tx, { id, name: 'mail', payload: mail, dedupeKey, priority: priorities.interactive })
}

/** After the commit: wakes the workers, or hands the link to the one who runs the server when there is no mail. */
export function announceAccountMail(ctx: AppContext, mail: AccountMail, code: string | null): void {
  if (ctx.config.mailServer) ctx.jobs.wake()
  else if (code) {
    ctx.log.info({ activation: true, email: mail.email, link: linkOf(ctx, mail, code) }, 'no mail is configured')
  }
}

/**
 * Sends a mail, if its account still waits for it: somebody may have used the code or changed the account meanwhile.
 *
 * @throws JobRefused when the mail server refuses the address for good.
 */
export async function sendAccountMail(ctx: AppContext, mail: AccountMail): Promise<void> {
  const account = await findCode(ctx.db, mail.email)
  if (!account || (mail.kind === 'activation' && account.is_active)) return
  try {
    await sendMail(ctx.config, composeMail(mail, linkOf(ctx, mail, account.activation_code)))
  } catch (error) {
    throw error instanceof MailRefused ? new JobRefused(error.message) : error
  }
}

/** Where a mail's reader is sent (access.md 2). */
function linkOf({ config }: AppContext, { kind }: AccountMail, code: string): string {
  return kind === 'activation'
    ? `${config.backendUrl}/api/login/activate/${code}`
    : `${config.frontendUrl}/reset-password/${code}`
}

function composeMail({ kind, email }: AccountMail, link: string): Mail {
  const [subject, opening, closing] = texts[kind]
  return { to: email, subject, text: `${opening}\n\n${link}\n\n${closing}\n\nIbutsu\n` }
}

const texts = {
  activation: [
    '[Ibutsu] Registration Confirmation',
    'Hello,\n\nthanks for registering. Your account is nearly ready: please follow this link to confirm your address.',
    'If you did not ask for an account, there is nothing to do: without the link it stays closed.',
  ],
  recovery: [
    '[Ibutsu] Password Recovery',
    'Hello,\n\nsomebody, probably you, asked for a new password for this address. Please follow this link to choose one.',
    'If it was not you, there is nothing to do: your password has not changed.',
  ],
} as const satisfies Record<AccountMail['kind'], readonly [string, string, string]>

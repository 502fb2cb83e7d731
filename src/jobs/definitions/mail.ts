import { type AccountMail, sendAccountMail } from '../../features/login/account-mail.ts'
import type { JobDefinition } from '../job-definition.ts'

/** Sends a mail with a link. Cut off at the wrong moment it is sent twice, which does no harm. */
export const mailJob: JobDefinition<AccountMail> = {
  name: 'mail',
  async run(ctx, mail) {
    await sendAccountMail(ctx, mail)
    return null
  },
}

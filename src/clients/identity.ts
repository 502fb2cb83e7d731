/** Whom a provider vouches for. */
export interface Identity {
  /** An address that the provider has verified. */
  readonly email: string
  readonly name: string | null
}

/** A provider's answer that lets nobody in; the message is for the log. */
export class IdentityRefused extends Error {
  override name = 'IdentityRefused'
}

/**
 * Makes an identity of what a provider says.
 *
 * @throws IdentityRefused without an address, or with one that is not verified: whoever can write an address into a
 *   profile would get its account.
 */
export function identityOf(email: unknown, isVerified: boolean, name: unknown): Identity {
  if (typeof email !== 'string' || !email.includes('@') || !email.isWellFormed()) {
    throw new IdentityRefused('the provider gave no e-mail')
  }
  if (!isVerified) throw new IdentityRefused('the provider has not verified the e-mail')
  return { email, name: typeof name === 'string' && name !== '' ? name : null }
}

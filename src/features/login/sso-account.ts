import type { Identity } from '../../clients/identity.ts'
import type { AppContext } from '../../context.ts'
import { withTransaction } from '../../db/transaction.ts'
import { violatedConstraint } from '../../db/violations.ts'
import { newId } from '../../ids/uuid.ts'
import { EMAIL_INDEX, insertUser } from '../user/user-sql.ts'
import { type Credentials, findCredentials } from './login-sql.ts'

/**
 * The account of an address that a provider vouches for. An existing one is taken as it is (access.md 3.3); else an active
 * one is made, without projects and without a password.
 */
export async function linkAccount(ctx: AppContext, identity: Identity): Promise<Credentials> {
  const known = await findCredentials(ctx.db, identity.email)
  if (known) return known
  const row = { id: newId(), ...identity, is_superadmin: false, is_active: true, group_id: null }
  try {
    await withTransaction(ctx, (tx) => insertUser(tx, row, { passwordHash: null }))
  } catch (error) {
    // Another login of the same person came first, or our first try did and its answer was lost.
    if (violatedConstraint(error) !== EMAIL_INDEX) throw error
  }
  const made = await findCredentials(ctx.db, identity.email)
  if (!made) throw new Error('an account that was just made is gone')
  return made
}

import { describe, expect, it } from 'vitest'
import { readConfig } from '../../../../src/config.ts'
import { hashPassword, isPasswordTooLong, verifyPassword } from '../../../../src/features/login/password.ts'

const ctx = { config: readConfig({ BCRYPT_LOG_ROUNDS: '4' }) }

describe('passwords', () => {
  it('are stored as $2b$ with the configured cost, and fit their hash only', async () => {
    const stored = await hashPassword(ctx, 'a quiet morning')
    expect(stored).toMatch(/^\$2b\$04\$/)
    expect(await verifyPassword(ctx, 'a quiet morning', stored)).toBe(true)
    expect(await verifyPassword(ctx, 'a quiet evening', stored)).toBe(false)
  })

  it('fit a hash that another program made', async () => {
    const stored = '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'
    expect(await verifyPassword(ctx, 'U*U', stored)).toBe(true)
  })

  it.each([null, '', '1234567', '$2b$04$short'])('fit no stored %j, such as an OAuth account has', async (stored) => {
    expect(await verifyPassword(ctx, stored ?? '', stored)).toBe(false)
  })

  it('of over 72 bytes are never right, though bcrypt reads no more of them', async () => {
    const stored = await hashPassword(ctx, 'p'.repeat(72))
    expect(await verifyPassword(ctx, 'p'.repeat(72), stored)).toBe(true)
    expect(await verifyPassword(ctx, 'p'.repeat(73), stored)).toBe(false)
    expect([isPasswordTooLong('é'.repeat(36)), isPasswordTooLong('é'.repeat(37))]).toEqual([false, true])
  })

  it('take as long where there is no hash', async () => {
    const slow = { config: readConfig({ BCRYPT_LOG_ROUNDS: '10' }) }
    const stored = await hashPassword(slow, 'x')
    const measure = async (hash: string | null) => {
      const start = performance.now()
      await verifyPassword(slow, 'y', hash)
      return performance.now() - start
    }
    await measure(stored)
    expect(await measure(null)).toBeGreaterThan((await measure(stored)) / 3)
  })
})

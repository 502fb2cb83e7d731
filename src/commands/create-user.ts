import { createInterface } from 'node:readline/promises'
import { parseArgs } from 'node:util'
import { ConfigError, databaseUrl, readConfig } from '../config.ts'
import { hashPassword, isPasswordTooLong } from '../features/login/password.ts'
import { findUserByEmail, insertUser } from '../features/user/user-sql.ts'
import { newId } from '../ids/uuid.ts'
import { createLog } from '../logging/process-log.ts'
import { openContext } from '../open-context.ts'
import { exitCodes } from '../supervisor/exit-codes.ts'

/**
 * Adds an active account. The password comes from IBUTSU_USER_PASSWORD, or from standard input: asked for at a terminal,
 * else its first line. It is never an argument, since everybody sees those.
 *
 * @throws ConfigError when an argument does not fit or the address is taken.
 */
export async function runCreateUser(argv: readonly string[]): Promise<number> {
  const { email, name, superadmin } = readArguments(argv)
  const config = readConfig(process.env)
  const url = databaseUrl(config)
  if (!url) throw new ConfigError('create-user needs a database: set SQLALCHEMY_DATABASE_URI or POSTGRESQL_HOST')
  const password = process.env.IBUTSU_USER_PASSWORD ?? (await readPassword())
  if (!password) throw new ConfigError('The password must not be empty')
  if (isPasswordTooLong(password)) throw new ConfigError('The password must be at most 72 bytes long')
  const { ctx, close } = await openContext(config, url, createLog(config, 'create-user'))
  try {
    if (await findUserByEmail(ctx.db, email)) throw new ConfigError(`There is an account with the address ${email}`)
    const row = { id: newId(), email, name, is_superadmin: superadmin, is_active: true, group_id: null }
    await insertUser(ctx.db, row, { passwordHash: await hashPassword(ctx, password) })
    process.stdout.write(`${row.id}\n`)
    return exitCodes.stopped
  } finally {
    await close()
  }
}

function readArguments(argv: readonly string[]) {
  try {
    const options = { superadmin: { type: 'boolean' }, name: { type: 'string' } } as const
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true })
    const [email = '', ...rest] = positionals
    if (!email.includes('@') || rest.length > 0) throw new Error('name one e-mail address')
    return { email, name: values.name ?? null, superadmin: values.superadmin ?? false }
  } catch (error) {
    throw new ConfigError(`create-user: ${(error as Error).message}`)
  }
}

async function readPassword(): Promise<string> {
  const { stdin, stderr } = process
  const lines = createInterface({ input: stdin, output: stderr, terminal: false })
  const isTerminal = stdin.isTTY
  if (isTerminal) {
    stderr.write('Password (shown as you type; or set IBUTSU_USER_PASSWORD): ')
  }
  try {
    for await (const line of lines) return line
    return ''
  } finally {
    lines.close()
  }
}

import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { ConfigError, readConfig } from '../../src/config.ts'
import { seedSuperadmin } from '../../src/features/admin-user/seed-superadmin.ts'
import { openContext } from '../../src/open-context.ts'
import { createTestDatabase, runSql } from '../helpers/database.ts'

type Settings = Readonly<Record<string, string>>

const full: Settings = {
  IBUTSU_SUPERADMIN_EMAIL: 'root@example.com',
  IBUTSU_SUPERADMIN_PASSWORD: 'a long night',
  IBUTSU_SUPERADMIN_OWN_PROJECT: 'house',
}

/** Seeds a new database after these statements, by several processes at once, and tells what is there. */
async function seed(settings: Settings, { processes = 1, before = [] as string[] } = {}) {
  const database = await createTestDatabase()
  const config = readConfig({ JWT_SECRET: 's', BCRYPT_LOG_ROUNDS: '4', ...settings })
  const log = pino({ level: 'fatal' })
  const opened = await Promise.all(Array.from({ length: processes }, () => openContext(config, database.url, log)))
  try {
    if (before.length > 0) await runSql(database.url, ...before)
    await Promise.all(opened.map(({ ctx }) => seedSuperadmin(ctx)))
    return {
      users: await runSql<{ email: string; name: string; password: string | null; is_superadmin: boolean }>(
        database.url,
        'select email, name, _password as password, is_superadmin, is_active from users',
      ),
      projects: await runSql<{ name: string }>(
        database.url,
        'select p.name, u.email as owner from projects p join users u on u.id = p.owner_id',
      ),
      members: await runSql(database.url, 'select from users_projects'),
    }
  } finally {
    await Promise.all(opened.map(({ close }) => close()))
    await database.drop()
  }
}

const account = (isSuperadmin: boolean) =>
  `insert into users (id, email, name, _password, is_superadmin, is_active)
   values ('00000000-0000-4000-8000-000000000001', 'root@example.com', 'R', 'hash', ${isSuperadmin}, true)`

describe('the superadmin of the settings', () => {
  it('is made once, with its project, by several processes that start at once', async () => {
    const { users, projects, members } = await seed(full, { processes: 5 })
    expect(users).toEqual([
      {
        email: 'root@example.com',
        name: 'Ibutsu Admin',
        password: expect.stringMatching(/^\$2b\$/),
        is_superadmin: true,
        is_active: true,
      },
    ])
    expect(projects).toEqual([{ name: 'house', owner: 'root@example.com' }])
    expect(members).toEqual([])
  })

  it('stays as it is when it is one already', async () => {
    const { users, projects } = await seed(full, { before: [account(true)] })
    expect(users[0]).toMatchObject({ name: 'R', password: 'hash', is_superadmin: true })
    expect(projects).toEqual([])
  })

  it('is made of an ordinary account, which keeps its password; no password is needed then', async () => {
    const { IBUTSU_SUPERADMIN_PASSWORD: _none, ...rest } = full
    const project = `insert into projects (id, name, owner_id)
      values ('00000000-0000-4000-8000-000000000002', 'house', '00000000-0000-4000-8000-000000000001')`
    const { users, projects } = await seed(rest, { before: [account(false), project] })
    expect(users[0]).toMatchObject({ name: 'R', password: 'hash', is_superadmin: true })
    expect(projects).toHaveLength(1)
  })

  it('is nobody where nothing is set', async () => {
    expect((await seed({})).users).toEqual([])
  })

  it.each([
    ['IBUTSU_SUPERADMIN_EMAIL', { IBUTSU_SUPERADMIN_PASSWORD: 'x' }],
    ['IBUTSU_SUPERADMIN_EMAIL', { IBUTSU_SUPERADMIN_NAME: 'x' }],
    ['IBUTSU_SUPERADMIN_EMAIL', { ...full, IBUTSU_SUPERADMIN_EMAIL: 'root' }],
    ['IBUTSU_SUPERADMIN_PASSWORD', { IBUTSU_SUPERADMIN_EMAIL: 'root@example.com' }],
    ['IBUTSU_SUPERADMIN_PASSWORD', { ...full, IBUTSU_SUPERADMIN_PASSWORD: 'p'.repeat(73) }],
  ])('is refused by naming %s (%j)', async (name, settings: Settings) => {
    const error = await seed(settings).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(ConfigError)
    expect((error as ConfigError).message).toContain(name)
  })
})

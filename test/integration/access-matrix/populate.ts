import {
  addArtifact,
  addDashboard,
  addGroup,
  addImport,
  addReport,
  addResult,
  addRun,
  addToken,
  addWidget,
} from './rows.ts'
import { type Account, accounts, places, type World } from './world.ts'

/** Puts the same things into every place, and for each account what is its alone. From here on nothing is added. */
export async function populate(world: World): Promise<void> {
  for (const place of places) {
    const runId = await addRun(world, place)
    const resultId = await addResult(world, place, { runId })
    await addResult(world, place, { runId, result: 'failed' })
    await addArtifact(world, place, { resultId })
    await addReport(world, place, runId)
    await addWidget(world, place, await addDashboard(world, place))
    await addImport(world, place, place === 'none' ? null : world.users.other)
  }
  for (const account of [...accounts, 'other'] as const) {
    await addToken(world, world.users[account], account)
    await addImport(world, 'none', world.users[account], account)
  }
  await addGroup(world)
  await addGroup(world)
  await note(world, 'projects', 'select id, name from projects')
  await note(world, 'users', "select id, 'accounts' as name from users")
  // The superadmin's expired token is listed as well.
  const names = accounts.map((account) => `when '${world.users[account]}' then '${account}'`).join(' ')
  await note(
    world,
    'tokens',
    `select id, case user_id::text ${names} else 'other' end as name from tokens where name <> 'login-token'`,
  )
}

/**
 * The ids of a table's rows that access.csv calls by one of these names; of all of them without names. `ours` is a name of
 * `ours run` too.
 */
export function idsOf(world: World, table: string, names?: readonly string[]): string[] {
  const made = [...(world.made.get(table) ?? [])]
  const isNamed = (name: string) => names?.some((one) => name === one || name.startsWith(`${one} `)) ?? true
  return made.filter(([, name]) => isNamed(name)).map(([id]) => id)
}

async function note(world: World, table: string, text: string): Promise<void> {
  const { rows } = await world.server.ctx.db.query<{ id: string; name: Account }>({ text })
  world.made.set(table, new Map(rows.map(({ id, name }) => [id, name])))
}

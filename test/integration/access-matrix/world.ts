import { randomUUID } from 'node:crypto'
import { startTestServer, type TestRequest, type TestServer } from '../../helpers/server.ts'

/** Who asks, in the order of the columns of test/fixtures/access.csv. */
export const callers = [
  'anonymous',
  'expired',
  'deleted',
  'deactivated',
  'stranger',
  'member',
  'owner',
  'superadmin',
] as const
export type Caller = (typeof callers)[number]

/** Callers with a token that counts. */
export type Account = 'stranger' | 'member' | 'owner' | 'superadmin'
export const accounts: readonly Account[] = ['stranger', 'member', 'owner', 'superadmin']

/**
 * Where things are. `ours` is the project of `member` and `owner`, `theirs` is `stranger`'s, `foreign` is somebody
 * else's; `none` is for things without a project.
 */
export const places = ['ours', 'theirs', 'foreign', 'none'] as const
export type Place = (typeof places)[number]

/** Which places' contents an account may ever see. What belongs to no project is for superadmins, or shared. */
export const reach: Readonly<Record<Account, readonly Place[]>> = {
  stranger: ['theirs'],
  member: ['ours'],
  owner: ['ours'],
  superadmin: places,
}

/** A server with accounts, their tokens and their projects; `rows.ts` puts things in. */
export interface World {
  readonly server: TestServer
  readonly projects: Readonly<Record<Place, string | null>>
  /** Ids of the accounts; `other` owns the foreign project and never asks for anything. */
  readonly users: Readonly<Record<Account | 'other', string>>
  readonly tokens: Readonly<Record<Caller, string | null>>
  /** Every row that `rows.ts` made, by table: its id and what access.csv calls it. */
  readonly made: Map<string, Map<string, string>>
}

/**
 * The tokens that open nothing any more are those of superadmins: but for what is wrong with them everything would be
 * granted. The owner is the owner only, not a member (D37).
 */
export async function createWorld(server: TestServer): Promise<World> {
  const users = {
    stranger: await server.addUser('stranger'),
    member: await server.addUser('member'),
    owner: await server.addUser('owner'),
    other: await server.addUser('other'),
    superadmin: (await server.send('GET', '/api/user')).body.id as string,
  }
  const world: World = {
    server,
    users,
    projects: { ours: randomUUID(), theirs: randomUUID(), foreign: randomUUID(), none: null },
    tokens: {
      anonymous: null,
      ...(await createDeadTokens(server)),
      stranger: await server.token('stranger'),
      member: await server.token('member'),
      owner: await server.token('owner'),
      superadmin: await server.token('admin'),
    },
    made: new Map(),
  }
  await addProjects(world)
  await server.ctx.db.query({
    text: 'update users set activation_code = $1 || id where activation_code is null',
    values: [SECRET_CODE],
  })
  return world
}

/** Begins the activation code of every account that has none of its own. */
const SECRET_CODE = 'code-of-account-'

/** What no answer shows to anybody: hashes of passwords, codes of accounts, and the members that would hold them. */
export function secretsIn(text: string): string[] {
  return [/\$2[abxy]\$\d\d\$/, new RegExp(SECRET_CODE), /"_?password"|"activation_code"|"login_generation/].flatMap(
    (pattern) => pattern.exec(text)?.[0] ?? [],
  )
}

async function createDeadTokens(server: TestServer) {
  const add = async (name: string, expires: string | null): Promise<{ id: string; token: string }> =>
    (await server.send('POST', '/api/user/token', { json: { name, expires } })).body
  const expired = await add('expired', '2020-01-01T00:00:00Z')
  const deleted = await add('deleted', null)
  const json = { email: 'deactivated@example.com', is_superadmin: true, is_active: true }
  const { body } = await server.send('POST', '/api/admin/user', {
    json: { ...json, password: 'pw-deactivated-secret' },
  })
  const deactivated = await server.token('deactivated')
  // Both have opened something before, so that a server which remembers them for too long is found out.
  for (const token of [deleted.token, deactivated]) {
    const { status } = await server.send('GET', '/api/admin/user', { as: null, headers: bearer(token) })
    if (status !== 200) throw new Error(`a token that should still work gets ${status}`)
  }
  await server.send('DELETE', `/api/user/token/${deleted.id}`)
  // Without a password, which would end the login by itself.
  await server.send('PUT', `/api/admin/user/${body.id}`, { json: { ...json, is_active: false } })
  return { expired: expired.token, deleted: deleted.token, deactivated }
}

async function addProjects({ server, projects, users }: World): Promise<void> {
  const owners = { ours: users.owner, theirs: users.stranger, foreign: users.other }
  for (const [place, owner] of Object.entries(owners)) {
    await server.ctx.db.query({
      text: 'insert into projects (id, name, title, owner_id) values ($1, $2, $3, $4)',
      values: [projects[place as Place], place, markOf(place as Place), owner],
    })
  }
  await server.ctx.db.query({
    text: 'insert into users_projects (user_id, project_id) values ($1, $2), ($3, $4)',
    values: [users.member, projects.ours, users.stranger, projects.theirs],
  })
  server.ctx.callers.clear()
}

/** A text that stands in everything of a place, so that a leak shows wherever it comes out. */
export function markOf(place: Place): string {
  return `content-of-${place}`
}

/** The same as a build number, for widgets that show nothing else. */
export function buildOf(place: Place): string {
  return `91000${places.indexOf(place)}`
}

/** The places whose content an answer shows though its caller has no business there. */
export function leaksTo(caller: Caller, text: string): Place[] {
  const allowed: readonly Place[] = reach[caller as Account] ?? []
  return places.filter((place) => place !== 'none' && !allowed.includes(place) && isShown(place, text))
}

/** Whether an answer shows content of a place. */
export function isShown(place: Place, text: string): boolean {
  return text.includes(markOf(place)) || new RegExp(`(?<![\\w-])${buildOf(place)}(?![\\w-])`).test(text)
}

/** Sends a request as one of the callers. */
export function sendAs(
  { server, tokens }: World,
  caller: Caller,
  method: string,
  path: string,
  { withoutToken = false, ...request }: TestRequest & { readonly withoutToken?: boolean },
) {
  const token = withoutToken ? null : tokens[caller]
  const headers = { ...request.headers, ...(token === null ? {} : bearer(token)) }
  return server.send(method, path, { ...request, as: null, headers })
}

export function startMatrixServer(jobs: boolean): Promise<TestServer> {
  return startTestServer({ GITHUB_CLIENT_ID: 'github-client', GITHUB_CLIENT_SECRET: 'x' }, undefined, { jobs })
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

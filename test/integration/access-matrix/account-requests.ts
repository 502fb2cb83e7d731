import { randomUUID } from 'node:crypto'
import { byId, MALFORMED, projectId, type Requests, unknown } from './requests.ts'
import { addToken, addUser } from './rows.ts'
import type { Account, Caller, World } from './world.ts'

const UNKNOWN_CODE = Buffer.from('00000000-0000-4000-8000-000000000000').toString('base64url')
const nobody = () => `${randomUUID()}@example.com`
const provider = (name: string, query: [string, string][] = []) => ({ params: { provider: name }, query })
const CODE: [string, string][] = [
  ['code', 'c'],
  ['state', 's'],
]

/** The caller's own id; of callers without a token that counts, the superadmin's. */
const idOf = (world: World, caller: Caller) => world.users[caller as Account] ?? world.users.superadmin

/** Tokens: `ours` is the caller's own, `foreign` somebody else's. */
const tokens = byId((world, place, caller) =>
  addToken(world, place === 'ours' ? idOf(world, caller) : world.users.other, 'a token'),
)
const emailOf = (world: World, caller: Caller) =>
  idOf(world, caller) === world.users.superadmin ? 'admin@example.com' : `${caller}@example.com`

const account = {
  own: (world: World, caller: Caller) => ({ params: { id: idOf(world, caller) } }),
  foreign: async (world: World) => ({ params: { id: (await addUser(world)).id } }),
  unknown: () => ({ params: { id: unknown() } }),
  malformed: () => ({ params: { id: MALFORMED } }),
}

const task = (world: World, caller: Caller, body: object) => ({ json: { token: world.tokens[caller], ...body } })

/** Health, logins, the caller's own account and tokens, the administration of accounts and tasks. */
export const accountRequests: Requests = {
  getHealth: { '-': () => ({}) },
  getReadiness: { '-': () => ({}) },
  getDatabaseHealth: { '-': () => ({}) },
  getHealthInfo: { '-': () => ({}) },

  login: {
    known: () => ({ json: { email: 'other@example.com', password: 'pw-other-secret' } }),
    unknown: () => ({ json: { email: nobody(), password: 'x' } }),
  },
  support: { '-': () => ({}) },
  config: { known: () => provider('github'), unknown: () => provider('nowhere') },
  startLogin: { known: () => provider('github'), unknown: () => provider('nowhere') },
  auth: {
    'without code': () => provider('github'),
    'not begun here': () => provider('github', CODE),
    unknown: () => provider('nowhere', CODE),
  },
  authWithoutPrefix: {
    'without code': () => provider('github'),
    'not begun here': () => provider('github', CODE),
    unknown: () => provider('nowhere', CODE),
  },
  register: {
    new: () => ({ json: { email: nobody(), password: 'x' } }),
    taken: () => ({ json: { email: 'other@example.com', password: 'x' } }),
  },
  activate: {
    known: async (world) => ({ params: { activation_code: (await addUser(world)).code } }),
    unknown: () => ({ params: { activation_code: UNKNOWN_CODE } }),
    malformed: () => ({ params: { activation_code: '%' } }),
  },
  recover: {
    known: async (world) => ({ json: { email: (await addUser(world)).email } }),
    unknown: () => ({ json: { email: nobody() } }),
  },
  resetPassword: {
    known: async (world) => ({ json: { activation_code: (await addUser(world)).code, password: 'x' } }),
    unknown: () => ({ json: { activation_code: UNKNOWN_CODE, password: 'x' } }),
    malformed: () => ({ json: { activation_code: '%', password: 'x' } }),
  },

  getCurrentUser: { '-': () => ({}) },
  updateCurrentUser: { '-': (_world, caller) => ({ json: { name: caller } }) },
  addToken: {
    '-': () => ({ json: { name: 'new', expires: null } }),
    'default project own': (world) => newToken(projectId(world, 'ours')),
    'default project foreign': (world) => newToken(projectId(world, 'foreign')),
    'default project unknown': () => newToken(unknown()),
  },
  getToken: tokens,
  deleteToken: tokens,

  adminAddUser: { '-': () => ({ json: { email: nobody() } }) },
  adminGetUser: account,
  adminUpdateUser: {
    own: (world, caller) => ({ ...account.own(world, caller), json: { email: emailOf(world, caller) } }),
    foreign: async (world) => {
      const { id, email } = await addUser(world)
      return { params: { id }, json: { email } }
    },
    unknown: () => ({ ...account.unknown(), json: { email: nobody() } }),
    malformed: () => ({ ...account.malformed(), json: { email: nobody() } }),
    'last superadmin demoted': (world) => lastSuperadmin(world, { is_superadmin: false }),
    'last superadmin deactivated': (world) => lastSuperadmin(world, { is_active: false }),
  },
  adminDeleteUser: account,

  runTask: {
    '-': (world, caller) => task(world, caller, { task: 'runs.sync_aborted_runs' }),
    unknown: (world, caller) => task(world, caller, { task: 'os.system' }),
    malformed: (world, caller) => task(world, caller, { task: 'sync' }),
    'token in the header only': () => ({ json: { task: 'runs.sync_aborted_runs' } }),
  },
}

const newToken = (project: string) => ({ json: { name: 'new', expires: null, default_project: project } })

const lastSuperadmin = ({ users }: World, changes: object) => ({
  params: { id: users.superadmin },
  json: { email: 'admin@example.com', ...changes },
})

import { byId, form, MALFORMED, projectId, type Requests, type Subject, unknown } from './requests.ts'
import { addArtifact, addImport, addResult, addRun, addTask } from './rows.ts'
import type { Account, Caller, Place, World } from './world.ts'

/** Names a project in the metadata of a run or result. */
const inMetadata = (project: string, rest: object = {}): Subject => ({
  json: { test_id: 't', result: 'passed', metadata: { project, n: 1 }, ...rest },
})
const run = byId(addRun)
const result = byId((world, place) => addResult(world, place))
const artifact = byId((world, place) => addArtifact(world, place))
const changed = { json: { metadata: { n: 1 } } }

const runArtifact = async (world: World, place: Place): Promise<Subject> => ({
  params: { id: await addArtifact(world, place, { runId: await addRun(world, place) }) },
})
const oneArtifact = {
  ...artifact,
  'own of a run': (world: World) => runArtifact(world, 'ours'),
  'foreign of a run': (world: World) => runArtifact(world, 'foreign'),
  'without project': async (world: World) => ({ params: { id: await addArtifact(world, 'none') } }),
}

/** What runs and results have in common: a change of one, and where the change moves it. */
function changes(add: (world: World, place: Place) => Promise<string>) {
  const of = async (world: World, place: Place, json: object) => ({ params: { id: await add(world, place) }, json })
  const one = byId((world, place) => add(world, place), changed)
  return {
    ...one,
    'without project': (world: World) => of(world, 'none', changed.json),
    'own to foreign': (world: World) => of(world, 'ours', { project_id: projectId(world, 'foreign') }),
    'own to foreign by metadata': (world: World) => of(world, 'ours', { metadata: { project: 'foreign' } }),
    'own to unknown': (world: World) => of(world, 'ours', { project_id: unknown() }),
    'foreign to own': (world: World) => of(world, 'foreign', { project_id: projectId(world, 'ours') }),
    'unknown to foreign by metadata': () => ({ params: { id: unknown() }, json: { metadata: { project: 'foreign' } } }),
  }
}

/** The run of a new or changed result, in a project that is one's own. */
const ofRun = (world: World, runId: string, rest: object = {}) =>
  inMetadata(projectId(world, 'ours'), { run_id: runId, ...rest })
const moveToRun = async (world: World, runId: string) => ({
  params: { id: await addResult(world, 'ours') },
  json: { run_id: runId },
})

const upload = (fields: Record<string, string>): Subject => ({
  body: form({ filename: 'a.txt', file: ['a.txt', 'text'], ...fields }),
})
const sendImport = (fields: Record<string, string> = {}): Subject => ({
  body: form({ importFile: ['a.xml', '<testsuite/>'], ...fields }),
})

/** Imports without a project: `own` is one that the caller sent. */
const freeImport =
  (sender: (world: World, caller: Caller) => string | null) => async (world: World, caller: Caller) => ({
    params: { id: await addImport(world, 'none', sender(world, caller)) },
  })
const self = ({ users }: World, caller: Caller) => users[caller as Account] ?? users.superadmin

/** Runs, results, artifacts, imports and tasks. */
export const contentRequests: Requests = {
  addRun: {
    own: (world) => inMetadata(projectId(world, 'ours')),
    foreign: (world) => inMetadata(projectId(world, 'foreign')),
    unknown: () => inMetadata(unknown()),
    malformed: () => inMetadata(MALFORMED),
    'foreign by name': () => inMetadata('foreign'),
    'foreign by project_id': (world) => ({ json: { metadata: { n: 1 }, project_id: projectId(world, 'foreign') } }),
    'foreign by the old name of metadata': () => ({ json: { data: { project: 'foreign' } } }),
    'without project': () => ({ json: { metadata: { n: 1 } } }),
    'id of a foreign run': async (world) =>
      inMetadata(projectId(world, 'ours'), { id: await addRun(world, 'foreign') }),
  },
  getRun: { ...run, 'without project': async (world) => ({ params: { id: await addRun(world, 'none') } }) },
  updateRun: changes(addRun),

  addResult: {
    own: (world) => inMetadata(projectId(world, 'ours')),
    foreign: (world) => inMetadata(projectId(world, 'foreign')),
    unknown: () => inMetadata(unknown()),
    malformed: () => inMetadata(MALFORMED),
    'foreign by name': () => inMetadata('foreign'),
    'foreign by project_id': (world) => ({ json: { test_id: 't', project_id: projectId(world, 'foreign') } }),
    'own run': async (world) => ofRun(world, await addRun(world, 'ours')),
    'foreign run': async (world) => ofRun(world, await addRun(world, 'foreign')),
    'foreign run by metadata': async (world) => {
      const metadata = { project: projectId(world, 'ours'), run: await addRun(world, 'foreign') }
      return { json: { test_id: 't', metadata } }
    },
    'run without project': async (world) => ofRun(world, await addRun(world, 'none')),
    'unknown run': (world) => ofRun(world, unknown()),
    'foreign run and no project': async (world) => ({ json: { test_id: 't', run_id: await addRun(world, 'foreign') } }),
    'foreign run and unknown project': async (world) =>
      inMetadata(MALFORMED, { run_id: await addRun(world, 'foreign') }),
    'id of a foreign result': async (world) =>
      inMetadata(projectId(world, 'ours'), { id: await addResult(world, 'foreign') }),
  },
  getResult: { ...result, 'without project': async (world) => ({ params: { id: await addResult(world, 'none') } }) },
  updateResult: {
    ...changes(addResult),
    'own to own run': async (world) => moveToRun(world, await addRun(world, 'ours')),
    'own to foreign run': async (world) => moveToRun(world, await addRun(world, 'foreign')),
    'own to unknown run': (world) => moveToRun(world, unknown()),
  },

  uploadArtifact: {
    own: async (world) => upload({ resultId: await addResult(world, 'ours') }),
    foreign: async (world) => upload({ resultId: await addResult(world, 'foreign') }),
    unknown: () => upload({ resultId: unknown() }),
    malformed: () => upload({ resultId: MALFORMED }),
    'own run': async (world) => upload({ runId: await addRun(world, 'ours') }),
    'foreign run': async (world) => upload({ runId: await addRun(world, 'foreign') }),
    'foreign run by its old name': async (world) => upload({ run_id: await addRun(world, 'foreign') }),
    'unknown run': () => upload({ runId: unknown() }),
    'without project': async (world) => upload({ resultId: await addResult(world, 'none') }),
  },
  getArtifact: oneArtifact,
  deleteArtifact: oneArtifact,
  viewArtifact: { ...oneArtifact, 'own with a token in the query': tokenInQuery },
  downloadArtifact: { ...oneArtifact, 'own with a token in the query': tokenInQuery },

  addImport: {
    own: (world) => sendImport({ project: projectId(world, 'ours') }),
    foreign: (world) => sendImport({ project: projectId(world, 'foreign') }),
    unknown: () => sendImport({ project: unknown() }),
    malformed: () => sendImport({ project: MALFORMED }),
    'foreign by name': () => sendImport({ project: 'foreign' }),
    'without project': () => sendImport(),
  },
  getImport: {
    ...byId((world, place) => addImport(world, place, world.users.other)),
    'sent into a foreign project': async (world, caller) => ({
      params: { id: await addImport(world, 'foreign', self(world, caller)) },
    }),
    'without project and own': freeImport(self),
    'without project and foreign': freeImport(({ users }) => users.other),
    'without project and of nobody': freeImport(() => null),
    'of a project that is gone': async (world) => {
      const id = await addImport(world, 'foreign')
      const text = `update imports set data = jsonb_set(data, '{project_id}', to_jsonb($2::text)) where id = $1`
      await world.server.ctx.db.query({ text, values: [id, unknown()] })
      return { params: { id } }
    },
  },

  // `own` is the maker's: not even superadmins read the pages that others asked for.
  getTask: byId((world, place, caller) => addTask(world, place === 'ours' ? self(world, caller) : world.users.other)),
}

/** The ways in which other servers take a token in the address. */
async function tokenInQuery(world: World): Promise<Subject> {
  const token = world.tokens.member ?? ''
  const names = ['token', 'access_token', 'authorization', 'bearer_token', 'api_key']
  return {
    params: { id: await addArtifact(world, 'ours') },
    query: names.map((name) => [name, token] as const),
    withoutToken: true,
  }
}

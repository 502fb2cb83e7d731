import { type ApiClient, createApiClient, logIn } from '../../scripts/demo/api-client.ts'
import { superadmin } from '../clients/local-server.ts'

/** What is there before the first request, so that requests reach more than a 404. */
export interface World {
  /** The API token of a superadmin of its own. */
  readonly token: string
  /** Ids that must outlive the run: that account, its token and its project. */
  readonly kept: readonly string[]
  /** Ids that paths and bodies are filled with, by kind; the first of each is the one in the spec's examples. */
  readonly ids: Readonly<Record<Kind, readonly string[]>>
  /** The names of the parameters of each widget type. */
  readonly widgets: Readonly<Record<string, readonly string[]>>
}

export type Kind =
  | 'user'
  | 'group'
  | 'project'
  | 'run'
  | 'result'
  | 'artifact'
  | 'import'
  | 'dashboard'
  | 'widget'
  | 'token'
  | 'task'

interface Stored {
  readonly id: string
}

interface WidgetType extends Stored {
  readonly params: readonly { readonly name: string }[]
}

/** Ids of the spec's examples: what its examples send then fits what is there. */
const example = {
  user: '0a4e6b82-d1c9-4738-9f5e-c27b8d3a6014',
  group: 'e6b2f790-15a8-4c3d-8e47-3b9d0f6a2c51',
  project: '7c1f6a52-3f0e-4b1a-9d2c-5a8e41f7b903',
  run: '2f9d8c34-6b7a-4e15-8c90-1d3b5f7a9e02',
  result: 'b81e0d67-94c2-4f3a-a6d5-70c9e2b4f168',
  dashboard: '93a7d5e0-c4b1-4826-ae9f-8d2c6b1f0357',
  widget: 'c05f8e1a-7b3d-49c6-92e4-6a1d8f3b7e20',
} as const

const fuzzer = { email: 'fuzzer@example.com', password: 'fuzzer-password', name: 'Fuzzer' }
/** Who logs in in the spec's examples. */
const mara = { email: 'mara@example.com', password: 'correct horse battery' }
/** Objects of each kind beside the example: some get deleted on the way. */
const SPARE = 6

/** Fills an empty server. @throws ApiFailure when it refuses something */
export async function makeWorld(url: string): Promise<World> {
  const admin = await logIn(url, superadmin)
  const account = { ...fuzzer, is_active: true, is_superadmin: true }
  const { id: fuzzerId } = await admin.call<Stored>('POST', '/admin/user', { json: account })
  const api = await logIn(url, { email: fuzzer.email, password: fuzzer.password })
  const add = async (path: string, json: object) => (await api.call<Stored>('POST', path, { json })).id
  const several = async (first: string, make: (own: { id?: string }, number: number) => Promise<string>) => {
    const ids = [await make({ id: first }, 0)]
    for (let number = 1; number <= SPARE; number++) ids.push(await make({}, number))
    return ids
  }

  const group = await several(example.group, (own, n) => add('/group', { ...own, name: `group ${n}` }))
  const project = await several(example.project, (own, n) =>
    add('/project', { ...own, name: n ? `project-${n}` : 'web-shop', title: `Project ${n}`, group_id: group[0] }),
  )
  const user = await several(example.user, (own, n) =>
    add('/admin/user', {
      ...own,
      email: n ? `user-${n}@example.com` : mara.email,
      password: mara.password,
      is_active: true,
    }),
  )
  const within = { project_id: project[0] }
  const run = await several(example.run, (own, n) => add('/run', { ...own, ...within, ...runOf(n) }))
  const result = await several(example.result, (own, n) =>
    add('/result', { ...own, ...within, ...resultOf(n), run_id: run[0] }),
  )
  const dashboard = await several(example.dashboard, (own, n) =>
    add('/dashboard', { ...own, ...within, title: `Dashboard ${n}` }),
  )
  const widget = await several(example.widget, (own, n) =>
    add('/widget-config', { ...own, ...within, ...widgetOf(n), dashboard_id: dashboard[0] }),
  )
  const expires = new Date(Date.now() + 24 * 3600 * 1000).toISOString()
  const { token, id: tokenId } = await api.call<Stored & { token: string }>('POST', '/user/token', {
    json: { name: 'fuzz', expires, default_project: project[0] },
  })
  const spareTokens = await several('', (_, n) => add('/user/token', { name: `spare ${n}`, expires }))
  const artifact = await several('', (_, n) =>
    sendArtifact(api, n % 2 ? { runId: run[0] } : { resultId: result[0] }, n),
  )
  const imports = await several('', (_, n) => sendImport(api, n))
  const { types } = await api.call<{ types: WidgetType[] }>('GET', '/widget/types')
  const page = await api.call<{ task_id: string }>('GET', '/run?pageSize=501')
  return {
    token,
    kept: [fuzzerId, project[0] ?? '', tokenId],
    ids: {
      user: [...user, fuzzerId],
      group,
      project,
      run,
      result,
      artifact,
      import: imports,
      dashboard,
      widget,
      token: [...spareTokens, tokenId],
      task: [page.task_id, imports[0] ?? ''],
    },
    widgets: Object.fromEntries(types.map(({ id, params }) => [id, params.map(({ name }) => name)])),
  }
}

/** Whether what must stay is still there: the token works, for a superadmin, and so does the project. */
export async function isIntact(url: string, { token, kept }: World): Promise<boolean> {
  const api = createApiClient(url, token)
  const me = await api.ask<{ id?: string; is_superadmin?: boolean }>('GET', '/user')
  const project = await api.ask('GET', `/project/${kept[1]}`)
  return me.body.id === kept[0] && me.body.is_superadmin === true && project.status === 200
}

function runOf(number: number) {
  const jenkins = {
    job_name: 'nightly',
    build_number: String(400 + number),
    build_url: `https://ci.example.com/${number}`,
  }
  return {
    source: 'jenkins',
    env: number % 2 ? 'stage' : 'qa',
    component: 'checkout',
    metadata: { jenkins, tags: ['a'] },
  }
}

function resultOf(number: number) {
  const outcome = ['passed', 'failed', 'error', 'skipped', 'xpassed', 'xfailed', 'manual'][number]
  return {
    test_id: `test_${number}`,
    result: outcome,
    duration: number / 2,
    component: 'checkout',
    env: 'qa',
    source: 'jenkins',
  }
}

function widgetOf(number: number) {
  return { type: 'widget', widget: 'jenkins-heatmap', title: `Widget ${number}`, weight: number, params: { builds: 5 } }
}

async function sendArtifact(api: ApiClient, owner: Readonly<Record<string, string | undefined>>, number: number) {
  const form = new FormData()
  for (const [name, value] of Object.entries(owner)) form.append(name, value ?? '')
  const file = ['<h1>Log</h1>', '{"a": 1}', 'plain text', '%PDF-1.4\n', 'PK\u0003\u0004'][number % 5] ?? ''
  form.append('filename', `file-${number}`)
  form.append('file', new Blob([file]), `file-${number}`)
  return (await api.call<Stored>('POST', '/artifact', { form })).id
}

async function sendImport(api: ApiClient, number: number): Promise<string> {
  const form = new FormData()
  form.append('project', 'web-shop')
  form.append(
    'importFile',
    new Blob([number ? '<testsuite name="s"><testcase name="t"/></testsuite>' : '<broken']),
    'a.xml',
  )
  return (await api.call<Stored>('POST', '/import', { form })).id
}

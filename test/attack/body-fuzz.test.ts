import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../helpers/server.ts'
import { createRandom } from '../process/helpers/seeded-random.ts'
import { findLeak } from './helpers/leaks.ts'
import { inForm, report, seed } from './helpers/long-form.ts'

const ROUNDS = inForm(700, 20_000)

let server: TestServer
let requests: readonly (readonly [method: string, path: string, body: () => Record<string, unknown>])[]

beforeAll(async () => {
  server = await startTestServer()
  const uma = await server.addUser('uma')
  const project = await server.addProject('fuzz')
  const post = async (path: string, json: object) => (await server.send('POST', path, { json })).body.id as string
  const run = await post('/api/run', { metadata: { project } })
  const result = await post('/api/result', { metadata: { project, run } })
  const dashboard = await post('/api/dashboard', { title: 'd', project_id: project })
  const widget = await post('/api/widget-config', { type: 'widget', widget: 'result-summary', project_id: project })
  const group = await post('/api/group', { name: 'g' })
  const random = createRandom(seed + 9)
  const time = '2024-06-01T12:00:00'
  const runBody = () => ({
    id: random.uuid(),
    metadata: { project, tags: ['a'], jenkins: { build_number: '1' }, env: 'qa', component: 'c' },
    summary: { tests: 1, failures: 0 },
    start_time: time,
    created: time,
    duration: 1.5,
    source: 's',
    component: 'c',
    env: 'qa',
    project_id: project,
    data: { a: 1 },
  })
  const resultBody = () => ({
    ...runBody(),
    metadata: { project, run },
    test_id: 't',
    result: 'passed',
    params: { a: 1 },
    run_id: run,
  })
  const projectBody = () => ({
    id: random.uuid(),
    name: 'p',
    title: 'p',
    owner_id: uma,
    group_id: group,
    default_dashboard_id: dashboard,
    users: ['uma@example.com'],
  })
  const userBody = () => ({
    id: random.uuid(),
    email: `${random.uuid()}@example.com`,
    name: 'n',
    password: 'password-1',
    is_active: true,
    is_superadmin: false,
    group_id: group,
    projects: [{ id: project }],
  })
  const dashboardBody = () => ({
    id: random.uuid(),
    title: 'd',
    description: 'd',
    filters: 'a=1',
    project_id: project,
    user_id: uma,
  })
  const widgetBody = () => ({
    id: random.uuid(),
    type: 'widget',
    widget: 'run-aggregator',
    project_id: project,
    dashboard_id: dashboard,
    weight: 1,
    params: { weeks: 4, group_field: 'component' },
    title: 'w',
    navigable: true,
  })
  requests = [
    ['POST', '/api/run', runBody],
    ['PUT', `/api/run/${run}`, runBody],
    ['POST', '/api/runs/bulk-update?filter=metadata.project%3Dx', () => ({ metadata: { a: 1 } })],
    ['POST', '/api/result', resultBody],
    ['PUT', `/api/result/${result}`, resultBody],
    ['POST', '/api/project', projectBody],
    ['PUT', `/api/project/${project}`, () => ({ title: 't', default_dashboard_id: dashboard })],
    ['POST', '/api/group', () => ({ id: random.uuid(), name: 'g', metadata: { a: 1 }, data: {} })],
    ['PUT', `/api/group/${group}`, () => ({ name: 'g', metadata: { a: 1 } })],
    ['POST', '/api/dashboard', dashboardBody],
    ['PUT', `/api/dashboard/${dashboard}`, dashboardBody],
    ['POST', '/api/widget-config', widgetBody],
    ['PUT', `/api/widget-config/${widget}`, widgetBody],
    ['PUT', '/api/user', () => ({ name: 'n' })],
    ['POST', '/api/user/token', () => ({ name: 't', expires: '2099-01-01T00:00:00' })],
    ['POST', '/api/admin/user', userBody],
    ['PUT', `/api/admin/user/${uma}`, userBody],
    ['POST', '/api/admin/project', projectBody],
    ['PUT', `/api/admin/project/${project}`, projectBody],
    ['POST', '/api/login/recover', () => ({ email: 'uma@example.com' })],
    ['POST', '/api/login/reset-password', () => ({ activation_code: 'AAAA', password: 'password-1' })],
  ]
})
afterAll(() => server.close())

/** Texts that no index compresses. */
const noise = (bytes: number) => randomBytes(bytes).toString('base64')
const HOSTILE: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  -1.7e308,
  5e-324,
  2 ** 31,
  2 ** 53,
  2 ** 63,
  '',
  ' ',
  '\0',
  '\ud800',
  '😀'.repeat(50),
  "'; drop table runs; --",
  '$' + '{jndi:ldap://x}',
  'x'.repeat(300),
  noise(3_000),
  noise(20_000),
  'x'.repeat(200_000),
  '2024-02-30T00:00:00',
  '0000-00-00',
  '99999-01-01',
  '+275760-09-13T00:00:00Z',
  '-infinity',
  '00000000-0000-0000-0000-000000000000',
  'a@b',
  [],
  [null],
  [[]],
  ['a', 1, {}],
  {},
  { toString: 1 },
  { id: null },
  { a: { b: { c: ['\0', '\ud800'] } } },
  { [noise(4_000)]: noise(4_000) },
  { '': '' },
]

describe('bodies of every kind', { timeout: 1_200_000 }, () => {
  it('get no 5xx and no words of the database', async () => {
    const random = createRandom(seed)
    const statuses: Record<number, number> = {}
    for (let round = 0; round < ROUNDS; round++) {
      const [method, path, make] = random.pick(requests)
      const body = make()
      for (let count = random.between(1, 2); count > 0; count--) {
        const key = random.pick(Object.keys(body))
        const inner = body[key]
        if (typeof inner === 'object' && inner !== null && !Array.isArray(inner) && random.next() < 0.5) {
          body[key] = {
            ...inner,
            [random.pick(['project', 'run', 'env', 'tags', 'user_properties', 'x'])]: random.pick(HOSTILE),
          }
        } else body[key] = random.pick(HOSTILE)
      }
      const answer = await server.send(method, path, { json: body })
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1
      const about = () =>
        `seed ${seed}: ${method} ${path} ${JSON.stringify(body).slice(0, 1_000)} → ${answer.status} ${answer.text.slice(0, 300)}`
      if (answer.status >= 500) throw new Error(about())
      const leak =
        answer.status >= 400 &&
        findLeak(
          answer.text,
          Object.values(body).filter((value) => typeof value === 'string'),
        )
      if (leak) throw new Error(`${leak} in ${about()}`)
    }
    report('bodies sent', statuses)
    expect((statuses[200] ?? 0) + (statuses[201] ?? 0)).toBeGreaterThan(ROUNDS / 10)
    expect(statuses[400] ?? 0).toBeGreaterThan(ROUNDS / 10)
  })

  it('a registration with an address too long for the index is refused in our words', async () => {
    for (const [path, more] of [
      ['/api/login/register', { password: 'password-1' }],
      ['/api/admin/user', {}],
    ] as const) {
      const answer = await server.send('POST', path, { json: { email: `${noise(9_000)}@example.com`, ...more } })
      expect([path, answer.status, findLeak(answer.text)]).toEqual([path, 400, null])
    }
  })
})

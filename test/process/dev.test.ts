import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventually } from '../helpers/server.ts'
import { type DevServer, makeScratchCopy, type ScratchCopy, startDev } from './helpers/scratch-copy.ts'
import { freePort } from './helpers/supervisor.ts'

/* `npm run dev` with PostgreSQL of its own and without Redis, in a copy of the checkout: one test after the other. */
let copy: ScratchCopy
let dev: DevServer
let token: string

beforeAll(async () => {
  copy = await makeScratchCopy()
  const env = { DATA_DIR: join(copy.folder, 'data'), CELERY_BROKER_URL: '', REDIS_URL: '', SQLALCHEMY_DATABASE_URI: '' }
  mkdirSync(env.DATA_DIR)
  dev = startDev(copy.folder, await freePort(), env)
  await dev.untilUp()
  const welcome = await eventually(
    async () => dev.output(),
    (text) => text.includes('Log in with'),
  )
  const [, email, password] = /Log in with\s+(\S+) \/ (\S+)/.exec(welcome) ?? []
  token = (await ask('POST', '/api/login', { email, password })).body.token
}, 120_000)
afterAll(async () => {
  await dev?.kill()
  copy?.remove()
}, 120_000)

async function ask(method: string, path: string, json?: object) {
  const answer = await fetch(dev.url + path, {
    method,
    headers: {
      'content-type': 'application/json',
      connection: 'close',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    ...(json ? { body: JSON.stringify(json) } : {}),
  })
  const text = await answer.text()
  return { status: answer.status, mock: answer.headers.get('x-mock'), body: text === '' ? undefined : JSON.parse(text) }
}
const health = async () => (await ask('GET', '/api/health')).body.message
const RUNS = "message: 'Service is running'"
const HANDLERS = 'src/features/health/health-handlers.ts'

it('reloads on a save, and no request is lost', async () => {
  let saved = false
  const answers: string[] = []
  const asking = (async () => {
    while (!saved || answers.at(-1) !== 'Service was changed') answers.push(await health())
  })()
  copy.edit(HANDLERS, (text) => text.replace(RUNS, "message: 'Service was changed'"))
  saved = true
  await asking
  expect(new Set(answers)).toEqual(new Set(['Service is running', 'Service was changed']))
  expect(dev.output()).toMatch(/reload: src\/features\/health\/health-handlers\.ts\n(.*\n)*up in \d+ ms/)
}, 60_000)

it('keeps the old code when the new one does not start', async () => {
  copy.edit(HANDLERS, (text) => `${text}\nthis is no code\n`)
  await eventually(
    async () => dev.output(),
    (text) => text.includes('the old one keeps serving'),
    20_000,
  )
  expect(dev.output()).toContain('this code does not start, the old one keeps serving')
  expect(await health()).toBe('Service was changed')
  copy.edit(HANDLERS, (text) => text.replace('\nthis is no code\n', ''))
}, 60_000)

it('shows an answer that breaks the spec, with its operation and the place in the answer', async () => {
  copy.edit('src/features/group/group-mapper.ts', (text) =>
    text.replace('metadata: objectOr(row.data, EMPTY_OBJECT)', "metadata: '5' as never"),
  )
  await ask('POST', '/api/group', { name: 'x' })
  const answer = await eventually(
    () => ask('GET', '/api/group'),
    ({ status }) => status === 500,
    20_000,
  )
  expect(answer.body.detail).toContain('answer/groups/0/metadata must be object')
  const line = dev
    .output()
    .split('\n')
    .find((one) => one.includes('The answer breaks the spec'))
  expect(line).toContain('getGroupList /api/group answered 200: answer/groups/0/metadata must be object')
  expect(line).toContain('operation=getGroupList')
  copy.edit('src/features/group/group-mapper.ts', (text) =>
    text.replace("metadata: '5' as never", 'metadata: objectOr(row.data, EMPTY_OBJECT)'),
  )
}, 60_000)

it('generates on a save of the spec, and mocks an operation that has no handler at all', async () => {
  copy.edit('openapi/openapi.yaml', (text) =>
    text.replace('  /group: {', "  /group/pulse: { $ref: 'paths/group.yaml#/~1group~1pulse' }\n  /group: {"),
  )
  copy.edit('openapi/paths/group.yaml', (text) => `${text}${PULSE}`)
  const answer = await eventually(
    () => ask('GET', '/api/group/pulse'),
    ({ status }) => status === 200,
    20_000,
  )
  expect(answer).toEqual({ status: 200, mock: expect.stringContaining('getPulse'), body: { beats: 60 } })
  expect(readFileSync(join(copy.folder, 'generated/operations.ts'), 'utf8')).toContain("'getPulse'")
}, 60_000)

const PULSE = `/group/pulse:
  get:
    operationId: getPulse
    summary: Pulse
    description: How often.
    tags: [ group ]
    responses:
      '200':
        description: Beats.
        content:
          application/json:
            schema: { type: object, additionalProperties: false, required: [ beats ], properties: { beats: { type: integer } } }
            example: { beats: 60 }
      '401': { $ref: ../responses.yaml#/Unauthorized }
`

it('explains a broken spec and keeps serving', async () => {
  copy.edit('openapi/schemas/group.yaml', (text) =>
    text.replace('type: string, format: uuid', 'type: [ string, format: uuid'),
  )
  const text = await eventually(
    async () => dev.output(),
    (all) => all.includes('openapi/schemas/group.yaml:'),
    20_000,
  )
  expect(text).toMatch(/openapi\/schemas\/group\.yaml:\d+:\d+: /)
  expect(await health()).toBe('Service was changed')
}, 60_000)

it('does jobs without Redis', async () => {
  const id = (await ask('POST', '/api/project', { name: 'dev', title: 'Dev' })).body.id
  const form = new FormData()
  form.set('project', id)
  form.set('importFile', new Blob(['<testsuite name="s" tests="1"><testcase name="t" time="1"/></testsuite>']), 'a.xml')
  const sent = await fetch(`${dev.url}/api/import`, {
    method: 'POST',
    body: form,
    headers: { authorization: `Bearer ${token}` },
  })
  const imported = (await sent.json()) as { id: string }
  const done = await eventually(
    () => ask('GET', `/api/import/${imported.id}`),
    ({ body }) => body.status === 'done',
    30_000,
  )
  expect(done.body.status).toBe('done')
}, 60_000)

it('ends with Ctrl-C, with everything that it started', async () => {
  expect(await dev.interrupt()).toBe(0)
  await expect(health()).rejects.toThrow('fetch failed')
  expect(existsSync(join(copy.folder, 'data/postgres/postmaster.pid'))).toBe(false)
}, 60_000)

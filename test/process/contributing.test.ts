import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts'
import { eventually } from '../helpers/server.ts'
import { type DevServer, makeScratchCopy, type ScratchCopy, startDev } from './helpers/scratch-copy.ts'
import { freePort } from './helpers/supervisor.ts'

/*
 * The example of CONTRIBUTING.md, done as it stands there: its shell blocks are run, its diff blocks are applied, in a copy
 * of the checkout beside a running `npm run dev`. Of `npm run check` the copy runs what the example can turn red: generated
 * code, diff, lint (of what changed), types, and the tests that it names; the whole suite would take minutes.
 */
const guide = readFileSync(resolve(import.meta.dirname, '../../CONTRIBUTING.md'), 'utf8')

interface Block {
  readonly language: string
  readonly text: string
}

/** The blocks of a section (`### 1. …`), in their order. */
function blocksOf(section: number): Block[] {
  const text = guide.split(/^###? /m).find((part) => part.startsWith(`${section}. `)) ?? ''
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = '', body = '']) => ({
    language,
    text: body,
  }))
}

let copy: ScratchCopy
let database: TestDatabase
let dev: DevServer
let token: string
let project: string

const ADMIN = { IBUTSU_SUPERADMIN_EMAIL: 'admin@example.com', IBUTSU_SUPERADMIN_PASSWORD: 'admin12345' }

beforeAll(async () => {
  ;[copy, database] = await Promise.all([makeScratchCopy(), createTestDatabase()])
  dev = startDev(copy.folder, await freePort(), { ...ADMIN, SQLALCHEMY_DATABASE_URI: database.url })
  await dev.untilUp()
  const json = { email: ADMIN.IBUTSU_SUPERADMIN_EMAIL, password: ADMIN.IBUTSU_SUPERADMIN_PASSWORD }
  token = (await ask('POST', '/api/login', json)).body.token
  project = (await ask('POST', '/api/project', { name: 'example', title: 'Example' })).body.id
}, 120_000)
afterAll(async () => {
  await dev?.kill()
  copy?.remove()
  await database?.drop()
})

async function ask(method: string, path: string, json?: object) {
  const answer = await fetch(dev.url + path, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      connection: 'close',
    },
    ...(json ? { body: JSON.stringify(json) } : {}),
  })
  return { status: answer.status, mock: answer.headers.get('x-mock'), body: JSON.parse(await answer.text()) }
}

/** Applies a block: the lines that it removes or keeps stand together in the file, exactly once. */
function applyDiff(text: string): void {
  const [head = '', ...lines] = text.trimEnd().split('\n')
  const path = head.replace('--- ', '')
  const side = (mark: string) =>
    lines
      .filter((line) => !line.startsWith(mark))
      .map((line) => `${line.slice(1)}\n`)
      .join('')
  copy.edit(path, (before) => {
    const parts = `\n${before}`.split(`\n${side('+')}`)
    expect(parts.length, `${path} has once:\n${side('+')}`).toBe(2)
    return parts.join(`\n${side('-')}`).slice(1)
  })
}

async function follow(section: number): Promise<void> {
  for (const { language, text } of blocksOf(section)) {
    if (language === 'diff') applyDiff(text)
    else if (!text.startsWith('curl')) await pass(text)
  }
}

const test = (...args: readonly string[]) =>
  copy.shell(`vitest run ${args.join(' ')}`, { TEST_DATABASE_URL: inject('databaseServer').url })
const NAMED = ['test/unit/codegen/open-decisions.test.ts', 'test/integration/get-run-count.test.ts']
const LINT_CHANGED = 'biome check --error-on-warnings $(git ls-files -mo --exclude-standard "src/*.ts" "test/*.ts")'

/** Runs a line that must end well; what it says is the message when it does not. */
async function pass(line: string): Promise<void> {
  const { code, text } = await copy.shell(line)
  expect(code, `${line}\n${text}`).toBe(0)
}

const MATRIX = 'test/integration/access-matrix/matrix.test.ts'
const countRuns = () => ask('GET', `/api/project/${project}/run-count`)

describe('the example of CONTRIBUTING.md', () => {
  it('has the blocks that this test follows', () => {
    expect([1, 2, 3, 4, 5].map((section) => blocksOf(section).length)).toEqual([1, 4, 3, 4, 2])
  })

  it('starts an operation: a mock answers, and the check is red where a person must decide', async () => {
    await follow(1)
    const answer = await eventually(countRuns, ({ status }) => status === 200, 20_000)
    expect(answer).toMatchObject({
      status: 200,
      mock: expect.stringContaining('getRunCount'),
      body: { decide: 'what it answers' },
    })

    await pass('npm run --silent codegen check')
    await pass(LINT_CHANGED)
    const types = await copy.shell('npm run --silent typecheck')
    const errors = types.text.split('\n').filter((line) => /^\S+\(\d+,\d+\): error/.test(line))
    expect(errors).toEqual([expect.stringMatching(/^src\/access\/access-table\.ts\(\d+,\d+\): error/)])
    expect(types.text).toContain('DECIDE who may call this operation')

    const { code, text } = await test(...NAMED, MATRIX)
    expect(code).toBe(1)
    expect(text).toContain('DECIDE: what getRunCount answers, and to whom.')
    expect(text).toMatch(/openapi\/paths\/project\.yaml:\d+: description: 'DECIDE/)
    expect(text).toContain('DECIDE is no answer: getRunCount,own')
  }, 180_000)

  it('builds it: the check is green, and the running server answers', async () => {
    await follow(2)
    await follow(3)
    await follow(4)
    await pass('npm run --silent codegen check')
    await pass('npm run --silent codegen -- diff --if-possible')
    await pass(LINT_CHANGED)
    await pass('npm run --silent typecheck')
    const named = await test(...NAMED, 'test/unit/access-table.test.ts')
    expect(named.code, named.text).toBe(0)
    const matrix = await test(MATRIX, '-t', 'getRunCount')
    expect(matrix.text).toMatch(/Tests .*\d passed/)
    expect(matrix.code, matrix.text).toBe(0)

    await eventually(countRuns, ({ mock }) => mock === null, 20_000)
    await ask('POST', '/api/run', { metadata: { project } })
    const curl = blocksOf(4).find(({ text }) => text.startsWith('curl'))?.text ?? ''
    const line = curl.replace('http://127.0.0.1:8080', dev.url)
    const { text } = await copy.shell(line, { PROJECT: project, TOKEN: token })
    expect(JSON.parse(text)).toEqual({ runs: 1 })
  }, 240_000)

  it('refuses a break that no version announces', async () => {
    const [edit, command] = blocksOf(5)
    applyDiff(edit?.text ?? '')
    const broken = await copy.shell(`npm run --silent ${command?.text.replace('npm run ', '')}`)
    expect(broken.code, broken.text).toBe(1)
    expect(broken.text).toContain('answer Group.name: may be missing now')
    expect(broken.text).toContain('getRunCount (GET /api/project/{id}/run-count)')

    copy.edit('openapi/openapi.yaml', (text) => text.replace(/^( +)version: .*$/m, '$1version: 9.0.0'))
    await pass('npm run --silent codegen diff')
  }, 60_000)
})

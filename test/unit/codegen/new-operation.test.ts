import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { compile } from '../../../scripts/codegen/generate.ts'
import { parseSpec, readTexts, type SpecTexts } from '../../../scripts/codegen/load.ts'
import { addAccessLines } from '../../../scripts/codegen/new/access-fixture.ts'
import { addImport } from '../../../scripts/codegen/new/edit-source.ts'
import { planOperation, refuseTaken } from '../../../scripts/codegen/new/operation-plan.ts'
import { addToSource } from '../../../scripts/codegen/new/source-edits.ts'
import { addToSpec } from '../../../scripts/codegen/new/spec-edits.ts'
import { writeTogether } from '../../../scripts/codegen/new/write-together.ts'
import { ROOT } from './fixtures.ts'

const texts = readTexts(join(ROOT, 'openapi'))
const ir = compile(parseSpec(texts))
const asked = { id: 'getRunNotes', path: '/run/{id}/notes', method: 'get', tag: 'run' }

function withOperation(plan: ReturnType<typeof planOperation>, before: SpecTexts = texts) {
  const changed = addToSpec(before, plan)
  return { changed, ir: compile(parseSpec(new Map([...before, ...changed]))) }
}

/** The lines of a text that another lacks, in their order; throws when something else changed. */
function addedLines(before: string, after: string): string[] {
  const old = before.split('\n')
  const added: string[] = []
  for (const line of after.split('\n')) {
    if (line === old[0]) old.shift()
    else added.push(line)
  }
  expect(old).toEqual([])
  return added
}

describe('a plan', () => {
  it.each([
    [{ id: 'GetRun' }, 'is no operationId'],
    [{ id: 'get-run' }, 'is no operationId'],
    [{ path: 'run' }, 'is no path'],
    [{ path: '/run/x{id}' }, 'is no path'],
    [{ path: '/api/run' }, 'leave it out'],
    [{ method: 'head' }, 'is none of'],
    [{ tag: 'Run' }, 'is no tag'],
  ])('refuses %j', (wrong, message) => {
    expect(() => planOperation({ ...asked, ...wrong })).toThrow(message)
  })

  it.each([
    [{ id: 'getRun' }, 'There is an operation getRun already: GET /run/{id}'],
    [{ path: '/run/{id}', method: 'GET' }, 'GET /run/{id} is getRun already'],
  ])('refuses what exists: %j', (taken, message) => {
    expect(() => refuseTaken(planOperation({ ...asked, ...taken }), ir.document)).toThrow(message)
    expect(() => refuseTaken(planOperation(asked), ir.document)).not.toThrow()
  })
})

describe('the spec', () => {
  it('gets a path beside those of its tag, and keeps every other line as it was', () => {
    const { changed, ir: after } = withOperation(planOperation(asked))
    expect([...changed.keys()].sort()).toEqual(['openapi.yaml', 'paths/run.yaml'])
    const root = addedLines(texts.get('openapi.yaml') ?? '', changed.get('openapi.yaml') ?? '')
    expect(root).toEqual([`  /run/{id}/notes: { $ref: 'paths/run.yaml#/~1run~1{id}~1notes' }`])
    const lines = addedLines(texts.get('paths/run.yaml') ?? '', changed.get('paths/run.yaml') ?? '')
    expect(lines.slice(0, 3)).toEqual(['/run/{id}/notes:', '  get:', '    operationId: getRunNotes'])
    const operation = after.operations.find(({ id }) => id === 'getRunNotes')
    expect(operation).toMatchObject({ method: 'GET', path: '/api/run/{id}/notes', tag: 'run', secured: true })
    expect(operation?.parameters).toMatchObject([{ name: 'id', format: 'uuid' }])
  })

  it('gets another method of a path that exists, in its file', () => {
    const { changed, ir: after } = withOperation(planOperation({ ...asked, path: '/run/{id}', method: 'patch' }))
    expect([...changed.keys()]).toEqual(['paths/run.yaml'])
    const text = changed.get('paths/run.yaml') ?? ''
    addedLines(texts.get('paths/run.yaml') ?? '', text)
    expect(text.indexOf('operationId: getRunNotes')).toBeLessThan(text.indexOf('/runs/bulk-update:'))
    const operation = after.operations.find(({ id }) => id === 'getRunNotes')
    expect(operation?.body).toMatchObject({ kind: 'json', required: true })
  })

  it('gets a new tag with a file of its own, and parameters that no other operation has', () => {
    const plan = planOperation({ id: 'addNote', path: '/note/{name}', method: 'post', tag: 'sticky-note' })
    const { changed, ir: after } = withOperation(plan)
    const root = addedLines(texts.get('openapi.yaml') ?? '', changed.get('openapi.yaml') ?? '')
    expect(root.join('\n')).toContain('  - name: sticky-note')
    expect(changed.get('paths/sticky-note.yaml')).toContain('/note/{name}:')
    expect(after.operations.at(-1)).toMatchObject({ id: 'addNote', method: 'POST', parameters: [{ name: 'name' }] })
  })

  it('keeps comments, and files without a newline at their end', () => {
    const before = new Map([...texts, ['paths/run.yaml', `# first\n${texts.get('paths/run.yaml')?.trimEnd()} # last`]])
    const { changed } = withOperation(planOperation(asked), before)
    expect(changed.get('paths/run.yaml')).toMatch(/^# first\n.* # last\n\/run\/\{id\}\/notes:\n/s)
  })
})

describe('the source', () => {
  it('gets a handler, a query, a row and a test', () => {
    const plan = planOperation(asked)
    const changed = addToSource(ROOT, plan, ir)
    expect([...changed.keys()]).toEqual([
      'src/features/run/run-sql.ts',
      'src/features/run/run-handlers.ts',
      'src/access/access-table.ts',
      'test/integration/get-run-notes.test.ts',
    ])
    expect(changed.get('src/features/run/run-sql.ts')).toMatch(
      /findRunNotes\(_db: Queryable, _id: string\): Promise<never>/,
    )
    expect(changed.get('src/features/run/run-handlers.ts')).toMatch(/async getRunNotes\(ctx, \{ params \}\)/)
    expect(changed.get('src/access/access-table.ts')).toMatch(/bulkUpdate: .*\n +getRunNotes: decide,\n/)
    expect(changed.get('test/integration/get-run-notes.test.ts')).toContain("api.GET('/api/run/{id}/notes'")
  })

  it('gets a feature folder and its registration for a new tag', () => {
    const changed = addToSource(ROOT, planOperation({ ...asked, tag: 'sticky-note' }), ir)
    expect(changed.get('src/http/handlers.ts')).toContain("from '../features/sticky-note/sticky-note-handlers.ts'")
    expect(changed.get('src/http/handlers.ts')).toMatch(
      /\.\.\.runHandlers,\n +\.\.\.stickyNoteHandlers,\n +\.\.\.taskHandlers,/,
    )
    expect(changed.get('src/features/sticky-note/sticky-note-handlers.ts')).toContain('export const stickyNoteHandlers')
  })

  it('keeps what stands there already', () => {
    // Handler and row of an operation that the spec has lost are not added twice.
    const changed = addToSource(ROOT, planOperation({ ...asked, id: 'getRun' }), ir)
    expect([...changed.keys()]).toEqual(['test/integration/get-run.test.ts'])
  })

  it('gets lines in the authorisation matrix, behind those of its tag', () => {
    const plan = planOperation(asked)
    const [text = ''] = addAccessLines(ROOT, plan, withOperation(plan).ir).values()
    const lines = text.split('\n')
    const first = lines.findIndex((line) => line.startsWith('getRunNotes,'))
    expect(lines.slice(first, first + 4).map((line) => line.split(',')[1])).toEqual([
      'own',
      'foreign',
      'unknown',
      'malformed',
    ])
    expect(lines[first - 1]).toMatch(/^(bulkUpdate|updateRun),/)
    expect(lines[first]).toBe('getRunNotes,own,401,401,401,401,DECIDE,DECIDE,DECIDE,DECIDE,DECIDE')
  })
})

describe('writeTogether', () => {
  let dir: string
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'codegen-new-'))
    writeFileSync(join(dir, 'a'), 'old')
    mkdirSync(join(dir, 'in-the-way'))
  })
  afterEach(() => rmSync(dir, { recursive: true, force: true }))

  it('writes all', () => {
    writeTogether(
      dir,
      new Map([
        ['a', 'new'],
        ['b/c/d', 'more'],
      ]),
    )
    expect([readFileSync(join(dir, 'a'), 'utf8'), readFileSync(join(dir, 'b/c/d'), 'utf8')]).toEqual(['new', 'more'])
  })

  it('or nothing', () => {
    expect(() =>
      writeTogether(
        dir,
        new Map([
          ['a', 'new'],
          ['b/c/d', 'more'],
          ['in-the-way', 'x'],
        ]),
      ),
    ).toThrow('EISDIR')
    expect([readFileSync(join(dir, 'a'), 'utf8'), existsSync(join(dir, 'b'))]).toEqual(['old', false])
  })
})

describe('addImport', () => {
  const from = './x.ts'
  it.each([
    ['adds a line', "import { b } from './y.ts'\n", false, "import { a } from './x.ts'\nimport { b } from './y.ts'\n"],
    ['adds a name', "import { b } from './x.ts'\n", false, "import { b, a } from './x.ts'\n"],
    ['keeps a trailing comma', "import {\n  b,\n} from './x.ts'\n", false, "import {\n  b, a,\n} from './x.ts'\n"],
    ['keeps what is there', "import { a, b } from './x.ts'\n", false, "import { a, b } from './x.ts'\n"],
    ['adds a type', "import { b } from './x.ts'\n", true, "import { b, type a } from './x.ts'\n"],
    [
      'adds a value beside types',
      "import type { b } from './x.ts'\n",
      false,
      "import { a } from './x.ts'\nimport type { b } from './x.ts'\n",
    ],
  ])('%s', (_name, before, isType, after) => {
    expect(addImport(before, 'a', from, isType)).toBe(after)
  })
})

import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundle } from '../../../scripts/codegen/bundle.ts'
import { announcesBreak } from '../../../scripts/codegen/diff/changes.ts'
import { compareInterfaces } from '../../../scripts/codegen/diff/compare-interfaces.ts'
import { NoRef, readRef } from '../../../scripts/codegen/diff/read-ref.ts'
import { parseSpec } from '../../../scripts/codegen/load.ts'
import { ROOT } from './fixtures.ts'

const SPEC = `openapi: 3.1.0
info: { title: T, version: 0.1.0 }
servers: [ { url: /api } ]
security: [ { bearer: [] } ]
paths:
  /thing/{id}:
    put:
      operationId: changeThing
      parameters:
        - { name: id, in: path, required: true, schema: { type: string } }
        - { name: page, in: query, schema: { type: integer, minimum: 1 } }
      requestBody:
        content: { application/json: { schema: { $ref: schemas/thing-input.yaml } } }
      responses:
        '200':
          description: Ok.
          headers: { X-Total: { schema: { type: integer } } }
          content: { application/json: { schema: { $ref: schemas/thing.yaml } } }
        '404': { description: Gone. }
`
const FILES = {
  'openapi.yaml': SPEC,
  'schemas/thing-input.yaml': `type: object
required: [ name ]
properties:
  name: { type: string, maxLength: 10 }
  kind: { enum: [ a, b ] }
  size: { type: [ integer, 'null' ] }
`,
  'schemas/thing.yaml': `type: object
additionalProperties: false
required: [ name, kind, parts ]
properties:
  name: { type: string }
  kind: { enum: [ a, b ] }
  note: { type: string }
  parts: { type: array, items: { $ref: thing.yaml } }
  other: { anyOf: [ { type: string }, { type: integer } ] }
`,
}
type Name = keyof typeof FILES

function document(files: Readonly<Record<string, string>>) {
  return bundle(parseSpec(new Map(Object.entries(files)))).document
}

/** The findings after an edit, as `breaking|other direction place: text`. */
function after(name: Name, from: string, to: string): string[] {
  const changed = FILES[name].replace(from, to)
  expect(changed).not.toBe(FILES[name])
  return compareInterfaces(document(FILES), document({ ...FILES, [name]: changed })).map(
    ({ breaking, direction, place, text }) => `${breaking ? 'breaking' : 'other'} ${direction} ${place}: ${text}`,
  )
}

const input = 'schemas/thing-input.yaml'
const output = 'schemas/thing.yaml'

describe('diff finds that', () => {
  it.each<[string, Name, string, string, string]>([
    ['an operation is gone', 'openapi.yaml', '    put:', '    post:', 'breaking request operation: is gone'],
    [
      'a parameter is gone',
      'openapi.yaml',
      'name: page',
      'name: paje',
      'breaking request query parameter page: is not read any more',
    ],
    [
      'a parameter is required',
      'openapi.yaml',
      'name: page, in: query',
      'name: page, in: query, required: true',
      'breaking request query parameter page: is required now',
    ],
    [
      'a limit is tighter',
      'openapi.yaml',
      'minimum: 1',
      'minimum: 2',
      'breaking request query parameter page: minimum was 1, is 2',
    ],
    [
      'a limit is looser',
      'openapi.yaml',
      'minimum: 1',
      'minimum: 0',
      'other request query parameter page: minimum was 1, is 0',
    ],
    [
      'a body is required',
      'openapi.yaml',
      'requestBody:',
      'requestBody:\n        required: true',
      'breaking request body: is required now',
    ],
    ['a status is gone', 'openapi.yaml', "'404'", "'410'", 'breaking answer 404: is gone'],
    ['a status is new', 'openapi.yaml', "'404'", "'410'", 'other answer 410: is new'],
    [
      'a content type is gone',
      'openapi.yaml',
      'content: { application/json: { schema: { $ref: schemas/thing.yaml',
      'content: { text/plain: { schema: { $ref: schemas/thing.yaml',
      'breaking answer 200 application/json: is gone',
    ],
    ['a header is gone', 'openapi.yaml', 'X-Total', 'X-Sum', 'breaking answer 200 header X-Total: is gone'],
    [
      'a token is needed no more',
      'openapi.yaml',
      'operationId',
      'security: []\n      operationId',
      'breaking request security: needs no token any more',
    ],
    [
      'a name of the path changed, which no caller sees',
      'openapi.yaml',
      'operationId: changeThing',
      'operationId: alterThing',
      'other request operationId: was changeThing',
    ],
    [
      'a property is required',
      input,
      '[ name ]',
      '[ name, kind ]',
      'breaking request ThingInput.kind: is required now',
    ],
    [
      'a property is new and required',
      input,
      '[ name ]\nproperties:',
      '[ name, more ]\nproperties:\n  more: { type: string }',
      'breaking request ThingInput.more: is new and required',
    ],
    [
      'a property may be left out',
      input,
      'required: [ name ]\n',
      '',
      'other request ThingInput.name: may be left out now',
    ],
    ['a property is not read', input, 'kind:', 'sort:', 'breaking request ThingInput.kind: is not read any more'],
    ['a value is refused', input, '[ a, b ]', '[ a ]', 'breaking request ThingInput.kind: has no value "b" any more'],
    ['a value is taken', input, '[ a, b ]', '[ a, b, c ]', 'other request ThingInput.kind: has the new value "c"'],
    [
      'null is refused',
      input,
      "[ integer, 'null' ]",
      'integer',
      'breaking request ThingInput.size: was integer or null, is integer',
    ],
    [
      'a type is wider',
      input,
      "[ integer, 'null' ]",
      "[ number, 'null' ]",
      'other request ThingInput.size: was integer or null, is number or null',
    ],
    [
      'a text may be longer',
      input,
      'maxLength: 10',
      'maxLength: 11',
      'other request ThingInput.name: maxLength was 10, is 11',
    ],
    [
      'a limit is new',
      input,
      'maxLength: 10',
      'maxLength: 10, minLength: 1',
      'breaking request ThingInput.name: minLength was unset, is 1',
    ],
    ['an answer lacks a property', output, '  note: { type: string }\n', '', 'breaking answer Thing.note: is gone'],
    [
      'an answer has one more',
      output,
      '  note:',
      '  more: { type: string }\n  note:',
      'other answer Thing.more: is new',
    ],
    [
      'an answer may lack a property',
      output,
      '[ name, kind, parts ]',
      '[ kind, parts ]',
      'breaking answer Thing.name: may be missing now',
    ],
    [
      'an answer always has it',
      output,
      '[ name, kind, parts ]',
      '[ name, kind, parts, note ]',
      'other answer Thing.note: is always there now',
    ],
    [
      'an answer may be null',
      output,
      'name: { type: string }',
      "name: { type: [ string, 'null' ] }",
      'breaking answer Thing.name: was string, is string or null',
    ],
    [
      'an answer has a new value',
      output,
      '[ a, b ]',
      '[ a, b, c ]',
      'breaking answer Thing.kind: has the new value "c"',
    ],
    ['an answer has a value less', output, '[ a, b ]', '[ a ]', 'other answer Thing.kind: has no value "b" any more'],
    ['an answer is open', output, 'additionalProperties: false\n', '', 'breaking answer Thing: may hold any key now'],
    [
      'an answer has a new form',
      output,
      '{ type: integer } ] }',
      '{ type: integer }, { type: boolean } ] }',
      'breaking answer Thing.other: has 1 new forms',
    ],
    [
      'the items changed',
      output,
      'items: { $ref: thing.yaml }',
      'items: { type: string }',
      'breaking answer Thing.parts[]: was object, is string',
    ],
  ])('%s', (_name, file, from, to, finding) => {
    expect(after(file, from, to)).toContain(finding)
  })

  it('nothing changed when only words, the order or the way of writing did', () => {
    const written = FILES[input]
      .replace('type: object', 'description: New words.\ntype: object')
      .replace('kind: { enum: [ a, b ] }', 'kind: { allOf: [ { enum: [ b, a ] } ] }')
    expect(compareInterfaces(document(FILES), document({ ...FILES, [input]: written }))).toEqual([])
  })

  it('the same schema changed for several operations, once', () => {
    const twice =
      SPEC + SPEC.slice(SPEC.indexOf('  /thing')).replace('/thing/', '/other/').replace('changeThing', 'changeOther')
    const [finding, ...others] = compareInterfaces(
      document({ ...FILES, 'openapi.yaml': twice }),
      document({ ...FILES, 'openapi.yaml': twice, [output]: FILES[output].replace('[ name,', '[') }),
    )
    expect(others).toEqual([])
    expect(finding?.operations).toEqual(['changeThing (PUT /api/thing/{id})', 'changeOther (PUT /api/other/{id})'])
  })
})

it.each([
  ['0.1.0', '0.1.1', false],
  ['0.1.0', '0.2.0', true],
  ['0.9.0', '1.0.0', true],
  ['1.2.0', '1.3.0', false],
  ['1.2.0', '2.0.0', true],
  ['1.2.0', '0.9.0', false],
])('a break from %s is announced by %s: %s', (before, now, announced) => {
  expect(announcesBreak(before, now)).toBe(announced)
})

describe('the command', () => {
  let dir: string
  const git = (...args: readonly string[]) =>
    execFileSync(
      'git',
      ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'commit.gpgsign=false', ...args],
      { cwd: dir },
    )
  const run = (...args: readonly string[]) => {
    const line = [join(ROOT, 'scripts/codegen/bin.js'), 'diff', '--spec', 'openapi', ...args]
    try {
      return { code: 0, text: execFileSync(process.execPath, line, { cwd: dir, encoding: 'utf8', stdio: 'pipe' }) }
    } catch (error) {
      const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string }
      return { code: status, text: stdout + stderr }
    }
  }
  const edit = (name: string, from: string, to: string) => {
    const path = join(dir, 'openapi', name)
    writeFileSync(path, readFileSync(path, 'utf8').replace(from, to))
  }
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'codegen-diff-'))
    cpSync(join(ROOT, 'openapi'), join(dir, 'openapi'), { recursive: true })
  })
  afterAll(() => rmSync(dir, { recursive: true, force: true }))

  it('says when there is nothing to compare with, and fails only when it must compare', async () => {
    expect(run('--if-possible')).toMatchObject({
      code: 0,
      text: expect.stringContaining('was not compared: there is no git'),
    })
    expect(run()).toMatchObject({ code: 1, text: expect.stringContaining('there is no git commit') })
    git('init', '-q')
    git('add', '-A')
    git('commit', '-qm', 'start')
    expect(run('nonsense')).toMatchObject({ code: 1, text: expect.stringContaining('git has no openapi/ at nonsense') })
    await expect(readRef(join(dir, 'openapi'), 'nonsense')).rejects.toThrow(NoRef)
    expect(run()).toEqual({ code: 0, text: 'the interface is that of HEAD\n' })
  }, 60_000)

  it('ends with 1 on a break, until the version announces it', () => {
    edit('schemas/group.yaml', 'required: [ id, name, metadata ]', 'required: [ id, metadata ]')
    const { code, text } = run('HEAD')
    expect([code, text]).toEqual([1, expect.stringContaining('answer Group.name: may be missing now')])
    expect(text).toContain('announce it with')
    const json = JSON.parse(run('--json').text)
    expect(json).toMatchObject({ ref: 'HEAD', breaking: true, announced: false })
    expect(json.changes[0]).toMatchObject({ breaking: true, place: 'Group.name', direction: 'answer' })
    edit('openapi.yaml', 'version: ', 'version: 9')
    expect(run()).toMatchObject({ code: 0, text: expect.stringContaining('info.version announces it') })
  }, 60_000)
})

import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OperationSpec } from '../../../generated/operations.ts'
import type { GeneratedFiles } from '../../../scripts/codegen/generate.ts'
import { writeGenerated } from '../../../scripts/codegen/write.ts'
import { readParameters } from '../../../src/http/parameters.ts'
import { createRouteMatcher } from '../../../src/http/route-matcher.ts'
import { generateFixture, ODD, ROOT, typeCheck } from './fixtures.ts'

type Validate = ((data: unknown) => boolean) & { errors?: { instancePath: string; message: string }[] }

// The generated code runs where its imports lead: in a folder beside src/, below one that git ignores.
const folder = join(ROOT, 'node_modules/.cache/codegen-odd-test', String(process.pid), 'generated')

let files: GeneratedFiles
let validators: Record<string, { parameters: Validate | null; body: Validate | null }>
let serializers: Record<string, Record<number, (body: unknown) => string>>
let table: { operations: Record<string, OperationSpec>; routes: Parameters<typeof createRouteMatcher>[0] }

beforeAll(async () => {
  mkdirSync(folder, { recursive: true })
  files = await generateFixture(ODD)
  writeGenerated(folder, files)
  const load = (name: string) => import(pathToFileURL(join(folder, name)).href)
  validators = (await load('validators.js')).validators
  serializers = (await load('serializers.ts')).serializers
  table = await load('operations.ts')
})
afterAll(() => rmSync(join(folder, '..'), { recursive: true, force: true }))

const KINDS = [
  'with space',
  "it's",
  'say "hi"',
  'back\\slash',
  'new\nline',
  '1',
  '__proto__',
  'constructor',
  'ünï',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a text that looks like a template is meant
  '${x}',
  '`tick`',
  '*/',
  '',
]

const thing = (changes: object = {}) => ({
  // Engines print such a name first, wherever it stands in the spec.
  1: 7,
  kind: 'with space',
  level: 2.5,
  mixed: 'null',
  fixed: 'it\'s "fixed"',
  box: { wide: 1.5 },
  'a-b': { x: 1 },
  'a b': { y: 'one' },
  '#/$ref': 'c',
  '': true,
  'it\'s "x"\n': null,
  link: null,
  ...changes,
})

const print = (id: string, status: number, body: unknown) => serializers[id]?.[status]?.(body)
const addThing = (body: unknown) => validators.addThing?.body?.(body)

describe('serializers of odd names print what JSON.stringify prints', () => {
  it.each(KINDS)('for the enum value %j', (kind) => {
    expect(print('addThing', 201, thing({ kind }))).toBe(JSON.stringify(thing({ kind })))
  })

  it.each([
    ['an enum of numbers', { level: 1e21 }],
    ['an enum of mixed types', { mixed: 1 }],
    ['its true', { mixed: true }],
    ['its null, which is not its "null"', { mixed: null }],
    ['a property of a name like quotes', { 'it\'s "x"\n': false }],
    ['an empty name', { '': false }],
    ['a reference that may be null', { note: null }],
    ['a null in it', { note: { text: null } }],
    ['an object called like a component', { box: { wide: 2 }, inner: { deep: 'd' } }],
    ['schemas that lead to each other', { link: { things: [[], [thing()]], next: { things: [[thing(), thing()]] } } }],
  ])('for %s', (_name, changes) => {
    expect(print('addThing', 201, thing(changes))).toBe(JSON.stringify(thing(changes)))
  })

  it('for maps, even of names that objects have', () => {
    const things = JSON.parse(`{"__proto__": ${JSON.stringify(thing())}, "toString": ${JSON.stringify(thing())}}`)
    expect(print('getThings', 200, things)).toBe(JSON.stringify(things))
    expect(Object.keys(JSON.parse(print('getThings', 200, things) ?? ''))).toEqual(['__proto__', 'toString'])
  })

  it('for parts of parts, a nullable whole, and an operation that is called like a keyword', () => {
    const shape = { id: 1, label: null, sides: 3 }
    expect(print('getShape', 200, shape)).toBe(JSON.stringify(shape))
    expect(print('getShape', 200, { ...shape, radius: -0.5 })).toBe(JSON.stringify({ ...shape, radius: -0.5 }))
    expect(print('sendThing', 200, null)).toBe('null')
    expect(print('delete', 200, {})).toBe('{}')
  })
})

describe('validators of odd names', () => {
  it.each(KINDS)('accept the enum value %j in a body, a path and a list', (kind) => {
    expect(addThing(thing({ kind }))).toBe(true)
    expect(validators.sendThing?.parameters?.({ kind })).toBe(true)
    expect(validators.getThings?.parameters?.({ levels: [1], 'odd kinds': [kind, kind] })).toBe(true)
  })

  it.each([
    ['a value that is no member', { kind: 'toString' }, '/kind', 'must be equal to one of the allowed values'],
    ['the number of a member', { kind: 1 }, '/kind', 'must be string'],
    ['a number that is no member', { level: 2 }, '/level', 'must be equal to one of the allowed values'],
    ['the text of a number', { level: '1' }, '/level', 'must be number'],
    ['false where true is a member', { mixed: false }, '/mixed', 'must be equal to one of the allowed values'],
    ['another constant', { fixed: 'fixed' }, '/fixed', 'must be equal to constant'],
    ["one property's object in another", { 'a b': { x: 1 } }, '/a b', "must have required property 'y'"],
    ['a wrong leaf far below', { link: { things: [[thing({ '': 1 })]] } }, '/link', ''],
    ['an unknown name', { valueOf: 1 }, '', 'must NOT have additional properties'],
  ])('refuse %s', (_name, changes, path, message) => {
    expect(addThing(thing(changes))).toBe(false)
    const [error] = validators.addThing?.body?.errors ?? []
    expect(error?.instancePath.startsWith(path)).toBe(true)
    expect(error?.message).toContain(message)
  })

  it('take any value for a file, but not none', () => {
    expect(validators.sendThing?.body?.({ 'the file': {}, 'file[]': 1, level: 1 })).toBe(true)
    expect(validators.sendThing?.body?.({ 'file[]': {} })).toBe(false)
  })

  it('refuse a __proto__ that JSON brings along', () => {
    expect(addThing(JSON.parse(JSON.stringify(thing()).replace('{', '{"__proto__":{},')))).toBe(false)
  })
})

describe('the table of odd names', () => {
  const read = (id: string, search: string) => {
    const spec = table.operations[id]
    if (!spec) throw new Error(`there is no ${id}`)
    return { ...readParameters(spec, {}, search).query }
  }

  it('lets form and deepObject parameters be read', () => {
    const lists = new URLSearchParams([
      ['levels', '1'],
      ['levels', '2.5'],
      ['odd kinds', "it's,1"],
    ])
    expect(read('getThings', lists.toString())).toEqual({ levels: [1, 2.5], 'odd kinds': ["it's", '1'] })
    const range = 'levels=1&range[from]=a&range%5Bto+day%5D=b%26c&range[[x]]=d'
    expect(read('getThings', range)).toMatchObject({ range: { from: 'a', 'to day': 'b&c', '[x]': 'd' } })
    expect(validators.getThings?.parameters?.({ levels: [1], range: {} })).toBe(false)
    expect(validators.getThings?.parameters?.({ levels: [] })).toBe(false)
  })

  it('has files and fields of such names', () => {
    const { body } = table.operations.sendThing ?? {}
    expect(body?.files).toEqual([
      { name: 'the file', maxBytes: 10 },
      { name: 'file[]', maxBytes: 20 },
    ])
    expect(body?.fields).toEqual([{ name: 'level', type: 'number' }])
  })

  it('routes to them', () => {
    const match = createRouteMatcher(table.routes)
    expect(match('GET', '/api/class/__proto__')).toEqual({ id: 'delete', params: { default: '__proto__' } })
    expect(match('PUT', `/api/thing/${encodeURIComponent('say "hi"')}`)).toEqual({
      id: 'sendThing',
      params: { kind: 'say "hi"' },
    })
    expect(match('GET', '/api/__proto__')).toBeNull()
    expect(match('GET', '/api/class/toString/valueOf')).toBeNull()
  })
})

describe('the types of odd names', () => {
  const use = (body: string) =>
    typeCheck(
      new Map([
        ...files,
        ['use.ts', `import type { components } from './types.ts'\nexport const used: components['schemas']${body}`],
      ]),
    )

  it.each(KINDS)('have the enum value %j', (kind) => {
    expect(use(`['Thing']['kind'] = ${JSON.stringify(kind)}`)).toEqual([])
  })

  it('have nothing else', () => {
    expect(use("['Thing']['kind'] = 'other'")).toEqual([expect.stringContaining('use.ts: Type \'"other"\'')])
    expect(use("['Circle'] = { id: 1, label: null, sides: 3 }")).toEqual([])
    expect(use("['Circle'] = { id: 1, sides: 3 }")).toEqual([expect.stringContaining('label')])
    expect(use("['Note'] = null")).toEqual([])
    expect(use("['Thing']['a b'] = { x: 1 }")).toEqual([expect.stringContaining("'x' does not exist")])
  })
})

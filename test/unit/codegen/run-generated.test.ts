import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeGenerated } from '../../../scripts/codegen/write.ts'
import { generateFixture, ROOT } from './fixtures.ts'

type Validate = ((data: unknown) => boolean) & { errors?: { instancePath: string; message: string }[] }
type Pair = { parameters: Validate | null; body: Validate | null }
type Print = (body: unknown) => string

// The generated code runs where its imports lead: in a folder beside src/, below one that git ignores.
const folder = join(ROOT, 'node_modules/.cache/codegen-test', String(process.pid), 'generated')

let validators: Record<string, Pair>
let serializers: Record<string, Record<number, Print>>

beforeAll(async () => {
  mkdirSync(folder, { recursive: true })
  writeGenerated(folder, await generateFixture())
  validators = (await import(pathToFileURL(join(folder, 'validators.js')).href)).validators
  serializers = (await import(pathToFileURL(join(folder, 'serializers.ts')).href)).serializers
})
afterAll(() => rmSync(join(folder, '..'), { recursive: true, force: true }))

const animal = {
  id: 'c1',
  name: 'R\u00fcdiger "the cat"\n\ud800',
  age: 3.5,
  mood: 'in "quotes"',
  parent: null,
  pups: [],
  metadata: '{"big":12345678901234567890}',
  params: null,
  default: true,
}

/** An answer's JSON read back; big integers in raw JSON aside, this is what went in. */
function print(id: string, status: number, body: unknown): string {
  const serialize = serializers[id]?.[status]
  if (!serialize) throw new Error(`${id} ${status} has no serializer`)
  return serialize(body)
}

describe('generated serializers', () => {
  it('splice raw JSON untouched and escape strings', () => {
    const text = print('getAnimal', 200, animal)
    expect(text).toContain('"metadata":{"big":12345678901234567890},"params":null')
    expect(JSON.parse(text)).toEqual({ ...animal, metadata: JSON.parse(animal.metadata) })
    expect(text).toContain('\\ud800')
  })

  it('print nested and nullable objects, and optional ones only when they are there', () => {
    const kennel = { row: 1 }
    const text = print('getAnimal', 200, {
      ...animal,
      parent: animal,
      pups: [animal, animal],
      kennel,
      'nick-name': 'r',
    })
    expect(JSON.parse(text)).toMatchObject({ parent: { id: 'c1' }, pups: [{ id: 'c1' }, { id: 'c1' }], kennel })
    expect(JSON.parse(text)['nick-name']).toBe('r')
    expect(JSON.parse(print('getAnimal', 200, { ...animal, kennel: null })).kennel).toBeNull()
  })

  it('print the parts of an allOf as one object', () => {
    expect(JSON.parse(print('getAnimalList', 200, { page: 2, animals: [] }))).toEqual({ page: 2, animals: [] })
  })

  it('tell the members of a union', () => {
    expect(print('getAnimalByChip', 200, null)).toBe('null')
    expect(print('getAnimalByChip', 200, { detail: 'x' })).toBe('{"detail":"x"}')
    expect(print('getAnimalByChip', 200, animal)).toBe(print('getAnimal', 200, animal))
  })

  it('print maps, lists and numbers that JSON lacks', () => {
    expect(print('replacePhotos', 200, { 'a"b': [1, Number.NaN, -0.5], c: [] })).toBe('{"a\\"b":[1,null,-0.5],"c":[]}')
    expect(print('addPhoto', 201, 'cap"tion')).toBe('"cap\\"tion"')
    expect(print('getReadiness', 200, false)).toBe('false')
  })

  it('exist for JSON replies only', () => {
    expect(serializers.getPhoto).toEqual({})
    expect(serializers.deleteAnimal).toEqual({})
    expect(Object.keys(serializers.getReadiness ?? {})).toEqual(['200', '503'])
    expect(Object.keys(serializers.getAnimal ?? {})).toEqual(['200'])
  })
})

describe('generated validators', () => {
  it('know a mail address by its @, and no other format', () => {
    const { body } = validators.addAnimal ?? {}
    expect(body?.({ name: 'x', owner_email: 'no address' })).toBe(false)
    expect(body?.errors).toMatchObject([{ instancePath: '/owner_email', message: 'must match format "email"' }])
    expect(body?.({ name: 'x', owner_email: 'a@b', unknown: 1 })).toBe(true)
    expect(validators.getAnimal?.parameters?.({ id: 'no uuid' })).toBe(true)
  })

  it('follow recursive schemas and count code points', () => {
    const { body } = validators.addAnimal ?? {}
    expect(body?.({ name: 'x', pups: [{ name: 'y', pups: [{ name: '' }] }] })).toBe(false)
    expect(body?.errors).toMatchObject([{ instancePath: '/pups/0/pups/0/name' }])
  })

  it('check path and query parameters as one object', () => {
    const { parameters } = validators.getAnimalList ?? {}
    expect(parameters?.({ tags: ['a'], sizes: [1], where: { a: 'b' }, page: 1, other: 'x' })).toBe(true)
    expect(parameters?.({ sizes: ['1'] })).toBe(false)
    expect(parameters?.({ page: 0 })).toBe(false)
    expect(validators.getOdd?.parameters?.({ 'x.y': "it's complicated" })).toBe(true)
    expect(validators.getOdd?.parameters?.({})).toBe(false)
  })

  it('take any value for a file', () => {
    const { body } = validators.addPhoto ?? {}
    expect(body?.({ file: { bytes: Buffer.alloc(1) }, caption: 'c' })).toBe(true)
    expect(body?.({ caption: 'c' })).toBe(false)
    expect(validators.replacePhotos?.body).toBeNull()
  })
})

import { describe, expect, it } from 'vitest'
import { fillMetadata, liftUserProperties, mergeMetadata } from '../../../src/json/merge-metadata.ts'
import { parseStoredJson } from '../../../src/json/parse-json.ts'
import { stringifyJson } from '../../../src/json/raw-number.ts'

type Cases = [title: string, stored: string, sent: string, outcome: string][]

/** Works on JSON text, so that keys like `__proto__` and long numbers are what the parser makes of them. */
function run(
  merge: (stored: Record<string, unknown>, sent: Record<string, unknown>) => Record<string, unknown>,
  stored: string,
  sent: string,
): string {
  const left = parseStoredJson(stored) as Record<string, unknown>
  const right = parseStoredJson(sent) as Record<string, unknown>
  const outcome = stringifyJson(merge(left, right))
  expect(stringifyJson(left)).toBe(stored)
  expect(stringifyJson(right)).toBe(sent)
  return outcome
}

describe('mergeMetadata', () => {
  it.each<Cases[number]>([
    ['nothing sent', '{"a":1}', '{}', '{"a":1}'],
    ['null deletes nothing', '{"a":1,"b":{"c":1}}', '{"a":null,"b":null}', '{"a":1,"b":{"c":1}}'],
    ['null over null', '{"a":null}', '{"a":null}', '{"a":null}'],
    ['a value over null', '{"a":null}', '{"a":{"b":1}}', '{"a":{"b":1}}'],
    ['a value over a value', '{"a":1,"b":2}', '{"a":"x"}', '{"a":"x","b":2}'],
    ['false, 0 and "" are values', '{"a":1,"b":1,"c":1}', '{"a":false,"b":0,"c":""}', '{"a":false,"b":0,"c":""}'],
    ['lists are replaced', '{"a":[1,2]}', '{"a":[3]}', '{"a":[3]}'],
    ['an object over a list', '{"a":[1]}', '{"a":{"b":1}}', '{"a":{"b":1}}'],
    ['an object over a text', '{"a":"x"}', '{"a":{"b":null}}', '{"a":{"b":null}}'],
    ['objects merge', '{"a":{"b":1,"c":{"d":1}}}', '{"a":{"c":{"e":2}}}', '{"a":{"b":1,"c":{"d":1,"e":2}}}'],
    ['null inside deletes nothing', '{"a":{"b":1}}', '{"a":{"b":null}}', '{"a":{"b":1}}'],
    ['a text over an object', '{"a":{"b":1}}', '{"a":"x"}', '{"a":"x"}'],
    ['a list over an object', '{"a":{"b":1}}', '{"a":[]}', '{"a":[]}'],
    ['an empty object over an object', '{"a":{"b":1}}', '{"a":{}}', '{"a":{"b":1}}'],
    ['anything over an empty object', '{"a":{},"b":{}}', '{"a":1,"b":{"c":1}}', '{"a":1,"b":{"c":1}}'],
    ['null over an empty object', '{"a":{}}', '{"a":null}', '{"a":{}}'],
    ['a new null', '{}', '{"a":null,"b":{"c":null}}', '{"a":null,"b":{"c":null}}'],
    ['a long number over an object', '{"a":{"b":1}}', '{"a":9007199254740993}', '{"a":9007199254740993}'],
    ['an object over a long number', '{"a":9007199254740993}', '{"a":{"b":1}}', '{"a":{"b":1}}'],
    ['a long number over another', '{"a":9007199254740993}', '{"a":9007199254740995}', '{"a":9007199254740995}'],
    ['__proto__', '{"a":1}', '{"__proto__":{"x":1}}', '{"a":1,"__proto__":{"x":1}}'],
    ['__proto__ twice', '{"__proto__":{"x":1}}', '{"__proto__":{"y":2}}', '{"__proto__":{"x":1,"y":2}}'],
    ['inherited names', '{}', '{"constructor":{"x":1},"toString":null}', '{"constructor":{"x":1},"toString":null}'],
  ])('%s', (_title, stored, sent, outcome) => {
    expect(run(mergeMetadata, stored, sent)).toBe(outcome)
  })

  it('takes missing stored metadata as empty', () => {
    expect(mergeMetadata(null, { a: null })).toEqual({ a: null })
    expect(fillMetadata(null, { a: null })).toEqual({ a: null })
  })
})

describe('fillMetadata', () => {
  it.each<Cases[number]>([
    ['a missing key', '{"a":1}', '{"b":2,"c":null}', '{"a":1,"b":2,"c":null}'],
    ['a null key', '{"a":null}', '{"a":[1]}', '{"a":[1]}'],
    [
      'existing values win',
      '{"a":1,"b":"","c":false,"d":[]}',
      '{"a":2,"b":2,"c":2,"d":2}',
      '{"a":1,"b":"","c":false,"d":[]}',
    ],
    ['null sent', '{"a":1,"b":null}', '{"a":null,"b":null}', '{"a":1,"b":null}'],
    ['nested', '{"a":{"b":1,"c":null}}', '{"a":{"b":2,"c":3,"d":4}}', '{"a":{"b":1,"c":3,"d":4}}'],
    ['an empty object stays for a text', '{"a":{}}', '{"a":"x"}', '{"a":{}}'],
    ['an object stays for a text', '{"a":{"b":1}}', '{"a":"x"}', '{"a":{"b":1}}'],
    ['a text stays for an object', '{"a":"x"}', '{"a":{"b":1}}', '{"a":"x"}'],
    ['a long number stays', '{"a":9007199254740993}', '{"a":{"b":1}}', '{"a":9007199254740993}'],
    ['__proto__', '{"__proto__":{"x":1}}', '{"__proto__":{"x":2,"y":2}}', '{"__proto__":{"x":1,"y":2}}'],
  ])('%s', (_title, stored, sent, outcome) => {
    expect(run(fillMetadata, stored, sent)).toBe(outcome)
  })
})

describe('liftUserProperties', () => {
  it.each([
    ['moves them up', '{"a":1,"user_properties":{"b":2}}', '{"a":1,"b":2}'],
    ['existing values win', '{"a":1,"user_properties":{"a":2,"b":3}}', '{"a":1,"b":3}'],
    ['null counts as missing', '{"a":null,"user_properties":{"a":2}}', '{"a":2}'],
    ['nested objects likewise', '{"a":{"x":1},"user_properties":{"a":{"x":2,"y":3}}}', '{"a":{"x":1,"y":3}}'],
    ['empty stays', '{"user_properties":{}}', '{"user_properties":{}}'],
    ['null stays', '{"user_properties":null}', '{"user_properties":null}'],
    ['a list stays', '{"user_properties":[["a",1]]}', '{"user_properties":[["a",1]]}'],
    ['a text stays', '{"user_properties":"x"}', '{"user_properties":"x"}'],
    ['a long number stays', '{"user_properties":9007199254740993}', '{"user_properties":9007199254740993}'],
    ['one inside another', '{"user_properties":{"user_properties":{"a":1}}}', '{"user_properties":{"a":1}}'],
    ['__proto__', '{"__proto__":{"x":1},"user_properties":{"__proto__":{"y":2}}}', '{"__proto__":{"x":1,"y":2}}'],
    ['none', '{"a":1}', '{"a":1}'],
  ])('%s', (_title, metadata, outcome) => {
    const before = parseStoredJson(metadata) as Record<string, unknown>
    expect(stringifyJson(liftUserProperties(before))).toBe(outcome)
    expect(stringifyJson(before)).toBe(metadata)
  })

  it('ignores an inherited member', () => {
    const metadata = Object.create({ user_properties: { a: 1 } })
    expect(liftUserProperties(metadata)).toEqual({})
  })
})

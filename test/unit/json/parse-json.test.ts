import { describe, expect, it } from 'vitest'
import { ApiError } from '../../../src/errors.ts'
import { parseJsonBody, parseJsonText, parseStoredJson } from '../../../src/json/parse-json.ts'
import { isRawNumber, stringifyJson } from '../../../src/json/raw-number.ts'

const body = (text: string) => parseJsonBody(Buffer.from(text))
const through = (text: string) => stringifyJson(body(text))
const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)

function refusal(bytes: string | Buffer): string {
  try {
    parseJsonBody(Buffer.from(bytes as string))
  } catch (error) {
    if (error instanceof ApiError) return `${error.code}: ${error.message}`
    throw error
  }
  return 'accepted'
}

describe('parseJsonBody', () => {
  it.each(['{}', '[]', '5', '"x"', 'null', 'true', ' {"a": [1, {"b": null}]}\n', '{"é": "日本 😀"}'])(
    'reads %s as JSON.parse does',
    (text) => {
      expect(body(text)).toEqual(JSON.parse(text))
    },
  )

  it('skips a byte order mark', () => {
    expect(body('\uFEFF{"a":1}')).toEqual({ a: 1 })
  })

  it.each([
    '{',
    '{"a":}',
    '{"a":1,}',
    "{'a':1}",
    '{a:1}',
    '{"a":NaN}',
    '{"a":Infinity}',
    '{"a":-Infinity}',
    '{"a":01}',
    '{"a":+1}',
    '{"a":1.}',
    '{"a":.5}',
    '{"a":-}',
    '{"a":1e}',
    '{"a":"\u0000"}',
    '{"a":"\n"}',
    '{"a":"\\x"}',
    '{"a":"\\u00"}',
    '{"a":1}}',
    '{"a":1} x',
    '// no\n{}',
    'undefined',
    '\u00a0{}',
    '{"m":{12345678901234567890:1}}',
    '{"m":[1234567890123456-7890]}',
    '{"m":[12345678901234567890.]}',
    ']]]]',
  ])('refuses %j', (text) => {
    expect(refusal(text)).toMatch(/^broken_json: The request body is not valid JSON: ./)
  })

  it('gives a short reason that does not quote the body', () => {
    const reason = refusal(`{"secret": "${'x'.repeat(1000)}", oops}`)
    expect(reason.length).toBeLessThan(200)
    expect(reason).not.toContain('xxx')
  })

  it.each([
    [Buffer.from([0x22, 0xff, 0x22])],
    [Buffer.from([0x22, 0xc3, 0x22])],
    [Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
    [Buffer.from([0x22, 0xc0, 0x80, 0x22])],
    [Buffer.from('{"a":1}', 'utf16le')],
    [Buffer.from('"é"', 'latin1')],
  ])('refuses bytes that are no UTF-8 or no JSON: %s', (bytes) => {
    expect(refusal(bytes)).toMatch(/^broken_json/)
  })

  it('has its own error for nothing at all', () => {
    expect(refusal('')).toMatch(/^empty_body/)
    expect(refusal('  ')).toMatch(/^broken_json/)
  })

  it('lets the last of doubled keys count', () => {
    expect(body('{"a":1,"a":2}')).toEqual({ a: 2 })
  })
})

describe('depth', () => {
  it('takes 200 levels and no more', () => {
    expect(refusal(nested(200))).toBe('accepted')
    expect(refusal(nested(201))).toContain('nested deeper than 200 levels')
    expect(refusal(`${'{"a":'.repeat(201)}1${'}'.repeat(201)}`)).toContain('nested deeper than 200 levels')
    expect(refusal('['.repeat(1_000_000))).toContain('nested deeper than 200 levels')
  })

  it('counts levels, not brackets', () => {
    expect(refusal(`[${Array(1000).fill('[]').join(',')}]`)).toBe('accepted')
    expect(refusal(JSON.stringify({ a: nested(1000), b: '\\"[['.repeat(300) }))).toBe('accepted')
  })
})

describe('numbers', () => {
  it.each([
    '{"m":{"a":9007199254740993}}',
    '{"m":{"a":-12345678901234567890}}',
    '{"m":{"a":[123456789012345678901234567890,1]}}',
    '{"m":{"a":0.12345678901234567890123}}',
    '{"m":{"a":1.234567890123456789e10}}',
    '[[[9007199254740993]]]',
    `{"m":{"a":${'9'.repeat(400)}}}`,
    `{"m":{"a":1${'0'.repeat(131_000)}}}`,
    '{"m":{"9007199254740993":"9007199254740993"}}',
    '{"m":{"a":9007199254740993,"__proto__":9007199254740993}}',
  ])('keeps %s exact', (text) => {
    expect(through(text)).toBe(text)
  })

  it('uses raw numbers only where they are needed', () => {
    const { m } = body('{"m":[9007199254740993,1234567890123456,0.30000000000000004,1e308,1.5]}') as { m: unknown[] }
    expect(m.map(isRawNumber)).toEqual([true, false, false, false, false])
    expect(m.slice(1)).toEqual([1234567890123456, 0.30000000000000004, 1e308, 1.5])
  })

  it('leaves the members of the outermost object plain', () => {
    expect(body('{"duration":12345678901234567890,"m":1}')).toEqual({ duration: Number('12345678901234567890'), m: 1 })
    expect(body('12345678901234567890')).toBe(Number('12345678901234567890'))
  })

  it.each([
    '{"m":{"a":1e400}}',
    '{"m":{"a":-1E+400}}',
    '{"m":{"a":1e99999999999}}',
    '{"a":1e309}',
    `{"a":${'9'.repeat(400)}}`,
    `{"m":{"a":${'9'.repeat(131_073)}}}`,
    `{"m":{"a":${'9'.repeat(400)}.5}}`,
  ])('refuses what is out of range: %s', (text) => {
    expect(refusal(text)).toMatch(/^broken_json: .*number .{1,40} is out of range/)
  })

  it('reads what is too small as zero and over-long decimals as doubles, as Python does', () => {
    expect(body('{"m":{"a":1e-400}}')).toEqual({ m: { a: 0 } })
    expect(body(`{"m":{"a":0.${'1'.repeat(20_000)}}}`)).toEqual({ m: { a: 0.1111111111111111 } })
  })

  it('is not fooled by digits in texts', () => {
    const text = '{"m":{"a":"9007199254740993 1e400","b":"\\"9007199254740993"}}'
    expect(body(text)).toEqual(JSON.parse(text))
  })

  it('breaks many long numbers down in one pass', () => {
    const text = `{"m":[${Array(50_000).fill('9007199254740993').join(',')}]}`
    expect(through(text)).toBe(text)
  })
})

describe('texts that PostgreSQL cannot hold', () => {
  it.each([
    ['{"a":"x\\u0000y"}', '{"a":"x\uFFFDy"}'],
    ['{"a":"\\ud83d"}', '{"a":"\uFFFD"}'],
    ['{"a":"\\uDE00\\ud83d"}', '{"a":"\uFFFD\uFFFD"}'],
    ['{"a":"\\ud83d\\ude00"}', '{"a":"😀"}'],
    ['{"a":["\\u0000",{"b":"\\udfff"}]}', '{"a":["\uFFFD",{"b":"\uFFFD"}]}'],
    ['{"a\\u0000":1,"b":2}', '{"a\uFFFD":1,"b":2}'],
    ['{"\\ud800":1,"\\udc00":2}', '{"\uFFFD":2}'],
    ['{"a":"\\\\u0000"}', '{"a":"\\\\u0000"}'],
    ['{"m":{"\\u0000":9007199254740993}}', '{"m":{"\uFFFD":9007199254740993}}'],
    ['{"__proto__":"\\u0000"}', '{"__proto__":"\uFFFD"}'],
    ['{"\\u0000":1,"__proto__":{"x":1}}', '{"\uFFFD":1,"__proto__":{"x":1}}'],
  ])('replaces them in %s', (text, expected) => {
    expect(through(text)).toBe(expected)
  })
})

describe('keys with a meaning in JavaScript', () => {
  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'rawJSON', 'toJSON'])(
    'keeps %s as data',
    (key) => {
      for (const extra of ['1', '9007199254740993', '"\\u0000"']) {
        const value = body(`{"m":{"${key}":{"polluted":true},"x":${extra}}}`) as { m: object }
        expect(Object.getPrototypeOf(value.m)).toBe(Object.prototype)
        expect(Object.keys(value.m)).toEqual([key, 'x'])
        expect(stringifyJson(value)).toContain(`"${key}":{"polluted":true}`)
      }
      expect('polluted' in {}).toBe(false)
    },
  )
})

describe('parseJsonText and parseStoredJson', () => {
  it('keep numbers exact on every level', () => {
    for (const parse of [parseJsonText, parseStoredJson]) {
      expect(stringifyJson(parse('{"a":9007199254740993}'))).toBe('{"a":9007199254740993}')
      expect(stringifyJson(parse('9007199254740993'))).toBe('9007199254740993')
      expect(parse('{"a":1}')).toEqual({ a: 1 })
    }
  })

  it('trust stored text with its depth', () => {
    expect(stringifyJson(parseStoredJson(nested(900)))).toBe(nested(900))
  })
})

describe('stringifyJson', () => {
  it('prints undefined as null', () => {
    expect(stringifyJson(undefined)).toBe('null')
  })
})

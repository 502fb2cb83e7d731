import { describe, expect, it } from 'vitest'
import { sniffEncoding } from '../../../src/importers/junit/decode-xml.ts'
import { readCount, readSeconds } from '../../../src/importers/junit/junit-numbers.ts'
import { JunitParser } from '../../../src/importers/junit/junit-parser.ts'
import { createPlaces, fspathOf, outcomeOf, testIdOf } from '../../../src/importers/junit/junit-result.ts'
import { readTimestamp, runIdOf } from '../../../src/importers/junit/junit-run.ts'

const parse = (xml: string, step = xml.length) => {
  const parser = new JunitParser({ depth: 10, textLength: 1000 })
  for (let at = 0; at < xml.length; at += step) parser.write(xml.slice(at, at + step))
  parser.close()
  return parser
}

describe('readSeconds', () => {
  it.each([
    ['1.5', 1.5],
    ['1,234.5', 1234.5],
    ['1.234,5', 1234.5],
    ['1,5', 1.5],
    ['1,234,567', 1234567],
    [' 2s', 2],
    ['', 0],
    [undefined, 0],
    ['NaN', 0],
    ['inf', 0],
    ['1e300', 0],
    ['-0.1', -0.1],
  ])('%j is %d', (text, seconds) => expect(readSeconds(text)).toBe(seconds))
})

describe('readCount', () => {
  it.each([
    ['7', 7],
    ['2.0', 2],
    ['', 0],
    ['-3', 0],
    ['many', 0],
    [undefined, 0],
  ])('%j is %d', (text, count) => expect(readCount(text)).toBe(count))
})

describe('testIdOf', () => {
  it.each([
    ['t', 'a.b.C', 'C.t'],
    ['a.b.t', undefined, 't'],
    ['test_x[1.5]', 'a.b.C', 'C.test_x[1.5]'],
    ['a.test_x[1.5].y', 'C', 'C.test_x[1.5].y'],
    ['adds 1.5 to 2', 'cart', 'cart.adds 1.5 to 2'],
    ['t(1.5)', 'Shop.Cart', 'Cart.t(1.5)'],
    [undefined, 'C', 'C.'],
    [undefined, undefined, ''],
  ])('%j of %j is %j', (name, classname, id) => {
    expect(testIdOf({ ...(name && { name }), ...(classname && { classname }) })).toBe(id)
  })
})

describe('the parser', () => {
  const nested = `<testsuites><properties><property name="r" value="0"/></properties>
    <testsuite name="out" file="f.py"><properties><property name="a" value="1"/></properties>
      <testsuite name="in"><properties><property key="a" value="2"/></properties><testcase name="x"/></testsuite>
      <testcase name="y"><failure message="m"> </failure><error>e</error></testcase>
      <properties><property name="late" value="1"/></properties>
    </testsuite></testsuites>`

  it('hands suites down, and gives the same however the text is cut', () => {
    const whole = parse(nested)
    expect(
      whole.cases.map(({ attributes, suite, inherited, rootProperties }) => [
        attributes.name,
        suite.name,
        suite.file,
        suite.path,
        inherited,
        rootProperties,
      ]),
    ).toEqual([
      ['x', 'in', 'f.py', 'out\nin', { a: '2' }, { r: '0' }],
      ['y', 'out', 'f.py', 'out', { a: '1' }, { r: '0' }],
    ])
    for (const step of [1, 2, 7, 50]) expect(parse(nested, step).cases).toEqual(whole.cases)
  })

  it('takes the first outcome by kind, and the message for an empty text', () => {
    const [, testCase] = parse(nested).cases
    expect(testCase && outcomeOf(testCase)).toBe('failed')
    expect(testCase).toMatchObject({ failures: ['m'], errors: ['e'] })
  })

  it('sums what suites say where the root says nothing', () => {
    const { root } = parse(
      '<testsuites><testsuite time="1" tests="2"><testsuite time="9"/></testsuite><testsuite><testsuite time="2" tests="3"/></testsuite></testsuites>',
    )
    expect(root?.inner).toMatchObject({ time: 3, tests: 5 })
  })

  it('looks at no namespace', () => {
    expect(parse('<testsuite xmlns="urn:x"><j:testcase xmlns:j="urn:j" name="t"/></testsuite>').caseCount).toBe(1)
  })

  it('refuses a document that grows without an end', () => {
    const parser = new JunitParser({ depth: 10, textLength: 1000 })
    parser.write('<testsuite><!--')
    expect(() => {
      for (let n = 0; n < 20; n++) parser.write('x'.repeat(100))
    }).toThrow('longer than the limit of 1000')
  })
})

describe('createPlaces', () => {
  const cases = parse(
    '<testsuite name="s"><testcase name="a"/><testcase name="a"/><testcase name="b"/></testsuite>',
  ).cases
  const ids = (run: string) => cases.map(createPlaces(run))

  it('gives the same ids each time, others in another run, and none twice', () => {
    const run = '0b1c2d3e-1111-4111-a111-111111111111'
    const other = '0b1c2d3e-1111-4111-a111-111111111112'
    expect(ids(run)).toEqual(ids(run))
    expect(new Set([...ids(run), ...ids(other)]).size).toBe(6)
    for (const id of ids(run)) expect(id).toMatch(/^0b1c2d3e-1111-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/)
  })
})

describe('small readers', () => {
  it('finds the run id in a file name', () => {
    expect(runIdOf('a-0B1C2D3E-1111-4111-A111-111111111111.xml')).toBe('0b1c2d3e-1111-4111-a111-111111111111')
    expect(runIdOf('0b1c2d3e-1111-1111-a111-111111111111.xml')).toBeNull()
  })

  it('reads timestamps', () => {
    expect(readTimestamp(undefined)).toBeNull()
    expect(readTimestamp(' ')).toBeNull()
    expect(readTimestamp('2024-08-01T10:00:00.5-01:00')).toBe('2024-08-01T11:00:00.500000')
    expect(readTimestamp('Aug 1, 2024 10:00:00')).toBe('2024-08-01T10:00:00')
    expect(() => readTimestamp('soon')).toThrow('cannot be read')
  })

  it('finds where a test stands', () => {
    const suite = parse('<testsuite file="s.py"/>').root
    const bare = parse('<testsuite/>').root
    if (!suite || !bare) throw new Error('no root')
    expect(fspathOf({ file: 'c.py', classname: 'a.b' }, suite)).toBe('s.py')
    expect(fspathOf({ file: 'c.py', classname: 'a.b' }, bare)).toBe('c.py')
    expect(fspathOf({ classname: 'a.b.C' }, bare)).toBe('a/b')
    expect(fspathOf({ classname: 'C' }, bare)).toBe('')
    expect(fspathOf({}, bare)).toBeNull()
  })

  it('sniffs encodings', () => {
    expect(sniffEncoding(Buffer.from('<a/>'))).toBe('utf-8')
    expect(sniffEncoding(Buffer.from(`<?xml version='1.0' encoding = 'ISO-8859-1'?>`))).toBe('ISO-8859-1')
    expect(sniffEncoding(Buffer.from('<?xml version="1.0" encoding="UTF-16"?>'))).toBe('utf-8')
    expect(sniffEncoding(Buffer.from('<a/>', 'utf16le'))).toBe('utf-16le')
  })
})

import { describe, expect, test } from 'vitest'
import {
  readBoolean,
  readDouble,
  readExists,
  readInteger,
  readJsonNumber,
  readMoment,
  readNumeric,
  readUuid,
} from '../../../src/filters/values.ts'

describe('numbers', () => {
  test.each<[string, number | null]>([
    ['5', 5],
    [' 1', 1],
    ['1 ', 1],
    ['+3', 3],
    ['-1.5', -1.5],
    ['.5', 0.5],
    ['1.', 1],
    ['1e3', 1000],
    ['1E-3', 0.001],
    ['1_000', 1000],
    ['inf', Number.POSITIVE_INFINITY],
    ['-Infinity', Number.NEGATIVE_INFINITY],
    ['NaN', Number.NaN],
    ['1e999', null],
    ['', null],
    [' ', null],
    ['x', null],
    ['5x', null],
    ['0x10', null],
    ['1,5', null],
    ['.', null],
    ['1__0', null],
    ['٣', null],
  ])('double %j', (text, number) => {
    expect(readDouble(text)).toBe(number)
  })

  test.each<[string, string | null]>([
    ['5', '5'],
    ['007', '7'],
    ['+5', '5'],
    ['-0', '-0'],
    ['.5', '0.5'],
    ['-.5', '-0.5'],
    ['1.', '1'],
    ['1.50', '1.50'],
    ['9007199254740993', '9007199254740993'],
    ['1e+05', '1e5'],
    ['1e99999', null],
    ['4.1.2', null],
    ['5 of 9', null],
    [' 5', null],
    ['.', null],
    ['', null],
    ['e5', null],
    ['inf', null],
  ])('JSON number %j', (text, json) => {
    expect(readJsonNumber(text)).toBe(json)
    if (json !== null) expect(() => JSON.parse(json)).not.toThrow()
  })

  test.each<[string, string | null]>([
    [' 0.5 ', '0.5'],
    ['9007199254740993', '9007199254740993'],
    ['nan', 'NaN'],
    ['inf', '1e131071'],
    ['-inf', '-1e131071'],
    ['1e400', '1e400'],
    ['1_0', '10'],
    ['x', null],
    ['', null],
  ])('numeric %j', (text, numeric) => {
    expect(readNumeric(text)).toBe(numeric)
  })

  test.each<[string, number | null]>([
    ['10', 10],
    [' -5 ', -5],
    ['2147483647', 2147483647],
    ['2147483648', null],
    ['-2147483648', -2147483648],
    ['1.0', null],
    ['', null],
  ])('integer %j', (text, number) => {
    expect(readInteger(text)).toBe(number)
  })
})

test.each<[string, boolean | null]>([
  ['true', true],
  ['T', true],
  ['tru', true],
  ['yes', true],
  ['on', true],
  ['1', true],
  [' TRUE ', true],
  ['false', false],
  ['n', false],
  ['off', false],
  ['of', false],
  ['0', false],
  ['o', null],
  ['', null],
  ['2', null],
  ['truex', null],
])('boolean %j', (text, value) => {
  expect(readBoolean(text)).toBe(value)
})

const canonical = '4548a1d5-6880-43bf-96d5-3fffd8047716'
test.each<[string, string | null]>([
  [canonical, canonical],
  [canonical.toUpperCase(), canonical],
  [canonical.replaceAll('-', ''), canonical],
  [`{${canonical}}`, canonical],
  ['4548-a1d5-6880-43bf-96d5-3fff-d804-7716', canonical],
  [`{${canonical}`, null],
  [`urn:uuid:${canonical}`, null],
  [`${canonical}0`, null],
  ['x', null],
  ['', null],
])('UUID %j', (text, uuid) => {
  expect(readUuid(text)).toBe(uuid)
})

test.each<[string, object | null]>([
  ['2024-06-01', { at: '2024-06-01T00:00:00' }],
  ['2024-06-01T12:10:00.5', { at: '2024-06-01T12:10:00.500000' }],
  ['2024-06-01 12:10', { at: '2024-06-01T12:10:00' }],
  ['2024-10-01T13:00:00+02:00', { at: '2024-10-01T11:00:00' }],
  ['20240601', { at: '2024-06-01T00:00:00' }],
  ['2024-6-1 9:30', { at: '2024-06-01T09:30:00' }],
  ['2024/06/01', { at: '2024-06-01T00:00:00' }],
  ['2024-06-01 9:30:00 +2', { at: '2024-06-01T07:30:00' }],
  ['Yesterday', { word: 'yesterday' }],
  [' now ', { word: 'now' }],
  ['-infinity', { word: '-infinity' }],
  ['+Infinity', { word: 'infinity' }],
  ['2024', null],
  ['2024-01', null],
  ['2024-13-01', null],
  ['2024-02-30 9:30', null],
  ['1717236000', null],
  ['soon', null],
  ['', null],
])('moment %j', (text, moment) => {
  expect(readMoment(text)).toEqual(moment)
})

test.each<[string, boolean | null]>([
  ['y', true],
  ['Yes', true],
  ['true', true],
  ['1', true],
  ['n', false],
  ['0', false],
  ['2', false],
  [' y', false],
  ['', null],
])('exists %j', (text, value) => {
  expect(readExists(text)).toBe(value)
})

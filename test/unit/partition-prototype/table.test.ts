import { expect, it } from 'vitest'
import { median } from '../../../scripts/partition-prototype/compare.ts'
import { printComparison } from '../../../scripts/partition-prototype/table.ts'

const cells = (text: string) =>
  text.split('\n').map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )

it('prints what was measured, and why something was not', () => {
  const text = printComparison([
    {
      ...{ name: 'result by id', times: 200, plain: 0.2, unchanged: 0.8, changed: 0.3 },
      ...{ unchangedTouched: { used: 27, locked: 27 }, touched: { used: 1, locked: 27 } },
    },
    {
      ...{ name: 'insert', times: 20, plain: 1234.5, unchanged: 'fails (42P10)', changed: undefined },
      ...{ unchangedTouched: undefined, touched: undefined },
    },
  ])
  expect(cells(text).slice(2)).toEqual([
    ['result by id', '200', '0.20', '0.80', '4.00', '27 / 27', '0.30', '1.50', '1 / 27'],
    ['insert', '20', '1,235', 'fails (42P10)', '', '', '', '', ''],
  ])
  expect(new Set(text.split('\n').map((line) => line.length)).size).toBe(1)
})

it('takes the middle', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 2, 3])).toBe(2.5)
  expect(median([])).toBeNaN()
})

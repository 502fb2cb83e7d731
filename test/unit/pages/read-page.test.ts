import { describe, expect, it } from 'vitest'
import { printPage } from '../../../src/pages/print-page.ts'
import { cutSlices } from '../../../src/pages/read-page.ts'

const measured = (...bytes: number[]) => bytes.map((size, index) => ({ id: String(index), bytes: size }))

describe('cutSlices', () => {
  it('fills slices in order', () => {
    expect(cutSlices(measured(4, 3, 3, 1, 9), 10)).toEqual([
      ['0', '1', '2'],
      ['3', '4'],
    ])
  })
  it('gives a row that is larger than a slice one of its own', () => {
    expect(cutSlices(measured(1, 50, 1, 1), 10)).toEqual([['0'], ['1'], ['2', '3']])
    expect(cutSlices(measured(50), 10)).toEqual([['0']])
  })
  it('has no slice for no row', () => {
    expect(cutSlices([], 10)).toEqual([])
  })
})

describe('printPage', () => {
  const pagination = { page: 1, pageSize: 25, totalItems: 3, totalPages: 1 }
  async function print(...slices: number[][]): Promise<string[]> {
    async function* each() {
      yield* slices
    }
    const pieces: string[] = []
    for await (const piece of printPage('rows', each(), String, pagination)) pieces.push(piece)
    return pieces
  }
  it('makes one piece of each slice, and the end', async () => {
    const pieces = await print([1, 2], [3])
    expect(pieces.slice(0, 2)).toEqual(['{"rows":[1,2', ',3'])
    expect(pieces.join('')).toBe(JSON.stringify({ rows: [1, 2, 3], pagination }))
  })
  it('is a list as well when rows are gone', async () => {
    expect((await print([], [3], [])).join('')).toBe(JSON.stringify({ rows: [3], pagination }))
    expect((await print([], [])).join('')).toBe(JSON.stringify({ rows: [], pagination }))
    expect((await print()).join('')).toBe(JSON.stringify({ rows: [], pagination }))
  })
})

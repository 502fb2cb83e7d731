import { describe, expect, it } from 'vitest'
import { latencyBounds, RequestCells } from '../../../src/metrics/request-cells.ts'

function valuesOf(cells: RequestCells, part: string) {
  const [, histogram] = cells.read()
  return histogram?.values.filter((value) => value.metricName?.endsWith(part)) ?? []
}

describe('RequestCells', () => {
  it('keeps operation, method and status apart', () => {
    const cells = new RequestCells()
    cells.observe('getRun', 'GET', 200, 0.002)
    cells.observe('getRun', 'GET', 200, 0.002)
    cells.observe('getRun', 'GET', 404, 0.001)
    cells.observe('unmatched', 'POST', 404, 0.001)
    const [counter] = cells.read()
    expect(counter?.values).toEqual([
      { value: 2, labels: { operation: 'getRun', method: 'GET', status: '200' } },
      { value: 1, labels: { operation: 'getRun', method: 'GET', status: '404' } },
      { value: 1, labels: { operation: 'unmatched', method: 'POST', status: '404' } },
    ])
  })

  it('puts a time into the first bound that holds it, and cumulates', () => {
    const cells = new RequestCells()
    for (const seconds of [0.0004, 0.001, 0.0011, 29, 31]) cells.observe('getRun', 'GET', 200, seconds)
    const buckets = valuesOf(cells, '_bucket').map(({ labels, value }) => [labels.le, value])
    expect(buckets).toHaveLength(latencyBounds.length + 1)
    expect(buckets.slice(0, 3)).toEqual([
      [0.001, 2],
      [0.0025, 3],
      [0.005, 3],
    ])
    expect(buckets.slice(-2)).toEqual([
      [30, 4],
      ['+Inf', 5],
    ])
    expect(valuesOf(cells, '_count')[0]?.value).toBe(5)
    expect(valuesOf(cells, '_sum')[0]?.value).toBeCloseTo(60.0025)
  })
})

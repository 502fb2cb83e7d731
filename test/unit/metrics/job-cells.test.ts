import { expect, test } from 'vitest'
import { JobCells, jobGauges } from '../../../src/metrics/job-cells.ts'

const valuesOf = (cells: JobCells, part: string) =>
  cells.read()[1]?.values.filter(({ metricName }) => metricName?.endsWith(part)) ?? []

test('tries are counted by name and outcome, from 0 for names that are known', () => {
  const cells = new JobCells(['import'])
  cells.ended('mail', 'retried', 0.2)
  cells.ended('mail', 'done', 0.3)
  expect(cells.read()[0]?.values).toEqual([
    { labels: { name: 'import', outcome: 'done' }, value: 0 },
    { labels: { name: 'import', outcome: 'failed' }, value: 0 },
    { labels: { name: 'import', outcome: 'retried' }, value: 0 },
    { labels: { name: 'mail', outcome: 'done' }, value: 1 },
    { labels: { name: 'mail', outcome: 'failed' }, value: 0 },
    { labels: { name: 'mail', outcome: 'retried' }, value: 1 },
  ])
})

test('times go into the first bound that holds them, and cumulate; what did not run has none', () => {
  const cells = new JobCells([])
  for (const seconds of [0.05, 0.06, 1800, 1801]) cells.ended('import', 'done', seconds)
  cells.ended('import', 'failed', null)
  const buckets = valuesOf(cells, '_bucket').map(({ labels, value }) => [labels.le, value])
  expect(buckets.slice(0, 2)).toEqual([
    [0.05, 1],
    [0.1, 2],
  ])
  expect(buckets.slice(-2)).toEqual([
    [1800, 3],
    ['+Inf', 4],
  ])
  expect(valuesOf(cells, '_count')[0]?.value).toBe(4)
})

test('what the table has none of is 0', () => {
  const [jobs, longest] = jobGauges(
    ['import', 'mail'],
    [
      { name: 'import', state: 'queued', jobs: 3, dueSeconds: 40 },
      { name: 'import', state: 'running', jobs: 1, dueSeconds: 0 },
    ],
  )
  expect(jobs?.values.map(({ value }) => value)).toEqual([3, 1, 0, 0])
  expect(longest?.values).toEqual([{ labels: {}, value: 40 }])
  expect(jobGauges([], [])[1]?.values).toEqual([{ labels: {}, value: 0 }])
})

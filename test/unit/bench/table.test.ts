import { describe, expect, it } from 'vitest'
import { type Figures, joinReports, type Report } from '../../../scripts/bench/measure.ts'
import { printTable } from '../../../scripts/bench/table.ts'
import { loadName, type Workload, workloads } from '../../../scripts/bench/workloads.ts'

const measured = (rps: number, p50: number, failed = 0) => ({ rps, p50, p95: 9, p99: 9, cpu_ms: 0.25, failed })
const pick = (...names: string[]) => workloads.filter(({ name }) => names.includes(name))

/** The cells of each line below the head. */
function cells(chosen: readonly Workload[], floor: Record<string, Figures>, ours: Record<string, Figures>) {
  const report = (figures: Record<string, Figures>): Report => ({ figures, memory: undefined })
  const lines = printTable(chosen, report(floor), report(ours)).split('\n').slice(2)
  return lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}

describe('the table', () => {
  it('judges rates by the floor', () => {
    const chosen = pick('get-run')
    expect(cells(chosen, { 'get-run': measured(5000, 2) }, { 'get-run': measured(3000, 4) })).toEqual([
      [
        'get-run (16)',
        '5,000',
        '2',
        '0.25',
        '3,000',
        '4',
        '0.25',
        '0.60',
        'req/s ≥ 0.6 × floor',
        'yes',
        '106',
        '146',
        '9',
      ],
    ])
    const [line] = cells(chosen, { 'get-run': measured(5000, 2) }, { 'get-run': measured(2999, 4) })
    expect(line?.[9]).toBe('no')
  })

  it('judges latencies by the floor, and alone', () => {
    const chosen = pick('session: result', 'list-runs-filtered')
    const floor = { 'session: result': measured(1000, 1) }
    const met = { 'session: result': measured(900, 1.1), 'list-runs-filtered': measured(1000, 4) }
    expect(cells(chosen, floor, met).map((line) => [line[7], line[9]])).toEqual([
      ['1.10', 'yes'],
      ['–', 'yes'],
    ])
    const missed = { 'session: result': measured(2000, 1.2), 'list-runs-filtered': measured(1000, 4.1) }
    expect(cells(chosen, floor, missed).map((line) => line[9])).toEqual(['no', 'no'])
  })

  it('judges imports by results per second', () => {
    expect(cells(pick('import'), {}, { import: { results_per_s: 12_000 } })[0]?.[9]).toBe('yes')
    expect(cells(pick('import'), {}, { import: { results_per_s: 11_999 } })[0]?.[9]).toBe('no')
  })

  it('says what failed instead of judging it, and does not judge without a floor', () => {
    const chosen = pick('health')
    expect(cells(chosen, { health: measured(10, 1) }, { health: measured(10, 1, 3) })[0]?.[9]).toBe('3 failed')
    expect(cells(chosen, { health: measured(10, 1, 2) }, { health: measured(10, 1) })[0]?.[9]).toBe('2 failed')
    expect(cells(chosen, { health: measured(10, 1) }, { health: { error: 'broken' } })[0]?.[9]).toBe('error')
    expect(cells(chosen, {}, { health: measured(10, 1) })[0]?.[9]).toBe('–')
  })

  it('leaves out what did not run', () => {
    expect(cells(workloads, {}, { health: measured(10, 1) })).toHaveLength(1)
  })
})

describe('rounds', () => {
  it('give the median of each figure and all that failed', () => {
    const reports: Report[] = [
      { figures: { health: measured(100, 3, 1) }, memory: 90 },
      { figures: { health: measured(300, 1) }, memory: 110 },
      { figures: { health: measured(200, 9, 2) }, memory: 100 },
    ]
    expect(joinReports(reports)).toEqual({ figures: { health: { ...measured(200, 3), failed: 3 } }, memory: 100 })
    expect(joinReports(reports.slice(0, 2)).figures.health).toEqual({ ...measured(200, 2), failed: 1 })
  })

  it('keep an error', () => {
    const broken: Report = { figures: { health: { error: 'broken' } }, memory: undefined }
    const whole: Report = { figures: { health: measured(1, 1) }, memory: undefined }
    expect(joinReports([whole, broken]).figures.health?.error).toBe('broken')
  })
})

it('workloads have a name of their own, and the name by which load.mjs knows them', () => {
  expect(new Set(workloads.map(({ name }) => name)).size).toBe(workloads.length)
  expect(pick('session: result').map(loadName)).toEqual(['session'])
})

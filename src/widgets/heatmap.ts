/** What both heatmaps share: rates of runs, and rows of cells with their trend in front. */
import type { components } from '../../generated/types.ts'
import { round2 } from './rounding.ts'
import type { SummaryNumbers } from './selection.ts'
import { slopeOf } from './slope.ts'

export type Heatmap = components['schemas']['WidgetHeatmap']
export type Cell = components['schemas']['WidgetHeatmapCell']

/** What passed, in percent of the tests; 0 when there were none. Skipped tests count as passed unless they are counted. */
export function passRate(numbers: SummaryNumbers, countSkips: boolean): number {
  const { tests, errors, failures, skips, xfailures, xpasses } = numbers
  if (tests === 0) return 0
  const passes = tests - errors - failures - xpasses - xfailures - (countSkips ? skips : 0)
  return round2((100 * passes) / tests)
}

/** The answer of cells by group, oldest first: each row begins with the trend of its cells that have a rate. */
export function toHeatmap(groups: ReadonlyMap<string, readonly Cell[]>): Heatmap {
  const rows = [...groups].map(([group, cells]): [string, Heatmap['heatmap'][string]] => {
    const rates = cells.map(([rate]) => rate).filter((rate) => typeof rate === 'number')
    return [group, [[slopeOf(rates), 0], ...cells]]
  })
  return { heatmap: Object.fromEntries(rows) }
}

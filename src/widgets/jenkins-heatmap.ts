import sql from 'sql-template-tag'
import type { ProjectScope } from '../access/caller.ts'
import type { Queryable } from '../db/queryable.ts'
import { type FieldExpression, groupExpression } from '../filters/field-expression.ts'
import type { Filter } from '../filters/grammar.ts'
import { nodeAt } from '../filters/json-condition.ts'
import { tables } from '../filters/tables.ts'
import { withFilterErrors } from '../pages/list-rows.ts'
import { type GroupValue, groupKey } from './groups.ts'
import { type Cell, type Heatmap, passRate, toHeatmap } from './heatmap.ts'
import { needInteger, needText } from './params.ts'
import {
  additionalFilters,
  BUILD_NUMBER,
  compileSelection,
  equals,
  JOB_NAME,
  jenkinsText,
  present,
  type SummaryNumbers,
  summaryColumns,
} from './selection.ts'
import type { Widget } from './widget.ts'

const buildText = jenkinsText(tables.runs, 'build_number')

/** The pass rates of a job's newest builds, a row per value of a field (widgets.md 4). */
export const jenkinsHeatmap: Widget<Heatmap> = {
  mandatory: ['job_name', 'builds', 'group_field'],
  async answer(ctx, { params, scope }) {
    const most = needInteger(params, 'builds', 0)
    const group = groupExpression(tables.runs, needText(params, 'group_field'))
    const job = equals(JOB_NAME, needText(params, 'job_name'))
    const filters = [...job, ...additionalFilters(params)]
    if (!group) return toHeatmap(new Map())
    const builds = await findBuilds(ctx.db, scope, [...filters, present(BUILD_NUMBER)], most)
    if (builds.length === 0) return toHeatmap(new Map())
    const cells = await findCells(ctx.db, group, scope, filters, builds)
    return toHeatmap(arrange(group, cells, builds, params.flag('count_skips')))
  },
}

interface Build {
  readonly build: number
  /** When its first run began. */
  readonly began: string
}

interface CellRow extends SummaryNumbers {
  readonly value: GroupValue
  readonly id: string
  readonly build: string
  /** JSON text. */
  readonly annotations: string | null
}

/** A cell per build in each row, oldest first; of several runs of a build the last to begin stays. */
function arrange(group: FieldExpression, rows: readonly CellRow[], builds: readonly Build[], countSkips: boolean) {
  const found = new Map<string, Map<string, Cell>>()
  for (const row of rows) {
    const key = groupKey(group, row.value)
    const cells = found.get(key) ?? new Map<string, Cell>()
    const annotations = row.annotations === null ? null : JSON.parse(row.annotations)
    cells.set(row.build, [passRate(row, countSkips), row.id, annotations, row.build])
    found.set(key, cells)
  }
  const numbers = builds.map(({ build }) => build).sort((a, b) => a - b)
  const failed = (build: string): Cell => ['Build failed', 'None', null, build]
  return new Map([...found].map(([key, cells]) => [key, numbers.map((n) => cells.get(String(n)) ?? failed(String(n)))]))
}

/** The builds that began last. Build numbers that are none are passed over. */
async function findBuilds(
  db: Queryable,
  scope: ProjectScope,
  filters: readonly Filter[],
  most: number,
): Promise<Build[]> {
  const { rows } = await withFilterErrors(filters, () =>
    db.query<Build>(sql`
      select build, min(start_time) as began
      from (
        select start_time, case when ${buildText} ~ '^\\s*[+-]?\\d{1,15}\\s*$' then (${buildText})::bigint end as build
        from runs where ${compileSelection(tables.runs, scope, filters)}
      ) as numbered
      where build is not null group by build order by began desc, build desc limit ${most}::bigint`),
  )
  return rows
}

/** The runs of builds. */
async function findCells(
  db: Queryable,
  { expression }: FieldExpression,
  scope: ProjectScope,
  filters: readonly Filter[],
  builds: readonly Build[],
): Promise<CellRow[]> {
  const texts = builds.map(({ build }) => String(build))
  // They come newest first.
  const first = builds.at(-1)?.began ?? '-infinity'
  const annotations = nodeAt({ column: sql`runs.data`, path: ['annotations'], contained: false })
  const { rows } = await withFilterErrors(filters, () =>
    db.query<CellRow>(sql`
      select ${expression} as value, id, ${buildText} as build, ${annotations} as annotations, ${summaryColumns}
      from runs
      where ${compileSelection(tables.runs, scope, filters)} and ${buildText} = any(${texts}::text[])
        and ${expression} is not null and runs.start_time >= ${first}::timestamp
      order by runs.start_time, runs.id`),
  )
  return rows
}

import sql from 'sql-template-tag'
import type { ProjectScope } from '../access/caller.ts'
import type { AppContext } from '../context.ts'
import { prepareIf } from '../db/prepare.ts'
import { type FieldExpression, groupExpression } from '../filters/field-expression.ts'
import type { Filter } from '../filters/grammar.ts'
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
/** As in the index ix_runs_jenkins_build_by_number. */
const asNumber = sql`(case when ${buildText} ~ '^[ \\t\\n\\r\\f\\v]*[+-]?[0-9]{1,15}[ \\t\\n\\r\\f\\v]*$' then ${buildText}::bigint end)`

/** The pass rates of a job's newest builds, a row per value of a field (widgets.md 4). */
export const jenkinsHeatmap: Widget<Heatmap> = {
  mandatory: ['job_name', 'builds', 'group_field'],
  async answer(ctx, { params, scope }) {
    const most = needInteger(params, 'builds', 0)
    const field = needText(params, 'group_field')
    const group = groupExpression(tables.runs, field)
    const job = equals(JOB_NAME, needText(params, 'job_name'))
    const others = additionalFilters(params)
    const isBounded = others.length === 0 && Object.hasOwn(tables.runs.columns, field)
    const asked = { scope, filters: [...job, ...others], isBounded }
    if (!group) return toHeatmap(new Map())
    const builds = await findBuilds(ctx, asked, most)
    if (builds.length === 0) return toHeatmap(new Map())
    const cells = await findCells(ctx, group, asked, builds)
    return toHeatmap(arrange(group, cells, builds, params.flag('count_skips')))
  },
}

/** Which runs are asked for. */
interface Asked {
  readonly scope: ProjectScope
  readonly filters: readonly Filter[]
  /** The statements have one of a few texts. */
  readonly isBounded: boolean
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

/** Runs looked at for each build that is wanted; when those don't tell, eight times as many, and in the end all. */
const WALKED_PER_BUILD = 8
const MOST_WALKED = 20_000

/**
 * The builds that began last. Build numbers that are none are passed over. Going back in time from the newest run, builds
 * whose first run was met are in their order already, so not all runs of a job are read.
 */
async function findBuilds(ctx: AppContext, asked: Asked, most: number): Promise<Build[]> {
  if (most === 0) return []
  const where = compileSelection(tables.runs, asked.scope, [...asked.filters, present(BUILD_NUMBER)])
  const runs = sql`select start_time, ${asNumber} as build from runs where ${where}`
  const began = sql`select build, min(start_time) as began from`
  const last = sql`order by began desc, build desc limit ${most}::bigint`
  return withFilterErrors(asked.filters, async () => {
    for (let walked = WALKED_PER_BUILD * most; walked <= MOST_WALKED; walked *= 8) {
      const { rows } = await ctx.db.query<Build & { sure: boolean }>(
        prepareIf(
          asked.isBounded,
          sql`
            with walked as materialized (${runs} order by start_time desc limit ${walked}::bigint),
            met as (
              select w.build, first.began from (select distinct build from walked where build is not null) as w
              cross join lateral (
                select min(start_time) as began from runs
                where ${where} and ${asNumber} = w.build) as first),
            ends as (select count(*) < ${walked}::bigint as complete, min(start_time) as earliest from walked)
            select build, began,
              complete or count(*) filter (where began > earliest) over () >= ${most}::bigint as sure
            from met, ends ${last}`,
        ),
      )
      if (rows[0]?.sure) return rows
    }
    const { rows } = await ctx.db.query<Build>(
      sql`${began} (${runs}) as numbered where build is not null group by build ${last}`,
    )
    return rows
  })
}

/** The runs of builds. */
async function findCells(
  ctx: AppContext,
  { expression }: FieldExpression,
  { scope, filters, isBounded }: Asked,
  builds: readonly Build[],
): Promise<CellRow[]> {
  const texts = builds.map(({ build }) => String(build))
  // They come newest first.
  const first = builds.at(-1)?.began ?? '-infinity'
  const { rows } = await withFilterErrors(filters, () =>
    ctx.db.query<CellRow>(
      prepareIf(
        isBounded,
        sql`
          select ${expression} as value, id, ${buildText} as build, runs.data->'annotations' as annotations, ${summaryColumns}
          from runs
          where ${compileSelection(tables.runs, scope, filters)} and left(${buildText}, 200) = any(${texts}::text[])
            and ${expression} is not null and runs.start_time >= ${first}::timestamp
          order by runs.start_time, runs.id`,
      ),
    ),
  )
  return rows
}

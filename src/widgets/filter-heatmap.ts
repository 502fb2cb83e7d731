import sql from 'sql-template-tag'
import type { ProjectScope } from '../access/caller.ts'
import type { Queryable } from '../db/queryable.ts'
import { type FieldExpression, groupExpression } from '../filters/field-expression.ts'
import type { Filter } from '../filters/grammar.ts'
import { tables } from '../filters/tables.ts'
import { withFilterErrors } from '../pages/list-rows.ts'
import { type GroupValue, groupKey } from './groups.ts'
import { type Cell, type Heatmap, passRate, toHeatmap } from './heatmap.ts'
import { needInteger, needText } from './params.ts'
import { additionalFilters, compileSelection, type SummaryNumbers, summaryColumns } from './selection.ts'
import type { Widget } from './widget.ts'

/** So many of the newest runs are looked at for each build that is asked for. */
const RUNS_PER_BUILD = 75

/** The pass rates of the newest runs that filters find, a row per value of a field (widgets.md 4). */
export const filterHeatmap: Widget<Heatmap> = {
  mandatory: ['additional_filters', 'builds', 'group_field'],
  async answer(ctx, { params, scope }) {
    const builds = needInteger(params, 'builds', 0)
    const group = groupExpression(tables.runs, needText(params, 'group_field'))
    const filters = additionalFilters(params)
    if (!group) return toHeatmap(new Map())
    const groups = new Map<string, Cell[]>()
    for (const row of await findNewestRuns(ctx.db, group, scope, filters, builds)) {
      const key = groupKey(group, row.value)
      const cells = groups.get(key) ?? []
      cells.push([passRate(row, false), row.id, null, String(row.place)])
      groups.set(key, cells)
    }
    return toHeatmap(groups)
  },
}

interface RunRow extends SummaryNumbers {
  readonly value: GroupValue
  readonly id: string
  /** 1 is the newest of all runs. */
  readonly place: number
}

/** The newest runs of each group, oldest first, numbered across all groups. */
async function findNewestRuns(
  db: Queryable,
  { expression }: FieldExpression,
  scope: ProjectScope,
  filters: readonly Filter[],
  builds: number,
): Promise<RunRow[]> {
  const looked = Math.min(RUNS_PER_BUILD * builds, Number.MAX_SAFE_INTEGER)
  const { rows } = await withFilterErrors(filters, () =>
    db.query<RunRow>(sql`
      with newest as (
        select id, start_time, ${expression} as value, ${summaryColumns}
        from runs where ${compileSelection(tables.runs, scope, filters)}
        order by start_time desc, id limit ${looked}::bigint),
      placed as (select *, row_number() over (order by start_time desc, id) as place from newest),
      ranked as (select *, row_number() over (partition by value order by place) as rank from placed)
      select value, id, place, tests, errors, failures, skips, xfailures, xpasses
      from ranked where rank <= ${builds}::bigint order by place desc`),
  )
  return rows
}

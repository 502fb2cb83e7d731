import sql from 'sql-template-tag'
import type { components } from '../../generated/types.ts'
import type { ProjectScope } from '../access/caller.ts'
import type { AppContext } from '../context.ts'
import type { Queryable } from '../db/queryable.ts'
import { type FieldExpression, groupExpression } from '../filters/field-expression.ts'
import type { Filter } from '../filters/grammar.ts'
import { exactSummaryNumber } from '../filters/summary-number.ts'
import { tables } from '../filters/tables.ts'
import { withFilterErrors } from '../pages/list-rows.ts'
import { canAsk, sumRunValues } from '../rollups/read-rollups.ts'
import { rollupName, wantedFields } from '../rollups/rollup-fields.ts'
import { type GroupValue, groupKey } from './groups.ts'
import { daysBefore } from './look-back.ts'
import { needInteger, needText } from './params.ts'
import { round0 } from './rounding.ts'
import { additionalFilters, compileSelection } from './selection.ts'
import type { Widget } from './widget.ts'

type Answer = components['schemas']['WidgetRunAggregator']

/** The outcomes of recent runs in percent, per value of a field (widgets.md 4): from rollups where they can tell. */
export const runAggregator: Widget<Answer> = {
  mandatory: ['weeks', 'group_field'],
  async answer(ctx, { params, scope }) {
    const weeks = needInteger(params, 'weeks')
    const since = daysBefore(ctx.clock.now(), 7 * weeks)
    if (since === null) throw params.refuse(`weeks is out of range: ${weeks}`)
    const field = needText(params, 'group_field')
    const group = groupExpression(tables.runs, field)
    const filters = additionalFilters(params)
    if (!group) return toShares(null, [])
    const sums = filters.length === 0 && canAsk(scope) ? await findSums(ctx, field, since, scope) : null
    return toShares(group, sums ?? (await sumGroups(ctx.db, group, since, scope, filters)))
  },
}

interface GroupSums {
  readonly value: GroupValue
  readonly tests: number
  readonly failures: number
  readonly errors: number
  readonly skips: number
}

/**
 * Expected failures and unexpected passes are always 0 percent and count as passed: the original asks for two keys that no
 * summary has, and its answers are recorded.
 */
function toShares(group: FieldExpression | null, rows: readonly GroupSums[]): Answer {
  const shares = rows.map(({ value, tests, failures, errors, skips }) => {
    const percent = (count: number) => round0((100 * count) / tests)
    const [failed, error, skipped] = [percent(failures), percent(errors), percent(skips)]
    return {
      key: group ? groupKey(group, value) : '',
      passed: 100 - (failed + error + skipped),
      failed,
      error,
      skipped,
    }
  })
  const pick = (read: (share: (typeof shares)[number]) => number) =>
    Object.fromEntries(shares.map((share) => [share.key, read(share)]))
  return {
    passed: pick((share) => share.passed),
    skipped: pick((share) => share.skipped),
    error: pick((share) => share.error),
    failed: pick((share) => share.failed),
    xfailed: pick(() => 0),
    xpassed: pick(() => 0),
  }
}

const numbers = ['exact_tests', 'exact_failures', 'exact_errors', 'exact_skips'] as const

/** The sums of runs that began after a moment, from rollups; null where they don't have the field. */
async function findSums(
  ctx: AppContext,
  field: string,
  since: string,
  scope: ProjectScope,
): Promise<GroupSums[] | null> {
  const name = rollupName(field)
  if (!wantedFields('runs', ctx.config.rollupFields).includes(name)) return null
  const sums = await sumRunValues(ctx.db, { field: { source: 'runs', name }, scope, since }, numbers)
  if (!sums) return null
  return sums.flatMap(
    ({ value, exact_tests: tests, exact_failures: failures, exact_errors: errors, exact_skips: skips }) =>
      tests === 0 ? [] : [{ value, tests, failures, errors, skips }],
  )
}

/** The sums of runs that began after a moment; groups without any test are left out. Fractions count as they are. */
async function sumGroups(
  db: Queryable,
  { expression }: FieldExpression,
  since: string,
  scope: ProjectScope,
  filters: readonly Filter[],
): Promise<GroupSums[]> {
  const number = exactSummaryNumber
  const { rows } = await withFilterErrors(filters, () =>
    db.query<GroupSums>(sql`
      select value, sum(tests) as tests, sum(failures) as failures, sum(errors) as errors, sum(skips) as skips
      from (
        select ${expression} as value, ${number('tests')} as tests, ${number('failures')} as failures,
          ${number('errors')} as errors, ${number('skips')} as skips
        from runs
        where runs.start_time > ${since}::timestamp and ${compileSelection(tables.runs, scope, filters)}
      ) as grouped
      where value is not null group by value having sum(tests) <> 0 order by value`),
  )
  return rows
}

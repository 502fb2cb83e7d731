/** What the planner expects of a statement (filters.md 7, `estimate=true`). */
import sql, { type Sql } from 'sql-template-tag'
import type { Queryable } from '../db/queryable.ts'
import { remember } from './remember.ts'

export interface Plan {
  /** How many rows are expected, were there no limit. */
  readonly rows: number
  /** Whether rows are found first and sorted then; else they are read in order until there are enough of them. */
  readonly sorts: boolean
}

/**
 * The plan of a statement, which is planned with its parameters, not run. To plan it takes as long as to fetch a page, so
 * plans are remembered for a moment: they follow the statistics, not the rows.
 */
export function planOf(db: Queryable, statement: Sql): Promise<Plan> {
  const key = JSON.stringify([statement.text, statement.values], (_key, value) =>
    typeof value === 'bigint' ? `${value}n` : value,
  )
  return remember(db, key, () => explain(db, statement))
}

/** A node of what `explain (format json)` prints. */
interface PlanNode {
  readonly 'Node Type': string
  readonly 'Plan Rows': number
  readonly Plans?: readonly PlanNode[]
}

async function explain(db: Queryable, statement: Sql): Promise<Plan> {
  const { rows } = await db.query<{ 'QUERY PLAN': unknown }>(sql`explain (format json) ${statement}`)
  const answer = rows[0]?.['QUERY PLAN']
  const plans = (typeof answer === 'string' ? JSON.parse(answer) : answer) as readonly { Plan: PlanNode }[]
  const top = plans[0]?.Plan
  const node = top?.['Node Type'] === 'Limit' ? top.Plans?.[0] : top
  if (!node) throw new Error('explain gave no plan')
  return { rows: node['Plan Rows'], sorts: hasSort(node) }
}

function hasSort(node: PlanNode): boolean {
  return node['Node Type'].endsWith('Sort') || (node.Plans ?? []).some(hasSort)
}

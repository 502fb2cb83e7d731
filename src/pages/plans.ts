/** What the planner expects of a statement (filters.md 7, `estimate=true`). */
import sql, { type Sql } from 'sql-template-tag'
import type { Queryable } from '../db/queryable.ts'

/** The statistics that plans are made of change once in a minute at most (autovacuum's nap). */
const KEEP_MS = 10_000
const MAX_ENTRIES = 1_000

export interface Plan {
  /** How many rows are expected, were there no limit. */
  readonly rows: number
  /** Whether rows are found first and sorted then; else they are read in order until there are enough of them. */
  readonly sorts: boolean
}

interface Known {
  readonly plan: Promise<Plan>
  readonly until: number
}

const known = new WeakMap<Queryable, Map<string, Known>>()

/**
 * The plan of a statement, which is planned with its parameters, not run. To plan it takes as long as to fetch a page, so
 * each pool remembers plans for a moment: they follow the statistics, not the rows.
 */
export function planOf(db: Queryable, statement: Sql): Promise<Plan> {
  const plans = known.get(db) ?? new Map<string, Known>()
  known.set(db, plans)
  const key = JSON.stringify([statement.text, statement.values], (_key, value) =>
    typeof value === 'bigint' ? `${value}n` : value,
  )
  const found = plans.get(key)
  const now = performance.now()
  if (found && found.until > now) return found.plan
  if (plans.size >= MAX_ENTRIES) plans.clear()
  const plan = explain(db, statement)
  plans.set(key, { plan, until: now + KEEP_MS })
  plan.catch(() => plans.delete(key))
  return plan
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

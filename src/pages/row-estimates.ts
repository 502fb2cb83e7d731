/** How many rows the planner expects of a statement (filters.md 7, `estimate=true`). */
import sql, { type Sql } from 'sql-template-tag'
import type { Queryable } from '../db/queryable.ts'

/** The statistics that estimates are made of change once in a minute at most (autovacuum's nap). */
const KEEP_MS = 10_000
const MAX_ENTRIES = 1_000

interface Estimate {
  readonly rows: Promise<number>
  readonly until: number
}

const known = new WeakMap<Queryable, Map<string, Estimate>>()

/**
 * The planner's estimate of a statement's rows. The statement is planned with its parameters, not run. To plan it takes as
 * long as to fetch a page, so each pool remembers its estimates for a moment: they follow the statistics, not the rows.
 */
export function estimateRows(db: Queryable, statement: Sql): Promise<number> {
  const estimates = known.get(db) ?? new Map<string, Estimate>()
  known.set(db, estimates)
  const key = JSON.stringify([statement.text, statement.values], (_key, value) =>
    typeof value === 'bigint' ? `${value}n` : value,
  )
  const found = estimates.get(key)
  const now = performance.now()
  if (found && found.until > now) return found.rows
  if (estimates.size >= MAX_ENTRIES) estimates.clear()
  const rows = planRows(db, statement)
  estimates.set(key, { rows, until: now + KEEP_MS })
  rows.catch(() => estimates.delete(key))
  return rows
}

async function planRows(db: Queryable, statement: Sql): Promise<number> {
  const { rows } = await db.query<{ 'QUERY PLAN': unknown }>(sql`explain (format json) ${statement}`)
  const answer = rows[0]?.['QUERY PLAN']
  const plans: unknown = typeof answer === 'string' ? JSON.parse(answer) : answer
  const [first] = Array.isArray(plans) ? (plans as { Plan?: { 'Plan Rows'?: unknown } }[]) : []
  const estimated = first?.Plan?.['Plan Rows']
  if (typeof estimated !== 'number') throw new Error('explain gave no estimate')
  return estimated
}

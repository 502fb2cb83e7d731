import type { Queryable } from '../db/queryable.ts'
import { canAsk, countResultValues } from './read-rollups.ts'

/**
 * How many results a project has, exactly, without reading them: those with an outcome from rollups, the few without one
 * (`result` is NULL) by an index of their own. Null while the rollups are not built.
 */
export async function countResults(db: Queryable, projectId: string): Promise<number | null> {
  const scope = { all: false, ids: [projectId] } as const
  if (!canAsk(scope)) return null
  const outcomes = await countResultValues(db, { field: { source: 'results', name: 'result' }, scope, since: null })
  if (!outcomes) return null
  const { rows } = await db.query<{ count: number }>({
    name: 'count-results-without-outcome',
    text: 'select count(*)::float8 as count from results where project_id = $1 and result is null',
    values: [projectId],
  })
  return outcomes.reduce((sum, { count }) => sum + count, rows[0]?.count ?? 0)
}

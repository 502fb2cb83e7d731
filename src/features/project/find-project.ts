import type { Caller } from '../../access/caller.ts'
import type { Queryable } from '../../db/queryable.ts'
import { fail } from '../../errors.ts'
import { parseUuid } from '../../ids/uuid.ts'

/**
 * The project that a client names by id or by name; null when there is none. The caller's own projects are looked at
 * first, so that the usual request asks the database nothing, and so that of several projects of one name the
 * caller's own is meant.
 *
 * @throws ApiError `ambiguous_project` when a name could be any of several.
 */
export async function findProjectId(db: Queryable, caller: Caller, reference: unknown): Promise<string | null> {
  if (typeof reference !== 'string') return null
  const id = parseUuid(reference)
  if (id && caller.projects.has(id)) return id
  const own = id ? null : findOwnProjectId(caller, reference)
  if (own) return own
  const { rows } = await db.query<{ id: string }>({
    name: 'find-project-id',
    byKey: true,
    text: 'select id from projects where id = $1 or name = $2 order by (id = $1) desc nulls last limit 2',
    values: [id, reference],
  })
  if (rows.length > 1 && rows[0]?.id !== id) throw fail('ambiguous_project', { name: reference })
  return rows[0]?.id ?? null
}

/**
 * The one of the caller's own projects that has this name; null when none has.
 *
 * @throws ApiError `ambiguous_project`.
 */
export function findOwnProjectId(caller: Caller, name: string): string | null {
  const own = [...caller.projects.values()].filter((project) => project.name === name)
  if (own.length > 1) throw fail('ambiguous_project', { name })
  return own[0]?.id ?? null
}

import { type Caller, type ProjectScope, scopeOf } from '../../access/caller.ts'
import type { Need } from '../../access/rules.ts'
import type { AppContext } from '../../context.ts'
import { parseUuid } from '../../ids/uuid.ts'

/**
 * The rows that a widget may read: those of the project that the first `project` names by its id, which the caller needs
 * access to, else those of the caller's projects (D3). Anything but an id names no project (widgets.md 3).
 */
export function scopeOfWidget(
  _ctx: AppContext,
  { rawQuery }: { rawQuery: URLSearchParams },
  need: Need,
  caller: Caller,
): ProjectScope {
  const project = parseUuid(rawQuery.get('project'))
  if (project === null) return scopeOf(caller)
  need(project)
  return { all: false, ids: [project] }
}

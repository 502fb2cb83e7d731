import { type Caller, hasAccess } from '../../access/caller.ts'
import type { Need } from '../../access/rules.ts'
import type { AppContext } from '../../context.ts'
import { fail } from '../../errors.ts'
import { findImport, type PlacedImportRow } from './import-sql.ts'

/**
 * The import that a path names. One without a project belongs to who sent it; where nobody knows who that was (imports
 * that Ibutsu made), everybody may see it, as there (imports.md 1.2, R4).
 */
export async function importOfPath(
  ctx: AppContext,
  request: { params: { id: string } },
  _need: Need,
  caller: Caller,
): Promise<PlacedImportRow> {
  const found = await findImport(ctx.db, request.params.id)
  if (!found) throw fail('not_found')
  const allowed = found.project_id
    ? hasAccess(caller, found.project_id)
    : caller.isSuperadmin || found.owner_id === null || found.owner_id === caller.id
  if (!allowed) throw fail('forbidden')
  return found
}

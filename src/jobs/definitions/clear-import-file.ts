import { deleteChunks } from '../../features/import/import-chunks.ts'
import type { JobDefinition } from '../job-definition.ts'

/** Frees the file of an import that has ended; any other keeps its file (jobs.md 6). */
export const clearImportFileJob: JobDefinition<{ readonly import_id: string }> = {
  name: 'clear-import-file',
  async run({ db }, { import_id }) {
    const { rowCount } = await db.query({
      text: "select from imports where id = $1 and status in ('done', 'error')",
      values: [import_id],
    })
    if (rowCount) await deleteChunks(db, import_id)
    return null
  },
}

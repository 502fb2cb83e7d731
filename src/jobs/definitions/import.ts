import { failImport, ImportRefused, runImport } from '../../importers/run-import.ts'
import type { JobDefinition } from '../job-definition.ts'

/** Reads an import's file. A file that is refused ends the import, and the job well: another try would not help. */
export const importJob: JobDefinition<{ readonly import_id: string }> = {
  name: 'import',
  async run(ctx, { import_id }, { signal, progress }) {
    try {
      await runImport(ctx, import_id, { signal, progress })
    } catch (error) {
      if (!(error instanceof ImportRefused)) throw error
      ctx.log.info({ importId: import_id, reason: error.message }, 'an import was refused')
    }
    return null
  },
  async onFailed(tx, { import_id }) {
    await failImport(tx, import_id, 'The server failed to read the file, several times; its log says why.')
  },
}

import { addResultStartTimeJob } from './definitions/add-result-start-time.ts'
import { buildRollupsJob } from './definitions/build-rollups.ts'
import { clearImportFileJob } from './definitions/clear-import-file.ts'
import { importJob } from './definitions/import.ts'
import { mailJob } from './definitions/mail.ts'
import { pruneJobs, pruneJobsJob } from './definitions/prunes.ts'
import { queryPageJob } from './definitions/query-page.ts'
import { recountRunJob, syncAbortedRunsJob } from './definitions/recounts.ts'
import { seedUsersJob } from './definitions/seed-users.ts'
import type { JobDefinition } from './job-definition.ts'
import type { JobDefinitions } from './run-job.ts'

const all: readonly JobDefinition[] = [
  addResultStartTimeJob,
  buildRollupsJob,
  clearImportFileJob,
  importJob,
  mailJob,
  ...pruneJobs,
  pruneJobsJob,
  queryPageJob,
  recountRunJob,
  seedUsersJob,
  syncAbortedRunsJob,
]

/** Every job that a worker can run, by name. */
export const definitions: JobDefinitions = Object.fromEntries(all.map((definition) => [definition.name, definition]))

import type { JobDefinition } from '../job-definition.ts'

/** Repairs a shape of results that no stored result has: nothing to do, kept for the scripts that start it (jobs.md 8). */
export const addResultStartTimeJob: JobDefinition = {
  name: 'add-result-start-time',
  run: async () => null,
}

import { parseUuid } from '../../ids/uuid.ts'
import type { JobName } from '../../jobs/job-names.ts'
import { isRecord, type JsonRecord } from '../../json/json-record.ts'

/** A job that superadmins may start under the reference's name (jobs.md 11). */
export interface StartableTask {
  readonly job: JobName
  /** The job's payload; null when the parameters don't fit. */
  payload(params: JsonRecord): JsonRecord | null
}

/** Exactly these parameters; the first `required` ones must be there. */
function hasOnly(params: JsonRecord, names: readonly string[], required = names.length): boolean {
  const sent = Object.keys(params)
  return sent.every((name) => names.includes(name)) && names.slice(0, required).every((name) => sent.includes(name))
}

const none = (job: JobName): StartableTask => ({ job, payload: (params) => (hasOnly(params, []) ? {} : null) })

/** An age may be text, as `"5"`. */
const age = (job: JobName, name: 'months' | 'days'): StartableTask => ({
  job,
  payload(params) {
    if (!hasOnly(params, [name], 0)) return null
    const { [name]: value } = params
    if (value === undefined) return {}
    const number = typeof value === 'string' && /^ *\d{1,6} *$/.test(value) ? Number(value) : value
    return Number.isInteger(number) ? { age: number } : null
  },
})

const id = (job: JobName, name: 'run_id' | 'import_id'): StartableTask => ({
  job,
  payload(params) {
    const parsed = hasOnly(params, [name]) ? parseUuid(params[name]) : null
    return parsed ? { [name]: parsed } : null
  },
})

/** The importers take the import as an object, of which only its id is read. */
const importer: StartableTask = {
  job: 'import',
  payload(params) {
    const parsed = hasOnly(params, ['import_']) && isRecord(params.import_) ? parseUuid(params.import_.id) : null
    return parsed ? { import_id: parsed } : null
  },
}

const queryTask: StartableTask = {
  job: 'query-page',
  payload(params) {
    if (!hasOnly(params, ['filter_', 'page', 'page_size', 'estimate', 'tablename'], 0)) return null
    const { filter_ = [], page = 1, page_size = 25, estimate = false, tablename = 'results' } = params
    const filter = filter_ === null ? [] : filter_
    const fits =
      Array.isArray(filter) &&
      filter.every((one) => typeof one === 'string') &&
      Number.isSafeInteger(page) &&
      Number.isSafeInteger(page_size) &&
      Number(page_size) > 0 &&
      typeof estimate === 'boolean' &&
      (tablename === 'runs' || tablename === 'results')
    return fits ? { table: tablename, scope: { all: true }, filter, page, pageSize: page_size, estimate } : null
  },
}

const seedUsers: StartableTask = {
  job: 'seed-users',
  payload: (params) =>
    hasOnly(params, ['projects']) && isRecord(params.projects) ? { projects: params.projects } : null,
}

/** The whole list: nothing else can be started. */
export const startableTasks: Readonly<Record<string, StartableTask>> = {
  'db.prune_old_files': age('prune-files', 'months'),
  'db.prune_old_results': age('prune-results', 'months'),
  'db.prune_old_runs': age('prune-runs', 'months'),
  'db.prune_old_import_files': age('prune-imports', 'days'),
  'db.clear_import_file_content': id('clear-import-file', 'import_id'),
  'db.seed_users': seedUsers,
  'runs.update_run': id('recount-run', 'run_id'),
  'runs.sync_aborted_runs': none('sync-aborted-runs'),
  'results.add_result_start_time': id('add-result-start-time', 'run_id'),
  'query.query_task': queryTask,
  'importers.run_junit_import': importer,
  'importers.run_archive_import': importer,
}

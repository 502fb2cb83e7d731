import type { Queryable } from '../db/queryable.ts'
import { derivedIdSql } from './derive-id.ts'
import type { ImportJob } from './import-job.ts'
import { ImportRefused } from './import-refused.ts'
import type { Staging } from './staging.ts'

/** Rows moved by one statement: between two of them the worker looks whether it should end. */
const RESULTS_AT_ONCE = 5_000
const ARTIFACTS_AT_ONCE = 1_000

/** Where staged rows go. */
export interface MergeTarget {
  readonly runId: string
  readonly projectId: string | null
  /** Whose project counts first: that of the run (archives), or the one that the result names itself (JUnit). */
  readonly projectFrom: 'run' | 'result'
  /** Keys of stored metadata that must not outlive the value which the file had before. */
  readonly forget: readonly string[]
}

/**
 * Moves the staged results over. One that is there already is updated (D9, D40): what the file says counts, what it does
 * not say stays; metadata is laid over the stored one where it is still the same test. Runs that lose a result get a mark.
 *
 * @throws ImportRefused when a result with one of the ids belongs to somebody else (D23).
 */
export async function mergeResults(
  tx: Queryable,
  staging: Staging,
  job: ImportJob,
  target: MergeTarget,
): Promise<void> {
  await tx.query({ text: 'create index on staged_results (seq)' })
  await tx.query({ text: 'analyze staged_results' })
  await tx.query({
    text: `insert into run_changes (run_id)
      select distinct r.run_id from staged_results s join results r on r.id = s.id
      where r.run_id is not null and r.run_id <> $1`,
    values: [target.runId],
  })
  const projects = ['$4::uuid', 's.project_id']
  if (target.projectFrom === 'result') projects.reverse()
  const text = `insert into results as r (id, project_id, run_id, test_id, result, data, params, duration, start_time,
      source, env, component)
    select s.id, coalesce(${projects.join(', ')}), $3::uuid, s.test_id, s.result, s.data, s.params, s.duration,
      coalesce(s.start_time::timestamp, (select o.start_time from results o where o.id = s.id), $5::timestamp),
      s.source, s.env, s.component
    from staged_results s where s.seq >= $1 and s.seq < $2
    on conflict (id) do update set
      project_id = coalesce(excluded.project_id, r.project_id), run_id = excluded.run_id,
      test_id = coalesce(excluded.test_id, r.test_id), result = coalesce(excluded.result, r.result),
      data = case when r.test_id is distinct from excluded.test_id then excluded.data
        else (coalesce(r.data, '{}') - $8::text[]) || (
          select coalesce(jsonb_object_agg(e.key, e.value), '{}') from jsonb_each(excluded.data) e
          where e.value <> 'null' or not coalesce(r.data, '{}') ? e.key) end,
      params = coalesce(excluded.params, r.params), duration = coalesce(excluded.duration, r.duration),
      start_time = excluded.start_time, source = coalesce(excluded.source, r.source),
      env = coalesce(excluded.env, r.env), component = coalesce(excluded.component, r.component)
    where $6::boolean or r.project_id = any ($7::uuid[]) or (r.project_id is null and r.run_id = $3)`
  for (let from = 0; from < staging.resultCount; from += RESULTS_AT_ONCE) {
    job.signal.throwIfAborted()
    const until = from + RESULTS_AT_ONCE
    const { rows } = await tx.query<{ staged: number }>({
      text: 'select count(*)::int as staged from staged_results where seq >= $1 and seq < $2',
      values: [from, until],
    })
    const { rowCount } = await tx.query({
      text,
      values: [
        from,
        until,
        target.runId,
        target.projectId,
        job.created,
        job.sender.isSuperadmin,
        [...job.sender.projects.keys()],
        target.forget,
      ],
    })
    if (rowCount !== rows[0]?.staged) {
      throw new ImportRefused('A result with the id of one in the file exists already and belongs to somebody else.')
    }
  }
}

/**
 * Moves the staged files over, those with an owner to their result, the others to the run. One of the same result or run
 * and name that came from an import is replaced: its id follows from both.
 */
export async function mergeArtifacts(tx: Queryable, staging: Staging, job: ImportJob, runId: string): Promise<void> {
  await tx.query({ text: 'create index on staged_artifacts (seq)' })
  await tx.query({ text: 'analyze staged_artifacts' })
  for (let from = 0; from < staging.artifactCount; from += ARTIFACTS_AT_ONCE) {
    job.signal.throwIfAborted()
    await tx.query({
      text: `insert into artifacts as a (id, content, result_id, run_id, filename, data, upload_date)
        select s.id, s.content, s.owner, case when s.owner is null then $3::uuid end, s.path,
          jsonb_build_object('contentType', 'text/plain',
            case when s.owner is null then 'runId' else 'resultId' end, coalesce(s.owner, $3::uuid)),
          $4::timestamp
        from staged_artifacts s where s.seq >= $1 and s.seq < $2
        on conflict (id) do update set content = excluded.content, filename = excluded.filename, data = excluded.data,
          upload_date = excluded.upload_date`,
      values: [from, from + ARTIFACTS_AT_ONCE, runId, job.created],
    })
  }
}

/**
 * Deletes files that an earlier import of the same results brought and this one has no more: the traceback of a test that
 * passes now. A file came from an import when its id follows from its result and name.
 */
export async function deleteFormerArtifacts(tx: Queryable): Promise<void> {
  await tx.query({ text: 'create index on staged_artifacts (id)' })
  await tx.query({
    text: `delete from artifacts a using staged_results s
      where a.result_id = s.id and a.id = ${derivedIdSql('a.result_id::text', "coalesce(a.filename, '')")}
        and not exists (select from staged_artifacts n where n.id = a.id)`,
  })
}

/** What a run's results are, by outcome, and their time in seconds. */
export interface ResultCounts {
  readonly tests: number
  readonly errors: number
  readonly failures: number
  readonly skips: number
  readonly xpasses: number
  readonly xfailures: number
  readonly duration: number
}

/** Counts all results of a run, those of earlier imports and clients too. The run must be locked. */
export async function countResults(tx: Queryable, runId: string): Promise<ResultCounts> {
  const { rows } = await tx.query<ResultCounts>({
    text: `select count(*)::int as tests, (count(*) filter (where result = 'error'))::int as errors,
        (count(*) filter (where result = 'failed'))::int as failures,
        (count(*) filter (where result = 'skipped'))::int as skips,
        (count(*) filter (where result = 'xpassed'))::int as xpasses,
        (count(*) filter (where result = 'xfailed'))::int as xfailures, coalesce(sum(duration) filter (where abs(duration) < 1e290), 0) as duration
      from results where run_id = $1`,
    values: [runId],
  })
  return rows[0] as ResultCounts
}

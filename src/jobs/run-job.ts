import type { AppContext } from '../context.ts'
import { ApiError, errors } from '../errors.ts'
import type { JsonRecord } from '../json/json-record.ts'
import { rawJson } from '../json/raw-json.ts'
import { type JobControl, type JobDefinition, JobRefused } from './job-definition.ts'
import { type ClaimedJob, completeJob, failJob, retryJob, saveProgress } from './job-sql.ts'

/** Pauses after the tries that failed; the try after the last pause is the last one (D43: five). */
export const PAUSES_MS = [1_000, 5_000, 30_000, 120_000] as const
/** Workers that may die while they hold a job. */
export const MAX_CRASHES = 2
const PROGRESS_EVERY_MS = 1_000

export type JobDefinitions = Readonly<Partial<Record<string, JobDefinition>>>

export interface RunOptions {
  readonly definitions: JobDefinitions
  readonly pausesMs: readonly number[]
  /** Aborted with `stopping` or `lostLease` as the reason. */
  readonly signal: AbortSignal
  heartbeat(): Promise<void>
}

/** Runs one claimed job and writes what became of it, unless the worker does not hold it any more. */
export async function runJob(ctx: AppContext, job: ClaimedJob, options: RunOptions): Promise<void> {
  const log = ctx.log.child({ job: job.name, jobId: job.id, attempt: job.attempts })
  const definition = options.definitions[job.name]
  if (!definition) {
    await failJob(ctx.db, job, `There is no job ${job.name}`)
    return
  }
  let began: number | null = null
  /** Seconds so far. */
  const ran = () => (began === null ? null : (performance.now() - began) / 1000)
  const payload = JSON.parse(job.payload) as JsonRecord
  const fail = async (error: string) => {
    await ctx.db.transaction(async (tx) => {
      if (await failJob(tx, job, error)) await definition.onFailed?.(tx, payload, error)
    })
    ctx.metrics.jobEnded(job.name, 'failed', ran())
  }
  if (job.crashes >= MAX_CRASHES) {
    log.error('a job ended failed: its worker died twice')
    await fail('The job ended its worker twice and is not run again')
    return
  }
  began = performance.now()
  try {
    const result = await definition.run(ctx, payload, controlOf(ctx, job, options))
    if (await completeJob(ctx.db, job, result)) ctx.metrics.jobEnded(job.name, 'done', ran())
    else log.warn('a job was taken over; what this worker made of it does not count')
  } catch (error) {
    if (options.signal.aborted) return
    const text = describe(error)
    const pauseMs = options.pausesMs[job.attempts - 1]
    if (isFinal(error)) {
      log.info({ err: error }, 'a job was refused')
      await fail(text)
    } else if (pauseMs === undefined) {
      log.error({ err: error }, 'a job ended failed: its last try failed')
      await fail(text)
    } else {
      log.warn({ err: error, pauseMs }, 'a job failed and is tried again')
      await retryJob(ctx.db, job, { pauseMs, error: text })
      ctx.metrics.jobEnded(job.name, 'retried', ran())
    }
  }
}

function controlOf(ctx: AppContext, job: ClaimedJob, { signal, heartbeat }: RunOptions): JobControl {
  let saved = 0
  return {
    attempt: job.attempts,
    signal,
    heartbeat,
    async progress(done, of) {
      if (performance.now() - saved < PROGRESS_EVERY_MS) return
      saved = performance.now()
      await saveProgress(ctx.db, job, rawJson(JSON.stringify({ done, of })))
    },
  }
}

/** The same next time: what the asker got wrong. */
function isFinal(error: unknown): boolean {
  return error instanceof JobRefused || (error instanceof ApiError && errors[error.code].status < 500)
}

/** What an error says to people; the stack is in the log. */
function describe(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.slice(0, 10_000) || 'unknown error'
}

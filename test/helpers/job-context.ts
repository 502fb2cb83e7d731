import { pino } from 'pino'
import { readConfig } from '../../src/config.ts'
import type { AppContext } from '../../src/context.ts'
import type { JobControl, JobDefinition } from '../../src/jobs/job-definition.ts'
import type { JobName } from '../../src/jobs/job-names.ts'
import { type JobWorker, type JobWorkerOptions, startJobWorker } from '../../src/jobs/job-worker.ts'
import { rawJson } from '../../src/json/raw-json.ts'
import { openContext } from '../../src/open-context.ts'
import { createTestDatabase, runSql } from './database.ts'
import { eventually } from './server.ts'

export interface JobRow {
  readonly id: string
  readonly name: string
  readonly state: string
  readonly attempts: number
  readonly crashes: number
  readonly claims: number
  readonly error: string | null
  readonly result: unknown
  readonly worker: string | null
}

/** A database of its own and as many contexts and workers on it as a test wants: each stands for a process. */
export interface JobBench {
  readonly databaseUrl: string
  open(settings?: Readonly<Record<string, string>>): Promise<AppContext>
  start(ctx: AppContext, options?: JobWorkerOptions): JobWorker
  job(id: string): Promise<JobRow | undefined>
  /** The job, once it is in this state (or after 10 s, in whatever state it is). */
  jobIn(id: string, state: string): Promise<JobRow | undefined>
  close(): Promise<void>
}

export async function createJobBench(): Promise<JobBench> {
  const database = await createTestDatabase()
  const contexts: (() => Promise<void>)[] = []
  const workers: JobWorker[] = []
  const job = async (id: string) => (await runSql<JobRow>(database.url, `select * from jobs where id = '${id}'`))[0]
  return {
    databaseUrl: database.url,
    async open(settings = {}) {
      const config = readConfig({ JWT_SECRET: 'a secret for tests', DB_POOL_SIZE: '4', ...settings })
      const { ctx, close } = await openContext(config, database.url, pino({ level: 'silent' }))
      contexts.push(close)
      return ctx
    },
    start(ctx, options = {}) {
      const worker = startJobWorker(ctx, { pollMs: 100, ...options })
      workers.push(worker)
      return worker
    },
    job,
    jobIn: (id, state) =>
      eventually(
        () => job(id),
        (row) => row?.state === state,
        10_000,
      ),
    async close() {
      await Promise.all(workers.map((worker) => worker.stop(0)))
      for (const close of contexts) await close()
      await database.drop()
    },
  }
}

export type Work = (payload: Record<string, unknown>, control: JobControl) => Promise<unknown>

/** Definitions that do what a test says, under a name that exists. */
export function doing(work: Work, rest: Partial<JobDefinition> = {}): Record<string, JobDefinition> {
  const define = (name: JobName): JobDefinition => ({
    name,
    async run(_ctx, payload, control) {
      const result = await work(payload, control)
      return result === undefined ? null : rawJson(JSON.stringify(result))
    },
    ...rest,
  })
  return { import: define('import'), 'prune-runs': define('prune-runs') }
}

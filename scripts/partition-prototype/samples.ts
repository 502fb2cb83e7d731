/** Ids and rows as seed.sql makes them; the n-th of anything is the same on every run. */
import { randomUUID } from 'node:crypto'
import type { ProjectScope } from '../../src/access/caller.ts'
import type { ResultRow } from '../../src/features/result/result-sql.ts'
import { rawJson } from '../../src/json/raw-json.ts'

const PROJECTS = 5

export interface Samples {
  readonly rows: number
  readonly runs: number
  /** A number below `end` for the n-th try, spread over all of them. */
  spread(n: number, end: number): number
  readonly result: (n: number) => string
  readonly run: (n: number) => string
  readonly project: (n: number) => string
  readonly scope: (n: number) => ProjectScope
  /** A new result of the n-th run, now. */
  newResult(run: number): ResultRow
}

export function createSamples(rows: number, runs: number): Samples {
  const id = (kind: string) => (n: number) => `00000000-0000-4000-${kind}-${String(n).padStart(12, '0')}`
  const [result, run, project] = [id('b000'), id('a000'), id('9000')]
  return {
    rows,
    runs,
    spread: (n, end) => Math.floor(((n * GOLDEN) % 1) * end),
    result,
    run,
    project: (n) => project(n % PROJECTS),
    scope: (n) => ({ all: false, ids: [project(n % PROJECTS)] }),
    newResult: (n) => ({
      id: randomUUID(),
      project_id: project(n % PROJECTS),
      run_id: run(n),
      test_id: `tests/test_new.py::test_case_${n % 100}`,
      result: 'passed',
      data: rawJson(JSON.stringify({ ...metadata, project: `bench-${n % PROJECTS}`, run: run(n) })),
      params: rawJson('{"browser":"firefox"}'),
      duration: 1.25,
      start_time: new Date().toISOString().slice(0, -1),
      source: 'jenkins',
      env: 'qa',
      component: 'comp-1',
    }),
  }
}

/** The fraction of the golden ratio: its multiples lie evenly, however many are taken. */
const GOLDEN = 0.6180339887498949

const metadata = {
  env: 'qa',
  component: 'comp-1',
  fspath: 'tests/test_new.py',
  importance: 'high',
  markers: [{ name: 'tier1', args: [], kwargs: {} }],
  statuses: { setup: ['passed', false], call: ['passed', false], teardown: ['passed', false] },
  durations: { setup: 0.01, call: 1.2, teardown: 0.02 },
  jenkins: { job_name: 'job-1', build_number: '1', build_url: 'http://ci/new' },
  short_tb: 'x'.repeat(300),
}

import type { TestServer } from '../../helpers/server.ts'
import { insertRows } from '../filters/sample-rows.ts'

/** What the clock of the tests says. */
export const NOW = new Date('2024-03-31T12:00:00Z')

const two = (n: number) => String(n).padStart(2, '0')
export const runId = (n: number) => `a0000000-0000-4000-8000-0000000000${two(n)}`
export const resultId = (n: number) => `b0000000-0000-4000-8000-0000000000${two(n)}`

const nightly = (build: unknown) => ({
  jenkins: { job_name: 'nightly', build_number: build, build_url: `http://ci/${build}` },
})

/** Runs of project `mine`, with gaps and oddities in their summaries; 99 is the only one of `foreign`. */
function runs(mine: string, foreign: string) {
  const rows = [
    {
      n: 0,
      start_time: '2024-03-25T10:00:00',
      component: 'login',
      env: 'qa',
      duration: 100,
      data: { ...nightly('9'), annotations: [{ name: 'a' }] },
      summary: { tests: 8, failures: 1, skips: 1, errors: 0, xfailures: 0, xpasses: 0 },
    },
    {
      n: 1,
      start_time: '2024-03-25T11:00:00',
      component: 'cart',
      env: 'prod',
      duration: 50,
      data: nightly('9'),
      summary: null,
    },
    {
      n: 2,
      start_time: '2024-03-26T10:00:00',
      component: 'login',
      data: nightly('10'),
      summary: { tests: 16, failures: 1 },
    },
    {
      n: 3,
      start_time: '2024-03-26T12:00:00',
      component: 'login',
      data: nightly('10'),
      summary: { tests: '4', failures: null, errors: true, skips: 'x' },
    },
    {
      n: 4,
      start_time: '2024-03-27T10:00:00',
      component: 'cart',
      duration: 7200,
      data: nightly(11),
      summary: { tests: 32, errors: 1.5, failures: 3 },
    },
    {
      n: 5,
      start_time: '2024-03-28T10:00:00',
      component: 'login',
      duration: 3600,
      data: nightly('rc1'),
      summary: { tests: 4, errors: 1 },
    },
    { n: 6, start_time: '2024-03-27T11:00:00', duration: 30, data: nightly('11'), summary: { tests: 1, failures: 1 } },
    // Seven days ago to the moment, and a millisecond later.
    { n: 7, start_time: '2024-03-24T12:00:00', component: 'edge', summary: { tests: 2, failures: 2 } },
    { n: 8, start_time: '2024-03-24T12:00:00.001', component: 'edge', summary: { tests: 2, failures: 1 } },
    { n: 9, start_time: '2024-03-30T12:00:00', component: 'empty', summary: { tests: 0, failures: 3 } },
  ]
  const other = {
    n: 99,
    start_time: '2024-03-29T12:00:00',
    component: 'theirs',
    data: nightly('99'),
    summary: { tests: 1000 },
  }
  return [...rows.map((row) => ({ ...row, project_id: mine })), { ...other, project_id: foreign }].map(
    ({ n, ...row }) => ({ id: runId(n), created: row.start_time, ...row }),
  )
}

/** Results: 0 to 8 belong to builds of `nightly`, 10 and 11 stand at the edge of 90 days, 20 to 26 are two runs to compare. */
function results(mine: string, foreign: string) {
  const of = (build: string, importance: unknown, more = {}) => ({ ...nightly(build), importance, ...more })
  const recent = '2024-03-25T10:00:00'
  const rows = [
    { n: 0, result: 'passed', component: 'login', env: 'qa', data: of('9', 'high', { tags: ['x'], flag: true }) },
    { n: 1, result: 'skipped', component: 'login', env: 'qa', data: of('9', 'high', { tags: ['x'], flag: 1 }) },
    {
      n: 2,
      result: 'xfailed',
      component: 'login',
      env: 'stage',
      data: of('9', 'high', { tags: null, flag: { x: 1 } }),
    },
    { n: 3, result: 'passed', component: 'login', data: of('9', undefined, { flag: null }) },
    { n: 4, result: 'blocked', component: 'cart', data: of('10', 'odd') },
    { n: 5, result: 'failed', component: 'cart', data: of('9', 'low') },
    { n: 6, result: 'failed', component: 'other', data: of('9', 'low') },
    {
      n: 7,
      result: 'failed',
      component: 'login',
      data: { ...of('9', 'low'), jenkins: { job_name: 'weekly', build_number: '9' } },
    },
    { n: 8, result: 'passed', component: 'login', data: of('1', 'low') },
    { n: 10, result: 'manual', start_time: '2024-01-01T12:00:00' },
    { n: 11, result: 'xpassed', start_time: '2024-01-01T12:00:00.001', duration: 2 },
  ].map((row) => ({ run_id: runId(0), start_time: recent, ...row }))
  const compared = [
    { n: 20, run: 2, test_id: 'a', result: 'passed', data: { fspath: 'f.py', side: 'left', big: 1 } },
    { n: 21, run: 2, test_id: 'b', result: 'failed', data: { side: 'left' } },
    { n: 22, run: 2, test_id: 'c', result: 'passed', data: { fspath: 'f.py', side: 'left' } },
    { n: 23, run: 4, test_id: 'a', result: 'passed', data: { fspath: 'f.py', side: 'right' } },
    { n: 24, run: 4, test_id: 'a', result: 'error', data: { fspath: 'f.py', side: 'right' } },
    { n: 25, run: 4, test_id: 'b', result: 'passed', data: { fspath: null, side: 'right' } },
    { n: 26, run: 4, test_id: 'c', result: 'failed', data: { fspath: 'g.py', side: 'right' } },
  ].map(({ run, ...row }) => ({ run_id: runId(run), start_time: '2023-05-01T00:00:00', ...row }))
  const own = [...rows, ...compared].map((row) => ({ project_id: mine, ...row }))
  const other = {
    n: 99,
    project_id: foreign,
    run_id: runId(99),
    result: 'error',
    start_time: recent,
    component: 'theirs',
  }
  return [...own, other].map(({ n, ...row }) => ({ id: resultId(n), ...row }))
}

export async function insertKnownRows({ ctx }: TestServer, mine: string, foreign: string): Promise<void> {
  await insertRows(ctx.db, 'runs', runs(mine, foreign))
  await insertRows(ctx.db, 'results', results(mine, foreign))
}

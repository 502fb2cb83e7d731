import { failureOf } from './failures.ts'
import { drawScreenshot } from './screenshot.ts'
import { chance, pick, stableId } from './seeded.ts'
import { type DemoTest, type Status, suite } from './suite.ts'

/*
 * One night of the demo. All of it follows from the project, the night and the day on which the project was filled for
 * the first time: sent again on any later day, it is the same.
 */

export interface DemoFile {
  readonly filename: string
  readonly content: Buffer
}

export interface DemoResult {
  /** The body of `POST /result`. */
  readonly body: { readonly id: string; readonly test_id: string; readonly result: Status; readonly duration: number }
  readonly files: readonly DemoFile[]
}

export interface Night {
  /** The body of `POST /run`. */
  readonly run: { readonly id: string }
  readonly files: readonly DemoFile[]
  readonly results: readonly DemoResult[]
}

export interface NightInput {
  readonly project: { readonly id: string; readonly name: string }
  /** The night, `YYYY-MM-DD`. */
  readonly date: string
  /** The newest night when the project was filled first, `YYYY-MM-DD`. */
  readonly madeOn: string
}

const source = 'jenkins'
const dayMs = 24 * 3600 * 1000
const skipReasons = [
  'no device of that kind in the lab',
  'waits for the new address service',
  'off until SHOP-812',
] as const

/** Whole days from one date to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / dayMs)
}

/** All that a night sends. */
export function planNight(input: NightInput): Night {
  const { project, date, madeOn } = input
  const runId = stableId(`${project.id}/run/${date}`)
  const env = new Date(date).getUTCDay() === 0 ? 'preprod' : 'staging'
  const buildNumber = daysBetween('2024-01-01', date)
  const jobName = `${project.name}-nightly`
  const jenkins = {
    job_name: jobName,
    build_number: String(buildNumber),
    build_url: `https://jenkins.example.com/job/${jobName}/${buildNumber}/`,
  }
  const results: DemoResult[] = []
  let clock = Date.parse(`${date}T02:00:00Z`)
  for (const test of suite) {
    const result = planResult(test, { ...input, runId, env, jenkins, start: new Date(clock).toISOString() })
    results.push(result)
    clock += result.body.duration * 1000
  }
  const run = {
    id: runId,
    start_time: `${date}T02:00:00Z`,
    duration: round(results.reduce((sum, { body }) => sum + body.duration, 0)),
    source,
    summary: summarise(results),
    metadata: {
      project: project.id,
      component: 'shop',
      env,
      jenkins,
      tags: ['nightly', env],
      build: {
        version: `4.${Math.floor(buildNumber / 14)}.${buildNumber % 14}`,
        branch: 'main',
        commit: stableId(`commit of ${date}`).slice(0, 8),
      },
      demo: { made_on: madeOn },
    },
  }
  return { run, files: [{ filename: 'pytest.log', content: sessionLog(date, results) }], results }
}

interface ResultInput extends NightInput {
  readonly runId: string
  readonly env: string
  readonly jenkins: object
  readonly start: string
}

function planResult(test: DemoTest, input: ResultInput): DemoResult {
  const { project, date, madeOn, runId, env, jenkins, start } = input
  const seed = `${test.testId} on ${date}`
  const status = statusOf(test, date, madeOn)
  const duration = durationOf(test, status, date, madeOn)
  const setup = round(Math.min(duration, 0.02 + chance(`setup of ${seed}`) * 0.1))
  const failure = failureOf(test, status, date)
  const body = {
    id: stableId(`${project.id}/result/${date}/${test.testId}`),
    test_id: test.testId,
    start_time: start,
    duration,
    result: status,
    run_id: runId,
    source,
    params: test.params,
    metadata: {
      project: project.id,
      run: runId,
      component: test.component,
      env,
      jenkins,
      tags: test.importance === 'critical' ? ['nightly', 'smoke'] : ['nightly'],
      importance: test.importance,
      fspath: test.fspath,
      node_id: test.nodeId,
      markers: [{ name: 'component', args: [test.component], kwargs: {} }],
      durations: { setup, call: round(duration - setup) },
      statuses: phasesOf(status),
      ...(status === 'skipped' ? { skip_reason: pick(skipReasons, test.testId) } : {}),
      ...(status === 'xfailed' || status === 'xpassed'
        ? { xfail_reason: 'SHOP-655: known, waits for a decision' }
        : {}),
      ...(failure ? failure.metadata : {}),
    },
  }
  if (!failure) return { body, files: [] }
  const files: DemoFile[] = [{ filename: 'traceback.log', content: Buffer.from(failure.traceback) }]
  if (test.browser && status === 'failed') files.push({ filename: 'screenshot.png', content: drawScreenshot(seed) })
  return { body, files }
}

/** What a test comes to on a night; `age` counts from the first filling, so later nights have negative ages. */
function statusOf(test: DemoTest, date: string, madeOn: string): Status {
  const age = daysBetween(date, madeOn)
  const roll = chance(`${test.testId} on ${date}`)
  if (test.behaviour === 'skipped') return 'skipped'
  // One bad night: the staging area of one component was away for a while.
  if (age === 11 && test.component === 'storefront' && roll < 0.3) return 'error'
  switch (test.behaviour) {
    case 'broken':
      return age <= 3 ? 'failed' : 'passed'
    case 'flaky':
      return roll < 0.22 ? 'failed' : 'passed'
    case 'xfailed':
      return 'xfailed'
    case 'fixed':
      return age <= 6 ? 'xpassed' : 'xfailed'
    default:
      return roll < 0.002 ? 'failed' : 'passed'
  }
}

function durationOf(test: DemoTest, status: Status, date: string, madeOn: string): number {
  if (status === 'skipped') return 0.001
  if (status === 'error') return round(0.5 + chance(`error of ${test.testId} on ${date}`))
  const usual = test.behaviour === 'creeping' ? 4 + Math.max(0, 30 - daysBetween(date, madeOn)) * 0.45 : test.seconds
  return round(usual * (0.9 + 0.2 * chance(`duration of ${test.testId} on ${date}`)))
}

/** How each phase of a test ended, and whether that was expected to fail, as pytest-ibutsu sends it. */
function phasesOf(status: Status): Readonly<Record<string, readonly [string, boolean]>> {
  if (status === 'skipped') return { setup: ['skipped', false], teardown: ['passed', false] }
  if (status === 'error') return { setup: ['failed', false], teardown: ['passed', false] }
  const expected = status === 'xfailed' || status === 'xpassed'
  const call = status === 'xfailed' ? 'skipped' : status === 'xpassed' ? 'passed' : status
  return { setup: ['passed', false], call: [call, expected], teardown: ['passed', false] }
}

/** Milliseconds are enough. */
function round(seconds: number): number {
  return Math.max(0.001, Math.round(seconds * 1000) / 1000)
}

function summarise(results: readonly DemoResult[]) {
  const count = (status: Status) => results.filter(({ body }) => body.result === status).length
  return {
    failures: count('failed'),
    errors: count('error'),
    skips: count('skipped'),
    xfailures: count('xfailed'),
    xpasses: count('xpassed'),
    tests: results.length,
    collected: results.length,
    not_run: 0,
  }
}

function sessionLog(date: string, results: readonly DemoResult[]): Buffer {
  const lines = results.map(({ body }) => `${body.result.toUpperCase().padEnd(8)} ${body.test_id} ${body.duration} s`)
  return Buffer.from([`nightly session of ${date}`, '', ...lines, ''].join('\n'))
}

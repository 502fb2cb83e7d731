import { setTimeout as sleep } from 'node:timers/promises'
import { tarGz } from '../../helpers/imports.ts'
import type { Random } from './seeded-random.ts'

const outcomes = ['passed', 'passed', 'passed', 'failed', 'error', 'skipped'] as const
type Outcome = (typeof outcomes)[number]

/** What the server has said 201 to: it may not lose any of it. */
export interface Ledger {
  /** Import ids, and the run that each is read into. */
  readonly imports: Map<string, string>
  /** Run ids, and the outcomes of the tests that belong to them, by the tests' names, which are unique. */
  readonly runs: Map<string, Map<string, Outcome>>
  /** Artifacts that belong to the results of a run. */
  readonly artifacts: Map<string, number>
  /** Requests that were not answered, or not well, and were sent again. */
  readonly failures: string[]
}

/** Where the work goes. `onAcknowledged` hears of each answer as soon as it is there, before anything else happens. */
export interface Target {
  readonly url: string
  readonly token: string
  readonly project: string
  onAcknowledged?(kind: 'import' | 'run' | 'result'): void
}

export interface WorkSize {
  readonly imports: number
  /** Results of an import: at least, at most. */
  readonly results: readonly [number, number]
  readonly runs: number
  readonly resultsOfRun: number
}

const usualSize: WorkSize = { imports: 6, results: [100, 300], runs: 3, resultsOfRun: 40 }

/** Answers of 201 that the usual work ends with. */
export const ACKNOWLEDGED = usualSize.imports + usualSize.runs * (1 + usualSize.resultsOfRun)

interface Case {
  readonly id: string
  readonly name: string
  readonly outcome: Outcome
}

/**
 * Sends imports and runs with results, all at the same time; resolves when everything is acknowledged. A request without an
 * answer is sent again as it was, as a careful client would: same ids, same file name.
 */
export async function sendWork(target: Target, random: Random, size: WorkSize = usualSize): Promise<Ledger> {
  const ledger: Ledger = { imports: new Map(), runs: new Map(), artifacts: new Map(), failures: [] }
  const clients: (() => Promise<void>)[] = []
  for (let n = 0; n < size.imports; n++) {
    const runId = random.uuid()
    const cases = makeCases(random, random.between(...size.results))
    // The first two are one of each.
    const isArchive = n < 2 ? n === 1 : random.next() < 0.5
    const name = isArchive ? `${runId}.tar.gz` : `junit-${runId}.xml`
    const file = isArchive ? await archiveOf(runId, target.project, cases) : Buffer.from(junitOf(cases))
    const artifacts = isArchive ? cases.length : cases.filter(({ outcome }) => hasTraceback(outcome)).length
    clients.push(() => sendImport(target, ledger, { runId, name, file, cases, artifacts }))
  }
  for (let n = 0; n < size.runs; n++) {
    const runId = random.uuid()
    const cases = makeCases(random, size.resultsOfRun)
    clients.push(() => sendRun(target, ledger, runId, cases))
  }
  await Promise.all(clients.map((client) => client()))
  return ledger
}

async function sendImport(
  target: Target,
  ledger: Ledger,
  sent: { runId: string; name: string; file: Buffer; cases: readonly Case[]; artifacts: number },
): Promise<void> {
  const { id } = await persist(target, ledger, '/api/import', () => {
    const form = new FormData()
    form.set('project', target.project)
    form.set('importFile', new Blob([Uint8Array.from(sent.file)]), sent.name)
    return { body: form }
  })
  target.onAcknowledged?.('import')
  ledger.imports.set(id, sent.runId)
  ledger.runs.set(sent.runId, new Map(sent.cases.map(({ name, outcome }) => [name, outcome])))
  ledger.artifacts.set(sent.runId, sent.artifacts)
}

async function sendRun(target: Target, ledger: Ledger, runId: string, cases: readonly Case[]): Promise<void> {
  const post = (path: string, body: object) =>
    persist(target, ledger, path, () => ({
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    }))
  const shared = { project_id: target.project, start_time: new Date().toISOString() }
  await post('/api/run', { ...shared, id: runId, created: shared.start_time, metadata: { sent: 'by a round' } })
  target.onAcknowledged?.('run')
  const acknowledged = new Map<string, Outcome>()
  ledger.runs.set(runId, acknowledged)
  for (const { id, name, outcome } of cases) {
    await post('/api/result', { ...shared, id, run_id: runId, test_id: name, result: outcome, duration: 0.25 })
    target.onAcknowledged?.('result')
    acknowledged.set(name, outcome)
  }
}

/** Sends it until it is answered with 201. */
async function persist(
  { url, token }: Target,
  ledger: Ledger,
  path: string,
  make: () => { body: FormData | string; headers?: Record<string, string> },
): Promise<{ id: string }> {
  for (let tries = 0; tries < 200; tries++) {
    const { body, headers } = make()
    try {
      const answer = await fetch(`${url}${path}`, {
        method: 'POST',
        body,
        headers: { ...headers, authorization: `Bearer ${token}`, connection: 'close' },
      })
      const text = await answer.text()
      if (answer.status === 201) return JSON.parse(text)
      ledger.failures.push(`${path} ${answer.status} ${text.slice(0, 200)}`)
      if (answer.status < 500) break
    } catch (error) {
      ledger.failures.push(`${path} ${error instanceof Error ? String(error.cause ?? error) : error}`)
    }
    await sleep(100)
  }
  throw new Error(`${path} was never accepted: ${ledger.failures.slice(-3).join('; ')}`)
}

function makeCases(random: Random, count: number): Case[] {
  return Array.from({ length: count }, (_, n) => ({
    id: random.uuid(),
    name: `TestFaults.test_${n}`,
    outcome: random.pick(outcomes),
  }))
}

const hasTraceback = (outcome: Outcome) => outcome === 'failed' || outcome === 'error'

function junitOf(cases: readonly Case[]): string {
  const elements = { passed: '', failed: '<failure>no</failure>', error: '<error>oh</error>', skipped: '<skipped/>' }
  const lines = cases.map(({ name, outcome }) => {
    const [classname, test] = name.split('.')
    return `<testcase classname="${classname}" name="${test}" time="0.25">${elements[outcome]}</testcase>`
  })
  return `<testsuites><testsuite name="faults" tests="${cases.length}">\n${lines.join('\n')}\n</testsuite></testsuites>\n`
}

function archiveOf(runId: string, project: string, cases: readonly Case[]): Promise<Buffer> {
  const start_time = '2024-05-06T07:08:09'
  const run = { id: runId, start_time, duration: 0, metadata: { project }, summary: {} }
  return tarGz([
    { name: `${runId}/run.json`, content: JSON.stringify(run) },
    ...cases.flatMap(({ id, name, outcome }) => [
      {
        name: `${runId}/${id}/result.json`,
        content: JSON.stringify({ id, test_id: name, result: outcome, duration: 0.25, start_time, metadata: {} }),
      },
      { name: `${runId}/${id}/test.log`, content: `the log of ${name}\n` },
    ]),
  ])
}

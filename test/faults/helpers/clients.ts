import { setTimeout as sleep } from 'node:timers/promises'
import { deriveId } from '../../../src/importers/derive-id.ts'
import { tarGz } from '../../helpers/imports.ts'
import type { Random } from '../../process/helpers/seeded-random.ts'
import { formBody, jsonBody } from './http-client.ts'
import {
  createLedger,
  type Ledger,
  type Outcome,
  placeOf,
  type SentFile,
  type SentImport,
  type SentRun,
} from './ledger.ts'
import { createRealClient, type RealClient, untilServed } from './real-client.ts'

const outcomes = ['passed', 'passed', 'passed', 'failed', 'error', 'skipped'] as const satisfies readonly Outcome[]

export type AcknowledgedKind = 'import' | 'run' | 'result' | 'artifact' | 'token' | 'title'

/** Where the work goes. `onAcknowledged` hears of each answer as soon as it is there, before anything else happens. */
export interface Target {
  readonly url: string
  readonly token: string
  readonly project: { readonly id: string; readonly name: string; readonly title: string }
  onAcknowledged?(kind: AcknowledgedKind): void
}

export interface WorkSize {
  readonly uploaders: number
  /** Results that each uploader sends; every third has an artifact. */
  readonly results: number
  readonly importers: number
  /** Files of each importer, and their results: at least, at most. */
  readonly files: number
  readonly cases: readonly [number, number]
  readonly readers: number
  readonly tokens: number
  readonly titles: number
  /** How often a client begins anew after it had to give up. */
  readonly sessions?: number
}

export const usualSize: WorkSize = {
  uploaders: 8,
  results: 20,
  importers: 3,
  files: 2,
  cases: [50, 150],
  readers: 3,
  tokens: 6,
  titles: 20,
}

/** Acknowledgements that work of a size ends with when nothing goes wrong. */
export const expectedAcknowledgements = (size: WorkSize) =>
  size.uploaders * (2 + size.results + Math.ceil(size.results / 3)) +
  size.importers * size.files +
  size.tokens * 1.5 +
  size.titles

interface Work {
  readonly target: Target
  readonly ledger: Ledger
  readonly random: Random
  readonly size: WorkSize
  acknowledge(kind: AcknowledgedKind): void
}

/** Sends everything at the same time, as real clients would; resolves when every client is through. */
export async function sendWork(target: Target, random: Random, size: WorkSize = usualSize): Promise<Ledger> {
  const ledger = createLedger(target.project.id, target.project.title)
  const acknowledge = (kind: AcknowledgedKind) => {
    ledger.acknowledged++
    target.onAcknowledged?.(kind)
  }
  // Each client draws from a generator of its own: in which order they come to it no seed knows.
  const work = () => ({ target, ledger, size, acknowledge, random: random.fork() })
  const times = (count: number, client: (work: Work) => Promise<void>) =>
    Array.from({ length: count }, () => client(work()))
  let sending = true
  const readers = times(size.readers, (each) => read(each, () => sending))
  try {
    await Promise.all([
      ...times(size.uploaders, upload),
      ...times(size.importers, sendImports),
      ...times(size.tokens > 0 ? 1 : 0, makeTokens),
      ...times(size.titles > 0 ? 1 : 0, changeTitles),
    ])
  } finally {
    sending = false
    await Promise.all(readers)
  }
  return ledger
}

/** A client whose session ends when it has to give up, and begins anew when the server is back. */
async function inSessions(work: Work, session: (client: RealClient) => Promise<'done' | 'gave up'>): Promise<void> {
  for (let sessions = work.size.sessions ?? Number.POSITIVE_INFINITY; sessions > 0; sessions--) {
    const client = createRealClient(work.target, work.ledger)
    try {
      if ((await session(client)) === 'done') return
    } finally {
      client.close()
    }
    await untilServed(work.target.url)
  }
}

/** Sends runs with results and artifacts in the order in which pytest-ibutsu does. */
async function upload(work: Work): Promise<void> {
  const { ledger, random, size, target } = work
  let left = size.results
  await inSessions(work, async (client) => {
    const id = random.uuid()
    const run: SentRun = { results: new Map(), unanswered: new Set(), stage: 'begun', unansweredStage: undefined }
    const body = (stage: string) =>
      jsonBody({
        id,
        duration: 1.5,
        source: 'faults',
        start_time: '2024-05-06T07:08:09.123456+00:00',
        summary: { failures: 0, errors: 0, xfailures: 0, xpasses: 0, skips: 0, tests: 0, collected: 0, not_run: 0 },
        metadata: { project: target.project.name, stage },
        component: null,
        env: null,
      })
    await client.send('GET', `/api/run/${id}`)
    const made = await client.send('POST', '/api/run', { body: body(run.stage) })
    if (made?.status !== 201) return 'gave up'
    ledger.runs.set(id, run)
    work.acknowledge('run')
    await sendFile(work, client, { owner: 'run_id', ownerId: id, filename: 'session.log', bytes: bytesOf(random) })
    for (; left > 0; left--) {
      const result = await sendResult(work, client, id, run)
      if (!result) return 'gave up'
      if (left % 3 > 0) continue
      const filename = `${left}.log`
      const sent = await sendFile(work, client, {
        owner: 'result_id',
        ownerId: result,
        filename,
        bytes: bytesOf(random),
      })
      if (!sent) return 'gave up'
    }
    run.unansweredStage = 'ended'
    const ended = await client.send('PUT', `/api/run/${id}`, { body: body('ended') })
    if (ended?.status !== 200) return ended ? 'done' : 'gave up'
    run.stage = 'ended'
    run.unansweredStage = undefined
    work.acknowledge('run')
    return 'done'
  })
}

async function sendResult({ acknowledge, random, target }: Work, client: RealClient, run_id: string, run: SentRun) {
  const id = random.uuid()
  const name = `test_${run.results.size + run.unanswered.size}`
  const outcome = random.pick(outcomes)
  run.unanswered.add(id)
  const answer = await client.send('POST', '/api/result', {
    body: jsonBody({
      id,
      test_id: name,
      start_time: '2024-05-06T07:08:10.5+00:00',
      duration: 0.25,
      result: outcome,
      run_id,
      metadata: { project: target.project.name, run: run_id, node_id: name, durations: { call: 0.25 } },
      params: { n: String(run.results.size) },
      source: 'faults',
      component: null,
      env: null,
    }),
  })
  if (answer?.status !== 201) return undefined
  run.unanswered.delete(id)
  run.results.set(id, { name, outcome })
  acknowledge('result')
  return id
}

async function sendFile({ ledger, acknowledge }: Work, client: RealClient, file: SentFile): Promise<boolean> {
  const field = file.owner === 'run_id' ? 'runId' : 'resultId'
  const body = formBody(
    { [field]: file.ownerId, filename: file.filename },
    { field: 'file', name: 'file', bytes: file.bytes },
  )
  const place = placeOf(file)
  const onTry = () => ledger.artifactTries.set(place, (ledger.artifactTries.get(place) ?? 0) + 1)
  const answer = await client.send('POST', '/api/artifact', { body, onTry })
  if (answer?.status !== 201) return false
  ledger.artifacts.set(answer.json<{ id: string }>().id, file)
  acknowledge('artifact')
  return true
}

/** Text and bytes of any kind; some of them are large. */
function bytesOf(random: Random): Buffer {
  const length = random.next() < 0.1 ? random.between(50_000, 200_000) : random.between(1, 4_000)
  return Buffer.from(Uint32Array.from({ length: Math.ceil(length / 4) }, () => random.next() * 2 ** 32).buffer)
}

/** Sends files to be imported, as curl would: nothing twice. */
async function sendImports(work: Work): Promise<void> {
  const { ledger, random, size, target } = work
  for (let n = 0; n < size.files; n++) {
    const runId = random.uuid()
    const isArchive = random.next() < 0.5
    // Without an id in its name the run is one that nobody can know (src/importers/direct-rows.ts).
    const isNamed = isArchive || random.next() < 0.5
    const cases = makeCases(random, random.between(...size.cases))
    const name = isArchive ? `${runId}.tar.gz` : isNamed ? `junit-${runId}.xml` : 'junit.xml'
    const bytes = isArchive ? await archiveOf(runId, target.project.name, cases) : Buffer.from(junitOf(cases))
    const sent: SentImport = {
      runId,
      cases: new Map(cases.map((each) => [each.name, each.outcome])),
      artifacts: new Map(
        cases
          .filter(({ outcome }) => isArchive || outcome === 'failed' || outcome === 'error')
          .map((each) => [each.name, isArchive ? logOf(each) : null]),
      ),
    }
    const client = createRealClient(target, ledger)
    const body = formBody({ project: target.project.name }, { field: 'importFile', name, bytes })
    const answer = await client.send('POST', '/api/import', { body })
    client.close()
    if (answer?.status === 201) {
      const { id } = answer.json<{ id: string }>()
      ledger.imports.set(id, isNamed ? sent : { ...sent, runId: deriveId(id, 'run') })
      work.acknowledge('import')
    } else {
      ledger.unansweredImports.push(sent)
      await untilServed(target.url)
    }
  }
}

/** Makes tokens, uses them, and deletes every second one. */
async function makeTokens(work: Work): Promise<void> {
  const { ledger, size } = work
  let n = 0
  await inSessions(work, async (client) => {
    for (; n < size.tokens; n++) {
      const made = await client.send('POST', '/api/user/token', {
        body: jsonBody({ name: `token ${n}`, expires: null }),
      })
      if (made?.status !== 201) return 'gave up'
      const { id, token } = made.json<{ id: string; token: string }>()
      ledger.tokens.set(id, { token, state: 'works' })
      work.acknowledge('token')
      const used = await client.send('GET', '/api/user', { token })
      if (used?.status === 401) ledger.missed.push(`token ${id} does not work although it was acknowledged`)
      if (n % 2 === 0) continue
      ledger.tokens.set(id, { token, state: 'unknown' })
      const deleted = await client.send('DELETE', `/api/user/token/${id}`)
      if (deleted?.status !== 200) return 'gave up'
      ledger.tokens.set(id, { token, state: 'deleted' })
      work.acknowledge('token')
    }
    return 'done'
  })
}

/** Changes the project's title again and again. */
async function changeTitles(work: Work): Promise<void> {
  const { ledger, random, size } = work
  let n = 1
  await inSessions(work, async (client) => {
    for (; n <= size.titles; n++) {
      const title = `Title ${n}`
      ledger.titles.unanswered.push(title)
      const answer = await client.send('PUT', `/api/project/${ledger.projectId}`, { body: jsonBody({ title }) })
      if (answer?.status !== 200) return 'gave up'
      ledger.titles.unanswered.pop()
      ledger.titles.acknowledged = title
      work.acknowledge('title')
      await sleep(random.between(10, 150))
    }
    return 'done'
  })
}

/** Reads what was acknowledged a moment ago, and lists. */
async function read(work: Work, goesOn: () => boolean): Promise<void> {
  const { ledger, random, target } = work
  await inSessions(work, async (client) => {
    while (goesOn()) {
      const runs = [...ledger.runs]
      if (runs.length > 0) {
        const [runId, run] = random.pick(runs)
        const results = [...run.results.keys()]
        const artifacts = [...ledger.artifacts.keys()]
        const one = (path: string, ids: readonly string[]) => (ids.length > 0 ? [`${path}/${random.pick(ids)}`] : [])
        const paths = [
          `/api/run/${runId}`,
          `/api/run?filter=project_id%3D${target.project.id}&pageSize=50&estimate=true`,
          `/api/result?filter=run_id%3D${runId}&pageSize=50`,
          ...one('/api/result', results),
          ...one('/api/artifact', artifacts),
        ]
        const path = random.pick(paths)
        const answer = await client.send('GET', path)
        if (!answer) return 'gave up'
        if (answer.status === 404) ledger.missed.push(`${path} is not there although it was acknowledged`)
      }
      await sleep(random.between(5, 40))
    }
    return 'done'
  })
}

interface Case {
  readonly id: string
  readonly name: string
  readonly outcome: Outcome
}

const makeCases = (random: Random, count: number): Case[] =>
  Array.from({ length: count }, (_, n) => ({
    id: random.uuid(),
    name: `TestFaults.test_${n}`,
    outcome: random.pick(outcomes),
  }))

const logOf = ({ id, name }: Case) => `the log of ${name}, ${id}\n`

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
    ...cases.flatMap((each) => [
      {
        name: `${runId}/${each.id}/result.json`,
        content: JSON.stringify({
          id: each.id,
          test_id: each.name,
          result: each.outcome,
          duration: 0.25,
          start_time,
          metadata: {},
        }),
      },
      { name: `${runId}/${each.id}/test.log`, content: logOf(each) },
    ]),
  ])
}

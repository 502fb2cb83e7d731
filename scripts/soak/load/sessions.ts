import { randomUUID } from 'node:crypto'
import { projectId } from '../seed.ts'
import {
  any,
  ask,
  expectContent,
  expectStatus,
  filters,
  form,
  type LoadContext,
  type Operation,
  parse,
} from './operation.ts'

/** As pytest-ibutsu does it: a run, results one after another, two files for each tenth, the run again. */
const RESULTS = 200
const FILES_EVERY = 10
const FILES = [
  { name: 'traceback.log', content: Buffer.alloc(20_000, 'log line of a test\n') },
  { name: 'shot.bin', content: Buffer.alloc(100_000, 'log line of a test\n') },
]
const REMEMBERED = 200

interface Session {
  readonly runId: string
  /** Steps that were done. */
  results: number
  files: number
  lastResult: string
}

/**
 * Sessions of test runs: each request is the next one of some session that waits for none. When one has sent its last
 * result, everything that was acknowledged must be there.
 */
export function createSessions(ctx: LoadContext): Operation[] {
  const idle: Session[] = []

  async function step(): Promise<string> {
    const session = idle.shift()
    if (!session) {
      idle.push(await begin(ctx))
      return 'post-run'
    }
    if (session.results === RESULTS) {
      await finish(ctx, session)
      return 'end-run'
    }
    const hasFile = session.files < filesDue(session)
    await (hasFile ? sendFile(ctx, session) : sendResult(ctx, session))
    idle.push(session)
    return hasFile ? 'post-artifact' : 'post-result'
  }
  return [
    { name: 'session', weight: 250, run: step },
    { name: 'get-artifact', weight: 20, run: () => readBack(ctx) },
  ]
}

const filesDue = ({ results }: Session) => Math.floor(results / FILES_EVERY) * FILES.length

const runOf = (id: string) => ({
  id,
  source: 'soak',
  start_time: new Date().toISOString(),
  duration: 1.5,
  metadata: { project: 'bench-0', env: 'qa', component: 'comp-1' },
})

async function begin(ctx: LoadContext): Promise<Session> {
  const runId = randomUUID()
  await ask(ctx, 'POST', '/api/run', runOf(runId))
  return { runId, results: 0, files: 0, lastResult: '' }
}

async function sendResult(ctx: LoadContext, session: Session): Promise<void> {
  const id = randomUUID()
  const i = session.results
  const path = `tests/test_m${i % 10}.py`
  await ask(ctx, 'POST', '/api/result', {
    id,
    test_id: `${path}::test_case_${i}`,
    result: i % 10 ? 'passed' : 'failed',
    duration: 1.25,
    start_time: new Date().toISOString(),
    source: 'soak',
    run_id: session.runId,
    params: { browser: 'firefox' },
    metadata: {
      project: 'bench-0',
      run: session.runId,
      env: 'qa',
      component: 'comp-1',
      fspath: path,
      markers: [{ name: 'tier1', args: [], kwargs: {} }],
      statuses: { setup: ['passed', false], call: ['passed', false], teardown: ['passed', false] },
      durations: { setup: 0.01, call: 1.2, teardown: 0.02 },
      ...(i % 10 ? {} : { short_tb: 'x'.repeat(400) }),
    },
  })
  session.lastResult = id
  session.results++
}

async function sendFile(ctx: LoadContext, session: Session): Promise<void> {
  const file = FILES[session.files % FILES.length] ?? { name: '', content: Buffer.alloc(0) }
  const { id } = await storeArtifact(ctx, session.lastResult, file.name, file.content)
  session.files++
  if (ctx.artifacts.push({ id, content: file.content }) > REMEMBERED) ctx.artifacts.shift()
}

/** Stores a file of a result. */
export async function storeArtifact(
  ctx: LoadContext,
  resultId: string,
  filename: string,
  content: Buffer,
): Promise<{ id: string }> {
  const sent = form({ resultId, filename }, { field: 'file', name: filename, content })
  const answer = await ctx.connections.send({ method: 'POST', path: '/api/artifact', ...sent })
  return parse(expectStatus(answer, 201))
}

async function finish(ctx: LoadContext, { runId, results }: Session): Promise<void> {
  await ask(ctx, 'PUT', `/api/run/${runId}`, runOf(runId))
  const there = await ask(
    ctx,
    'GET',
    `/api/result?${filters(`project_id=${projectId(0)}`, `run_id=${runId}`)}&pageSize=1`,
  )
  expectContent(there, parse(there).pagination.totalItems === results)
}

async function readBack(ctx: LoadContext): Promise<undefined> {
  const artifact = ctx.artifacts[any(ctx.artifacts.length)]
  if (!artifact) return
  const answer = await ask(ctx, 'GET', `/api/artifact/${artifact.id}/download`)
  if (!answer.body.equals(artifact.content)) throw new Error(`artifact ${artifact.id} has other bytes`)
}

import { randomUUID } from 'node:crypto'
import { admin } from '../../bench/measure.ts'
import { projectId, resultId, runId } from '../seed.ts'
import type { Answer, Sent } from './connections.ts'
import { any, expectStatus, filters, form, type LoadContext, type Operation, parse } from './operation.ts'
import { storeArtifact } from './sessions.ts'

/** Nearly the largest file that is taken. */
const LARGE = Buffer.alloc(5_000_000, 'a line of a large log\n')
/** What a slow reader takes at once, and how long it needs for that. */
const BITE = 65_536
const PAUSE_MS = 60

/** Clients that log in, that are wrong, that leave, and that are slow. */
export async function createOddClients(ctx: LoadContext): Promise<Operation[]> {
  const large = await storeArtifact(ctx, resultId(0), 'large.log', LARGE)
  const { connections, amount } = ctx
  const longList = () => `/api/result?${filters(`project_id=${projectId(any(5))}`)}&estimate=true&pageSize=500`
  const upload = form(
    { resultId: resultId(0), filename: 'cut.log' },
    { field: 'file', name: 'cut.log', content: LARGE },
  )

  const leave = async () => {
    const left: Sent[] = [
      { method: 'GET', path: longList() },
      { method: 'GET', path: `/api/artifact/${large.id}/download` },
      { method: 'POST', path: '/api/artifact', ...upload },
    ]
    await connections.cancel(left[any(left.length)] as Sent, any(30))
    return undefined
  }
  const logInAgain = async () => {
    expectStatus(await logIn(ctx), 200)
    return undefined
  }
  const readSlowly = async () => {
    const isFile = any(2) === 0
    const path = isFile ? `/api/artifact/${large.id}/download` : longList()
    const answer = expectStatus(await connections.readSlowly({ method: 'GET', path }, BITE, PAUSE_MS), 200)
    if (
      isFile ? answer.body.length !== LARGE.length : parse(answer).results.length !== Math.min(500, amount.results / 5)
    )
      throw new Error(`a slow reader got ${answer.body.length} bytes of ${path}`)
    return undefined
  }
  return [
    { name: 'login', weight: 0.5, run: logInAgain },
    { name: 'errors', weight: 30, run: createErrors(ctx) },
    { name: 'cancelled', weight: 15, run: leave },
    { name: 'slow-reader', weight: 2, background: 10, run: readSlowly },
  ]
}

/** Logs in; the answer has the token. */
export const logIn = ({ connections }: Pick<LoadContext, 'connections'>): Promise<Answer> =>
  connections.send({ method: 'POST', path: '/api/login', body: Buffer.from(JSON.stringify(admin)), token: '' })

/** Requests that are the client's fault, each with the status that it must get. */
function createErrors(ctx: LoadContext): () => Promise<undefined> {
  const post = (path: string, text: string): Sent => ({ method: 'POST', path, body: Buffer.from(text) })
  const wrong: readonly (readonly [number, () => Sent])[] = [
    [404, () => ({ method: 'GET', path: `/api/result/${randomUUID()}` })],
    [404, () => ({ method: 'GET', path: '/api/no-such-thing' })],
    [400, () => ({ method: 'GET', path: `/api/result?${filters('run_id=no-uuid')}` })],
    [400, () => ({ method: 'GET', path: `/api/result?${filters('result~[a-')}` })],
    [400, () => post('/api/result', '{"result": "passed", ')],
    [400, () => post('/api/result', '{"result": "no such result"}')],
    [415, () => post('/api/artifact', '{}')],
    [401, () => ({ method: 'GET', path: '/api/run', token: '' })],
    [401, () => ({ method: 'GET', path: `/api/run/${runId(0)}`, token: `no.such.${any(1e9)}` })],
  ]
  let turn = 0
  return async () => {
    const [status, make] = wrong[turn++ % wrong.length] as (typeof wrong)[number]
    const sent = make()
    const answer = await ctx.connections.send(sent)
    if (answer.status !== status)
      throw new Error(
        `${answer.status} instead of ${status} for ${sent.method} ${sent.path}: ${answer.body.toString().slice(0, 200)}`,
      )
    return undefined
  }
}

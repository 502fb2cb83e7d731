/** The load, in a process of its own: does what `../load.ts` tells it, message by message. */
import { openConnections } from './connections.ts'
import { createImports } from './imports.ts'
import type { LoadAnswer, LoadQuestion } from './messages.ts'
import { createOddClients, logIn } from './odd-clients.ts'
import { expectStatus, type LoadContext, type Operation, parse } from './operation.ts'
import { createPerformer, createTurns, runClosed, runOpen } from './pace.ts'
import { createReads } from './reads.ts'
import { createSessions } from './sessions.ts'
import { Tally } from './tally.ts'

const PROGRESS_MS = 10_000

let load: { ctx: LoadContext; operations: readonly Operation[] } | undefined

async function open({ url, count, amount, without }: Extract<LoadQuestion, { do: 'open' }>): Promise<LoadAnswer> {
  const connections = await openConnections(new URL(url), count)
  const ctx: LoadContext = { connections, amount, artifacts: [] }
  connections.useToken(parse(expectStatus(await logIn(ctx), 200)).token)
  const operations = [
    ...createReads(ctx),
    ...createSessions(ctx),
    ...createImports(ctx),
    ...(await createOddClients(ctx)),
  ]
  const unknown = without.find((name) => !operations.some((operation) => operation.name === name))
  if (unknown) throw new Error(`there is no operation ${unknown} to leave out`)
  load = { ctx, operations: operations.filter(({ name }) => !without.includes(name)) }
  return { did: 'open' }
}

async function run({ seconds, rate, atOnce }: Extract<LoadQuestion, { do: 'run' }>): Promise<LoadAnswer> {
  if (!load) throw new Error('nothing is open')
  const { ctx, operations } = load
  const { counts } = ctx.connections
  const tally = new Tally()
  const performer = createPerformer(tally)
  const next = createTurns(operations)
  const began = performance.now()
  const openedBefore = counts.opened
  const until = began + seconds * 1000
  const timer = setInterval(() => {
    const { total, failed } = tally
    send({ did: 'progress', seconds: (performance.now() - began) / 1000, total, failed, undone: performer.undone() })
  }, PROGRESS_MS)
  await (rate === null ? runClosed(next, performer, atOnce, until) : runOpen(next, performer, tally, { rate, until }))
  const took = (performance.now() - began) / 1000
  clearInterval(timer)
  await performer.settle()
  return {
    did: 'run',
    seconds: took,
    rate: tally.total / took,
    opened: counts.opened - openedBefore,
    outcomes: tally.read(),
  }
}

function send(answer: LoadAnswer): void {
  process.send?.(answer)
}

process.on('message', (question: LoadQuestion) => {
  const work = question.do === 'open' ? open(question) : run(question)
  work.then(send, (error: Error) => send({ did: 'fail', message: error.message }))
})
// Its starter is gone.
process.on('disconnect', () => process.exit())

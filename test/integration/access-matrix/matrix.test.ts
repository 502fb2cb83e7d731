import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OperationId, operationIds, operations } from '../../../generated/operations.ts'
import type { TestAnswer, TestServer } from '../../helpers/server.ts'
import { accountRequests } from './account-requests.ts'
import { boardRequests } from './board-requests.ts'
import { contentRequests } from './content-requests.ts'
import { readExpectations } from './expectations.ts'
import { listRequests, widgetRequests } from './list-requests.ts'
import { type Prepare, pathOf, type Requests, type Subject } from './requests.ts'
import { readForeignTraces, readTraces } from './traces.ts'
import {
  type Caller,
  callers,
  createWorld,
  leaksTo,
  secretsIn,
  sendAs,
  startMatrixServer,
  type World,
} from './world.ts'

/*
 * Who may do what: each line of test/fixtures/access.csv is an operation, what its request names, and the answer that each
 * of eight callers gets. The file is written by hand from the contract; nothing here looks at the server's own table.
 *
 * Besides the answers: what was refused has changed nothing in the database, what an ordinary account was granted nothing
 * in the foreign project, and no answer shows content of a project that its caller has no access to. Lists and widgets are
 * in lists.test.ts.
 */
const expectations = await readExpectations()
const requests: Requests = { ...accountRequests, ...contentRequests, ...boardRequests }

/** The kinds of an operation's requests, from here and from lists.test.ts. */
const kindsOf = (operation: OperationId): string[] =>
  operation === 'getWidget'
    ? Object.keys(widgetRequests)
    : Object.keys(requests[operation] ?? listRequests[operation]?.requests ?? {})

let server: TestServer
let world: World

beforeAll(async () => {
  server = await startMatrixServer(false)
  world = await createWorld(server)
  // What works in the background must not be taken for a trace of a refused request.
  await server.ctx.recounts.close()
})
afterAll(() => server?.close())

describe('test/fixtures/access.csv', () => {
  it('has lines for the operations of the spec, and for no others', () => {
    expect([...new Set(expectations.map(({ operation }) => operation))].sort()).toEqual([...operationIds].sort())
  })

  it.each(operationIds)('has one line for each request of %s', (operation) => {
    const written = expectations.filter((line) => line.operation === operation).map(({ id }) => id)
    expect(written.sort()).toEqual(kindsOf(operation).sort())
  })

  it.each(
    operationIds.filter((id) => operations[id].parameters.some(({ format, in: where }) => where === 'path' && format)),
  )('has own, foreign, unknown and malformed ids for %s', (operation) => {
    expect(kindsOf(operation)).toEqual(expect.arrayContaining(['own', 'foreign', 'unknown', 'malformed']))
  })

  it('lets nobody without a valid token do anything that the spec secures', () => {
    const secured = expectations.filter(({ operation }) => operations[operation as OperationId].secured)
    const open = secured.filter(({ answers: { anonymous, expired, deleted, deactivated } }) =>
      [anonymous, expired, deleted, deactivated].some((answer) => answer !== '401'),
    )
    expect(open).toEqual([])
    process.stdout.write(`access matrix: ${expectations.length} lines, ${expectations.length * callers.length} cells\n`)
  })
})

describe.each(operationIds.filter((id) => requests[id] !== undefined))('%s', (operation) => {
  it.each(expectations.filter((line) => line.operation === operation))('$id', async ({ id, answers }) => {
    const prepare = requests[operation]?.[id] as Prepare
    const subjects = new Map<Caller, Subject>()
    for (const caller of callers) subjects.set(caller, (await prepare(world, caller)) as Subject)
    const seen: Record<string, string> = {}
    const ask = async (wanted: (caller: Caller) => boolean) => {
      for (const caller of callers.filter(wanted)) {
        seen[caller] = await answerOf(operation, caller, subjects.get(caller) as Subject)
      }
    }
    const isRefused = (caller: Caller) => Number.parseInt(answers[caller], 10) >= 400
    const writes = operations[operation].method !== 'GET'
    const before = writes && (await readTraces(world))
    await ask(isRefused)
    expect(writes && (await readTraces(world))).toEqual(before)
    const foreign = writes && (await readForeignTraces(world))
    await ask((caller) => !isRefused(caller) && caller !== 'superadmin')
    expect(writes && (await readForeignTraces(world))).toEqual(foreign)
    await ask((caller) => !isRefused(caller) && caller === 'superadmin')
    expect(seen).toEqual(answers)
  })
})

/** The status, and `text` beside a 401 that is not about the token. */
async function answerOf(operation: OperationId, caller: Caller, subject: Subject): Promise<string> {
  const answer = await sendAs(world, caller, operations[operation].method, pathOf(operation, subject), subject)
  expect({ caller, leaks: leaksTo(caller, answer.text) }).toEqual({ caller, leaks: [] })
  expect({ caller, secrets: secretsIn(answer.text) }).toEqual({ caller, secrets: [] })
  const isText = answer.status === 401 && operations[operation].secured && !isProblem(answer)
  return isText ? '401 text' : String(answer.status)
}

const isProblem = ({ type, body }: TestAnswer) => type === 'application/problem+json' && body.status === 401

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OperationId, operations } from '../../../generated/operations.ts'
import { eventually, type TestAnswer, type TestServer } from '../../helpers/server.ts'
import { type Expectation, readExpectations } from './expectations.ts'
import { type ListRequests, listRequests, widgetQueries, widgetRequests } from './list-requests.ts'
import { idsOf, populate } from './populate.ts'
import { type Prepare, pathOf, projectId, type Subject } from './requests.ts'
import {
  type Caller,
  callers,
  createWorld,
  isShown,
  leaksTo,
  secretsIn,
  sendAs,
  startMatrixServer,
  type World,
} from './world.ts'

/*
 * The lines of test/fixtures/access.csv about lists and widgets. Every list is read by every caller, and its rows must be
 * exactly those of the places that the line names: no foreign row is there, and none of one's own is missing.
 */
const expectations = await readExpectations()
let server: TestServer
let world: World

beforeAll(async () => {
  server = await startMatrixServer(true)
  world = await createWorld(server)
  await populate(world)
})
afterAll(() => server?.close())

describe.each(linesOf((operation) => listRequests[operation] !== undefined))('$operation', ({ operation, lines }) => {
  const list = listRequests[operation] as ListRequests

  it.each(lines)('$id', async ({ id, answers }) => {
    const seen = Object.fromEntries(
      await Promise.all(callers.map(async (caller) => [caller, await readList(operation, list, id, caller)])),
    )
    expect(seen).toEqual(mapAnswers(answers, (answer) => inIds(list, answer)))
  })
})

describe('getWidget', () => {
  it.each(expectations.filter(({ operation }) => operation === 'getWidget'))('$id', async ({ id, answers }) => {
    const prepare = widgetRequests[id] as Prepare
    for (const caller of callers) {
      for (const subject of [await prepare(world, caller)].flat()) {
        const type = subject.params?.id
        const { status, text } = await sendAs(world, caller, 'GET', pathOf('getWidget', subject), subject)
        expect({ caller, type, answer: String(status) }).toEqual({ caller, type, answer: answers[caller] })
        expect({ caller, type, leaks: leaksTo(caller, text) }).toEqual({ caller, type, leaks: [] })
      }
    }
  })

  // Else the test above would find no leak wherever a widget shows nothing.
  it('shows a project’s content where it may be seen', async () => {
    const blind = ['accessibility-analysis-view', 'jenkins-analysis-view']
    for (const [type, queryOf] of Object.entries(widgetQueries)) {
      const named: [string, string][] = [['project', projectId(world, 'ours')]]
      const takesProject = !['accessibility-bar-chart', 'compare-runs-view'].includes(type)
      const query = [...(takesProject ? named : []), ...queryOf(world)]
      const { text } = await server.send('GET', `/api/widget/${type}`, { as: 'member', query })
      expect([type, isShown('ours', text)]).toEqual([type, !blind.includes(type)])
    }
  })
})

/** What a caller got: the status, and for an accepted request which rows. */
async function readList(operation: OperationId, list: ListRequests, id: string, caller: Caller): Promise<string[]> {
  const subject = (await list.requests[id]?.(world, caller)) as Subject
  const asked = await sendAs(world, caller, operations[operation].method, pathOf(operation, subject), subject)
  const answer = asked.status === 201 ? await readTask(caller, asked.body.task_id) : asked
  expect({ caller, leaks: leaksTo(caller, asked.text + answer.text) }).toEqual({ caller, leaks: [] })
  expect({ caller, secrets: secretsIn(asked.text + answer.text) }).toEqual({ caller, secrets: [] })
  if (answer.status >= 300) return [String(answer.status)]
  const ids: string[] = answer.body[list.rows].map((row: { id: string }) => row.id)
  expect({ caller, totalItems: answer.body.pagination.totalItems }).toEqual({ caller, totalItems: ids.length })
  return [String(asked.status), ...ids.sort()]
}

function readTask(caller: Caller, id: string): Promise<TestAnswer> {
  const ask = () => sendAs(world, caller, 'GET', `/api/task/${id}`, {})
  return eventually(ask, ({ status }) => status !== 206)
}

/** `200 ours+none` as the status and the ids of those rows. */
function inIds({ table }: ListRequests, answer: string): string[] {
  const status = answer.slice(0, 3)
  const names = answer.slice(4)
  if (names === '') return [status]
  return [status, ...idsOf(world, table, names === 'all' ? undefined : names.split('+')).sort()]
}

function mapAnswers<T>(answers: Expectation['answers'], map: (answer: string) => T): Record<string, T> {
  return Object.fromEntries(callers.map((caller) => [caller, map(answers[caller])]))
}

function linesOf(wanted: (operation: OperationId) => boolean) {
  const named = [...new Set(expectations.map(({ operation }) => operation as OperationId))].filter(wanted)
  return named.map((operation) => ({
    operation,
    lines: expectations.filter((expectation) => expectation.operation === operation),
  }))
}

import { setTimeout as sleep } from 'node:timers/promises'
import { projectId } from '../seed.ts'
import {
  ask,
  expectContent,
  expectStatus,
  filters,
  form,
  type LoadContext,
  type Operation,
  parse,
} from './operation.ts'

const CASES = 300
const POLL_MS = 250
const PATIENCE_MS = 120_000

/** Small JUnit files, each from its upload until every result is there. */
export function createImports(ctx: LoadContext): Operation[] {
  const content = Buffer.from(junit())
  return [{ name: 'import', weight: 0.2, background: 2, run: () => importFile(ctx, content) }]
}

async function importFile(ctx: LoadContext, content: Buffer): Promise<undefined> {
  const sent = form({ project: 'bench-0' }, { field: 'importFile', name: 'soak.xml', content })
  const { id } = parse(
    expectStatus(await ctx.connections.send({ method: 'POST', path: '/api/import', ...sent }), 201, 202),
  )
  const end = performance.now() + PATIENCE_MS
  let state = await ask(ctx, 'GET', `/api/import/${id}`)
  while (!['done', 'error'].includes(parse(state).status) && performance.now() < end) {
    await sleep(POLL_MS)
    state = await ask(ctx, 'GET', `/api/import/${id}`)
  }
  expectContent(state, parse(state).status === 'done')
  const [run] = [parse(state).metadata.run_id].flat()
  const there = await ask(
    ctx,
    'GET',
    `/api/result?${filters(`project_id=${projectId(0)}`, `run_id=${run}`)}&pageSize=1`,
  )
  expectContent(there, parse(there).pagination.totalItems === CASES)
}

function junit(): string {
  const cases = Array.from({ length: CASES }, (_, i) => {
    const failure = i % 10 ? '' : '<failure message="assert 1 == 2" type="AssertionError">Traceback</failure>'
    return `<testcase classname="pkg.Class${i % 50}" name="test_case_${i}" time="0.1">${failure}<system-out>a line of output</system-out></testcase>`
  })
  return `<testsuites><testsuite name="soak" tests="${CASES}">\n${cases.join('\n')}\n</testsuite></testsuites>`
}

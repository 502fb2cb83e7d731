import type { Random } from '../../process/helpers/seeded-random.ts'
import { contentOf, isContested, OUTCOMES, VARIANTS, type World } from './contents.ts'
import { type FinalStates, type Operation, type Outcome, type State, stateOf } from './history.ts'
import { createLossyClient, type LossyAnswer, type LossyClient } from './lossy-client.ts'

/** How often a client cuts its connection, and how long after it has sent everything: a commit takes some ms. */
const LOST = 0.15
const LONGEST_CUT_MS = 12

type Body = Readonly<Record<string, unknown>>

/** What a client is about to do; see Operation. */
interface Plan extends Pick<Operation, 'kind' | 'variant' | 'run' | 'mark' | 'sets'> {
  readonly objects: readonly string[]
  readonly method: string
  readonly path: string
  readonly body?: Body
  /** Whether it is sent again as it is after a lost answer. */
  readonly repeats: boolean
  /** A create that is sent again though it was answered. */
  readonly replays?: boolean
}

export interface Writers {
  readonly url: string
  readonly token: string
  readonly world: World
  readonly clients: number
  readonly operations: number
}

/** Lets all clients work at once; gives what they did, and answers that none of them should ever get. */
export async function write(
  { url, token, world, clients, operations }: Writers,
  random: (client: number) => Random,
): Promise<{ history: Operation[]; strange: string[] }> {
  const history: Operation[] = []
  const strange: string[] = []
  const work = async (client: number) => {
    const own = random(client)
    const connection = createLossyClient(Number(new URL(url).port), token)
    for (let n = 0; n < operations; n++) {
      const name = `${client}.${n}`
      const plan = planOne(own, world, name, n)
      history.push(await carryOut(connection, own, plan, name, strange))
      if (plan.replays) history.push(await carryOut(connection, own, plan, `${name} replayed`, strange))
    }
    connection.close()
  }
  await Promise.all(Array.from({ length: clients }, (_, client) => work(client)))
  return { history, strange }
}

function planOne(random: Random, world: World, name: string, n: number): Plan {
  const dice = random.next()
  const object = dice < 0.45 || n === 0 ? random.pick(world.runs) : random.pick([...world.results.keys()])
  const path = `/api/${world.results.has(object) ? 'result' : 'run'}`
  if (n === 0 || random.next() < 0.2) return planCreate(random, world, object, path)
  const next = random.next()
  if (next < 0.15) return { kind: 'read', objects: [object], method: 'GET', path: `${path}/${object}`, repeats: false }
  if (next < 0.25) return planFill(random, world, name)
  return planWrite(random, world, object, path, name)
}

function planCreate(random: Random, world: World, object: string, path: string): Plan {
  const variant = random.pick([0, 0, 0, 0, 0, 0, 1, 1, VARIANTS - 1])
  const run = world.results.get(object)
  const body = contentOf(world, object, variant)
  const replays = random.next() < 0.3
  return {
    kind: 'create',
    objects: [object],
    method: 'POST',
    path,
    body,
    variant,
    repeats: true,
    replays,
    ...(run ? { run } : {}),
  }
}

/** One fill of all runs at once: a key of its own, and one that only the first of all fills sets. */
function planFill(random: Random, world: World, name: string): Plan {
  const mark = `mark-${name}`
  const sets = { [`fill-${random.between(0, 3)}`]: name }
  const path = `/api/runs/bulk-update?pageSize=25&filter=metadata.group%3D${world.group}`
  return {
    kind: 'fill',
    objects: [],
    method: 'POST',
    path,
    body: { metadata: { [mark]: 1, ...sets } },
    mark,
    sets,
    repeats: false,
  }
}

function planWrite(random: Random, world: World, object: string, path: string, name: string): Plan {
  const shared = { kind: 'write', objects: [object], method: 'PUT', path: `${path}/${object}` } as const
  const mark = `mark-${name}`
  const dice = random.next()
  if (dice < 0.25) return { ...shared, mark, body: { metadata: { [mark]: 1 } }, repeats: true }
  if (dice < 0.4) {
    const sets = { [`again-${random.between(0, 1)}`]: name }
    return { ...shared, sets, body: { metadata: sets }, repeats: true }
  }
  const sets: Record<string, string> = { [`common-${random.between(0, 2)}`]: name }
  const columns: Record<string, string | number> = {}
  let run: string | undefined
  if (random.next() < 0.4) {
    if (!world.results.has(object)) columns.component = name
    else if (!isContested(world, object)) columns.duration = random.between(1, 1_000)
    else if (random.next() < 0.5) columns.result = random.pick(OUTCOMES)
    else {
      run = random.pick(world.runs)
      columns.run_id = run
    }
  }
  const body = { ...columns, metadata: { [mark]: 1, ...sets } }
  for (const [column, value] of Object.entries(columns)) sets[column] = String(value)
  return { ...shared, mark, sets, body, repeats: false, ...(run ? { run } : {}) }
}

async function carryOut(
  connection: LossyClient,
  random: Random,
  { method, path, body, objects, repeats, replays: _replays, ...plan }: Plan,
  name: string,
  strange: string[],
): Promise<Operation> {
  const begun = performance.now()
  let answer: LossyAnswer | null = null
  let tries = 0
  do {
    tries++
    const isLost = plan.kind !== 'read' && tries < 4 && random.next() < LOST
    answer = await connection.ask(method, path, body, isLost ? random.next() * LONGEST_CUT_MS : undefined)
  } while (!answer && repeats)
  const known = outcomeOf(answer)
  // One that was lost before may still take place after this answer.
  const outcome = tries > 1 && known !== 'done' ? 'unknown' : known
  if (!known) strange.push(`${name} ${method} ${path}: ${answer?.status} ${answer?.text.slice(0, 300)}`)
  const seen = answer && outcome === 'done' ? readStates(plan.kind, JSON.parse(answer.text)) : {}
  return {
    ...plan,
    name,
    objects: plan.kind === 'fill' ? Object.keys(seen) : objects,
    begun,
    ended: outcome && outcome !== 'unknown' ? performance.now() : Number.POSITIVE_INFINITY,
    outcome: outcome ?? 'unknown',
    repeated: tries > 1,
    seen,
  }
}

/** Null for an answer that no client should get. */
function outcomeOf(answer: LossyAnswer | null): Outcome | null {
  if (!answer) return 'unknown'
  const { status, text } = answer
  if (status === 200 || status === 201) return 'done'
  if (status === 404) return 'missing'
  if (status === 400 && /already exist/.test(text)) return 'refused'
  return status === 400 && /^"The run .* does not exist"$/.test(text) ? 'no run' : null
}

function readStates(kind: Plan['kind'], body: Body): Record<string, State> {
  const shown = kind === 'fill' ? (body.runs as Body[]) : [body]
  return Object.fromEntries(shown.map((object) => [object.id as string, stateOf(object)]))
}

/** Every object as it is now; those that are not there are left out. */
export async function readAll({ url, token, world }: Writers): Promise<FinalStates> {
  const connection = createLossyClient(Number(new URL(url).port), token)
  const states: Record<string, State> = {}
  for (const [what, ids] of [['run', world.runs] as const, ['result', world.results.keys()] as const]) {
    for (const id of ids) {
      const answer = await connection.ask('GET', `/api/${what}/${id}`, undefined)
      if (answer?.status === 200) states[id] = stateOf(JSON.parse(answer.text))
      else if (answer?.status !== 404) throw new Error(`${what} ${id}: ${answer?.status} ${answer?.text}`)
    }
  }
  connection.close()
  return states
}

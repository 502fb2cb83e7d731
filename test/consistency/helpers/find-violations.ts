import { type FinalStates, IDENTITY, isAgain, type Operation, type State } from './history.ts'
import { AGAIN, findLateMoments, type Order } from './moments.ts'

/** More writes of unknown outcome beside each other than this are not ordered in every way. */
const MOST_UNKNOWN = 6

/**
 * Whether a history has a serial order that explains every answer and the final state, and in which nothing comes before
 * what had ended when it began. Gives one line for each thing that has no explanation.
 *
 * There is no search for the order: each write sets a metadata key of its own, so the keys that an answer shows say which
 * writes came before it. The answers of one object must form a chain. Along it, the writes are carried out here too, and
 * must give what each answer shows. At last every operation gets a moment, as early as its beginning and the orders of all
 * its objects allow; none may be after its end.
 */
export function findViolations(
  history: readonly Operation[],
  final: FinalStates,
  contents: (object: string, variant: number) => State['fields'],
): string[] {
  const objects = new Set([...history.flatMap((operation) => operation.objects), ...Object.keys(final)])
  const fills = history.filter(({ kind }) => kind === 'fill')
  const order: Order = { operations: history, before: new Map(), creations: new Map() }
  const violations: string[] = []
  for (const object of objects) {
    const own = history.filter((operation) => operation.objects.includes(object))
    const lost = fills.filter(({ outcome }) => outcome === 'unknown')
    violations.push(...checkObject(object, { own, lost, final: final[object], contents }, order))
  }
  violations.push(...fills.flatMap((fill) => missedRuns(fill, history)))
  return violations.length > 0 ? violations : findLateMoments(order)
}

interface Story {
  readonly own: readonly Operation[]
  /** Fills that may have reached it. */
  readonly lost: readonly Operation[]
  readonly final: State | undefined
  readonly contents: (object: string, variant: number) => State['fields']
}

function checkObject(object: string, { own, lost, final, contents }: Story, order: Order): string[] {
  const creates = own.filter(({ kind }) => kind === 'create')
  const done = own.filter(({ outcome }) => outcome === 'done')
  if (!final) return done.map(({ name }) => `${name} was acknowledged, and ${object} is gone`)
  const variant = Number(final.fields.variant)
  const violations = creates.flatMap((create) => wrongAnswer(create, variant, own))
  const makers = creates.filter(
    (create) => create.variant === variant && (create.outcome === 'done' || create.outcome === 'unknown'),
  )
  if (makers.length === 0) violations.push(`${object} has a content that nobody sent, or that was refused`)
  order.creations.set(object, { makers, missing: own.filter(({ outcome }) => outcome === 'missing') })
  violations.push(...lostWrites(object, done, final), ...againViolations(object, own, final))
  if (violations.length > 0) return violations
  return walk(object, [...own, ...lost], final, contents(object, variant), order)
}

/** A create that should have been refused, or should not. */
function wrongAnswer(create: Operation, variant: number, own: readonly Operation[]): string[] {
  const { name, outcome, ended } = create
  const isSame = create.variant === variant
  if (outcome === 'done' && !isSame) return [`${name} was acknowledged, but variant ${variant} is stored`]
  const contested = own.some(
    ({ kind, sets, begun }) => kind === 'write' && begun < ended && IDENTITY.some((field) => field in (sets ?? {})),
  )
  if (outcome === 'refused' && isSame && !contested) return [`${name} was refused, though it is what is stored`]
  return []
}

function lostWrites(object: string, done: readonly Operation[], final: State): string[] {
  return done.flatMap(({ name, mark }) =>
    mark && !final.marks.includes(mark) ? [`${name} was acknowledged, and its key is not in ${object}`] : [],
  )
}

/**
 * Keys of writes that were sent twice, where an answer does not tell which of the two came when: the value at the end must
 * be of a write that may have come last.
 */
function againViolations(object: string, own: readonly Operation[], final: State): string[] {
  return Object.entries(final.fields).flatMap(([field, value]) => {
    if (!isAgain(field)) return []
    const writes = own.filter(({ sets, outcome }) => sets?.[field] && (outcome === 'done' || outcome === 'unknown'))
    const writer = writes.find(({ sets }) => sets?.[field] === value)
    if (!writer) return [`${field} of ${object} is ${value}, which nobody wrote`]
    const later = writes.find(({ outcome, begun }) => outcome === 'done' && !writer.repeated && begun > writer.ended)
    return later ? [`${field} of ${object} is of ${writer.name}, though ${later.name} came after it`] : []
  })
}

/** Follows the chain of an object's answers, and notes what it says of the order. */
function walk(
  object: string,
  operations: readonly Operation[],
  final: State,
  initial: State['fields'],
  order: Order,
): string[] {
  const answers = operations
    .flatMap((operation) => {
      const state = operation.seen[object]
      return state ? [{ name: operation.name, operation, state }] : []
    })
    .sort((a, b) => a.state.marks.length - b.state.marks.length || rank(a.operation) - rank(b.operation))
  const writers = new Map(operations.flatMap((operation) => (operation.mark ? [[operation.mark, operation]] : [])))
  let shown = new Set<string>()
  let fields: State['fields'] = initial
  let last: string[] = [object]
  let readers: string[] = []
  for (const { name, operation, state } of [...answers, { name: 'the last look', operation: null, state: final }]) {
    const added = state.marks.filter((mark) => !shown.has(mark))
    const where = `${name} shows of ${object}`
    if (shown.size + added.length !== state.marks.length) return [`${where} less than an answer before it`]
    const writes = added.map((mark) => writers.get(mark))
    const unsent = added.find((mark) => !writers.has(mark))
    if (unsent) return [`${where} ${unsent}, which nobody sent`]
    // Its own write is the last that an answer shows, but of one that was sent twice it may have been the first of both.
    const newest = operation?.mark && !operation.repeated && added.includes(operation.mark) ? operation : null
    const explained = explain(fields, writes as Operation[], newest, state.fields)
    if (!explained) return [`${where} ${JSON.stringify(state.fields)}, which no order of ${describe(writes)} gives`]
    const others = explained.writes.filter((write) => write !== newest).map((write) => write.name)
    // Which of those without an answer came first may be told by no object, or by another one.
    for (const steps of [others, newest ? [newest.name] : []]) {
      if (steps.length === 0) continue
      for (const step of steps) for (const earlier of [...last, ...readers]) addEdge(order, earlier, step)
      last = steps
      readers = []
    }
    const isSecond = operation?.repeated && operation.mark
    if (operation && (isSecond || !last.includes(operation.name))) {
      const reader = isSecond ? name + AGAIN : name
      for (const earlier of last) addEdge(order, earlier, reader)
      readers.push(reader)
    }
    shown = new Set(state.marks)
    fields = explained.fields
  }
  for (const { name, kind, outcome } of operations) {
    if (kind === 'create' && outcome === 'refused') addEdge(order, object, name)
  }
  return []
}

/** Of answers that show the same, that of a write which was sent once comes first: it tells more. */
const rank = ({ mark, repeated }: Operation) => (mark && !repeated ? 0 : 1)

/** An order of writes that leads from one state to the next; null when there is none. */
function explain(
  fields: State['fields'],
  writes: readonly Operation[],
  newest: Operation | null,
  wanted: State['fields'],
): { writes: readonly Operation[]; fields: State['fields'] } | null {
  const others = writes.filter((write) => write !== newest).sort((a, b) => a.begun - b.begun)
  if (others.length > MOST_UNKNOWN) throw new Error(`${others.length} writes without an answer beside each other`)
  for (const sequence of permutations(others)) {
    const all = newest ? [...sequence, newest] : sequence
    const state = all.reduce(apply, fields)
    if (isSame(state, wanted)) return { writes: all, fields: state }
  }
  return null
}

function apply(fields: State['fields'], { kind, sets = {} }: Operation): State['fields'] {
  return kind === 'fill' ? { ...sets, ...fields } : { ...fields, ...sets }
}

function isSame(one: State['fields'], other: State['fields']): boolean {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].every(
    (field) => isAgain(field) || one[field] === other[field],
  )
}

function* permutations<T>(list: readonly T[]): Generator<readonly T[]> {
  if (list.length < 2) yield list
  else {
    for (const [index, first] of list.entries()) {
      for (const rest of permutations(list.toSpliced(index, 1))) yield [first, ...rest]
    }
  }
}

/** A fill reaches every run that was acknowledged before it began. */
function missedRuns(fill: Operation, history: readonly Operation[]): string[] {
  if (fill.outcome !== 'done' && fill.outcome !== 'missing') return []
  return history.flatMap(({ kind, outcome, ended, objects: [object = ''], run, name }) =>
    kind === 'create' && !run && outcome === 'done' && ended < fill.begun && !fill.objects.includes(object)
      ? [`${fill.name} has left out ${object}, which ${name} had made before`]
      : [],
  )
}

function addEdge({ before }: Order, earlier: string, later: string): void {
  const found = before.get(later) ?? new Set()
  found.add(earlier)
  before.set(later, found)
}

const describe = (writes: readonly (Operation | undefined)[]) =>
  writes.map((write) => `${write?.name} ${JSON.stringify(write?.sets ?? {})}`).join(', ') || 'no writes'

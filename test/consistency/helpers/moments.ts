import type { Operation } from './history.ts'

/** What must come before what, found from the answers. Creations go by the object's id, operations by their names. */
export interface Order {
  readonly operations: readonly Operation[]
  /** By what comes later: what must come before it. */
  readonly before: Map<string, Set<string>>
  /** Who may have made an object, and who had not found it. */
  readonly creations: Map<string, { readonly makers: readonly Operation[]; readonly missing: readonly Operation[] }>
}

/** At the end of the name of a write that was sent twice: what its answer shows, which may be later than what it wrote. */
export const AGAIN = ' (again)'

/**
 * Gives everything the earliest moment that the order and its beginning allow, and tells what comes after its end: then
 * there is no serial order that agrees with the clock. A circle has no moments at all.
 */
export function findLateMoments({ operations, before, creations }: Order): string[] {
  const byName = new Map(operations.map((operation) => [operation.name, operation]))
  const moments = new Map<string, number>()
  const open = new Set<string>()
  const late: string[] = []

  const describe = (name: string): string => {
    const { kind, outcome, repeated } = byName.get(name.replace(AGAIN, '')) ?? {}
    return kind ? `${name} (${outcome} ${kind}${repeated ? ', repeated' : ''})` : name
  }
  const momentOf = (name: string): number => {
    const known = moments.get(name)
    if (known !== undefined) return known
    if (open.has(name)) {
      late.push(
        `${name} comes before itself: ${[...open]
          .slice([...open].indexOf(name))
          .map(describe)
          .join(' after ')}`,
      )
      return Number.NEGATIVE_INFINITY
    }
    open.add(name)
    const operation = byName.get(name.replace(AGAIN, ''))
    const earliest = Math.max(...[...earlierThan(name)].map(momentOf), operation?.begun ?? Number.NEGATIVE_INFINITY)
    const moment = operation ? earliest : creationAt(name, earliest)
    open.delete(name)
    moments.set(name, moment)
    if (operation && moment > operation.ended) {
      late.push(`${name} had ended ${(moment - operation.ended).toFixed(1)} ms before what its answer tells of began`)
    }
    return moment
  }
  const earlierThan = (name: string): Set<string> => {
    const names = new Set(before.get(name))
    for (const { name: missed } of creations.get(name)?.missing ?? []) names.add(missed)
    // Results that were refused for lack of their run came before it.
    if (creations.has(name)) {
      for (const { outcome, run, name: refused } of operations) {
        if (outcome === 'no run' && run === name) names.add(refused)
      }
    }
    const { run, outcome } = byName.get(name) ?? creations.get(name)?.makers[0] ?? {}
    if (run && (outcome === 'done' || outcome === 'unknown') && creations.has(run)) names.add(run)
    return names
  }
  const creationAt = (object: string, earliest: number): number => {
    const makers = creations.get(object)?.makers ?? []
    const moment = Math.min(
      ...makers.filter(({ ended }) => ended >= earliest).map(({ begun }) => Math.max(begun, earliest)),
    )
    if (moment !== Number.POSITIVE_INFINITY) return moment
    late.push(`${object} was not there yet when every create of it had ended`)
    return earliest
  }

  // Early ones first, so that no chain of what is still unknown gets long.
  for (const { name, outcome } of operations.toSorted((a, b) => a.begun - b.begun)) {
    if (outcome !== 'unknown' || before.has(name)) momentOf(name)
    if (before.has(name + AGAIN)) momentOf(name + AGAIN)
  }
  return late
}

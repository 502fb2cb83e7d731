import { operationIds } from '../../generated/operations.ts'

/** How often each operation was answered, by phase and by status. */
export interface Tally {
  readonly total: number
  readonly operations: ReadonlyMap<string, OperationTally>
}

interface OperationTally {
  readonly phases: Map<string, number>
  readonly statuses: Map<number, number>
}

export const PHASES = ['examples', 'coverage', 'fuzzing', 'stateful'] as const

/** Operations that no request of ours can succeed in: a provider has to vouch for the caller, or a mail to bring a code. */
const NEEDS_OTHERS = new Set(['auth', 'authWithoutPrefix', 'startLogin', 'resetPassword'])

/** Reads the lines `[operationId, phase, status]` that hooks.py writes. */
export function readTally(lines: string): Tally {
  const operations = new Map<string, OperationTally>()
  let total = 0
  for (const line of lines.split('\n')) {
    if (line === '') continue
    const [id, phase, status] = JSON.parse(line) as [string, string, number]
    const known = operations.get(id) ?? { phases: new Map(), statuses: new Map() }
    operations.set(id, known)
    count(known.phases, phase)
    count(known.statuses, status)
    total++
  }
  return { total, operations }
}

function count<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

/** Operations that never did what they are for, so that nothing can be said about their answers. */
export function unreached({ operations }: Tally): string[] {
  return operationIds.filter((id) => {
    const statuses = [...(operations.get(id)?.statuses.keys() ?? [])]
    return !statuses.some((status) => status < 400 || (NEEDS_OTHERS.has(id) && status < 500))
  })
}

export function printTally({ operations }: Tally): string {
  const rows = operationIds.map((id) => {
    const { phases, statuses } = operations.get(id) ?? { phases: new Map(), statuses: new Map() }
    const counts = PHASES.map((phase) => String(phases.get(phase) ?? 0).padStart(9))
    const seen = [...statuses].sort(([a], [b]) => a - b).map(([status, times]) => `${status}×${times}`)
    return `${id.padEnd(22)}${counts.join('')}  ${seen.join(' ')}`
  })
  const sums = PHASES.map((phase) => {
    const sum = [...operations.values()].reduce((all, { phases }) => all + (phases.get(phase) ?? 0), 0)
    return String(sum).padStart(9)
  })
  const head = `${'operation'.padEnd(22)}${PHASES.map((phase) => phase.padStart(9)).join('')}  answers`
  return ['', head, ...rows, `${'all'.padEnd(22)}${sums.join('')}`].join('\n')
}

import { createHash } from 'node:crypto'

export type Outcome = 'passed' | 'failed' | 'error' | 'skipped'

/** A run that a client sent, one thing after another. */
export interface SentRun {
  /** Acknowledged results by their ids, with the names of their tests, which are unique in the run. */
  readonly results: Map<string, { readonly name: string; readonly outcome: Outcome }>
  /** Results whose answers never came: there once, or not at all. */
  readonly unanswered: Set<string>
  /** What the last update that was acknowledged left in its metadata, and what an update without an answer may have. */
  stage: string
  unansweredStage: string | undefined
}

export interface SentFile {
  readonly owner: 'result_id' | 'run_id'
  readonly ownerId: string
  readonly filename: string
  readonly bytes: Buffer
}

/** A file with results, whose run is read from it. */
export interface SentImport {
  readonly runId: string
  readonly cases: ReadonlyMap<string, Outcome>
  /** What each result has as an artifact, by the name of the test; null: its length is not ours to know. */
  readonly artifacts: ReadonlyMap<string, string | null>
}

/**
 * What clients were told and what they were not. What the server has said 201 or 200 to, it may not lose; what it has not
 * answered may be there or not, but never twice.
 */
export interface Ledger {
  readonly projectId: string
  /** Runs that were acknowledged. */
  readonly runs: Map<string, SentRun>
  /** Acknowledged artifacts by their ids. */
  readonly artifacts: Map<string, SentFile>
  /** How often each artifact was sent, by owner and file name: the server gives it an id, so a lost answer may double it. */
  readonly artifactTries: Map<string, number>
  /** Acknowledged imports by their ids. */
  readonly imports: Map<string, SentImport>
  readonly unansweredImports: SentImport[]
  readonly tokens: Map<string, { readonly token: string; state: 'works' | 'deleted' | 'unknown' }>
  /** The project's title: the last that was acknowledged, and those whose answers never came. */
  readonly titles: { acknowledged: string; readonly unanswered: string[] }
  /** What a reader could not find although it was acknowledged, and tokens that were not as they must be. */
  readonly missed: string[]
  /** Answers by operation and status, `POST result 201`, and what came instead of an answer: `POST result ECONNRESET`. */
  readonly answers: Map<string, number>
  /** Answers of 5xx and other refusals, with their texts. */
  readonly refusals: string[]
  acknowledged: number
}

export const createLedger = (projectId: string, title: string): Ledger => ({
  projectId,
  runs: new Map(),
  artifacts: new Map(),
  artifactTries: new Map(),
  imports: new Map(),
  unansweredImports: [],
  tokens: new Map(),
  titles: { acknowledged: title, unanswered: [] },
  missed: [],
  answers: new Map(),
  refusals: [],
  acknowledged: 0,
})

export const placeOf = ({ ownerId, filename }: Pick<SentFile, 'ownerId' | 'filename'>) => `${ownerId} ${filename}`
export const hashOf = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex')

/** Numbers of what was acknowledged. */
export function countAcknowledged(ledgers: readonly Ledger[]): Readonly<Record<string, number>> {
  const sum = (count: (ledger: Ledger) => number) => ledgers.reduce((total, ledger) => total + count(ledger), 0)
  return {
    runs: sum(({ runs }) => runs.size),
    results: sum(({ runs }) => [...runs.values()].reduce((total, run) => total + run.results.size, 0)),
    artifacts: sum(({ artifacts }) => artifacts.size),
    imports: sum(({ imports }) => imports.size),
    'imported results': sum(({ imports }) => [...imports.values()].reduce((total, { cases }) => total + cases.size, 0)),
    'tokens made': sum(({ tokens }) => tokens.size),
    'tokens deleted': sum(({ tokens }) => [...tokens.values()].filter(({ state }) => state === 'deleted').length),
    'project changes': sum(({ titles }) => Number(/\d+$/.exec(titles.acknowledged)?.[0] ?? 0)),
  }
}

/** Adds up what `pattern` matches among the answers. */
export function countAnswers(ledgers: readonly Ledger[], pattern: RegExp): number {
  return ledgers
    .flatMap(({ answers }) => [...answers])
    .reduce((total, [name, count]) => total + (pattern.test(name) ? count : 0), 0)
}

export const describeCounts = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ')

/** How an operation ended, as far as its client knows. */
export type Outcome =
  /** 200 or 201. */
  | 'done'
  /** 400: the id is taken by something else. */
  | 'refused'
  /** 404. */
  | 'missing'
  /** 400: the run of the result is not there. */
  | 'no run'
  /** The client has cut its connection. */
  | 'unknown'

/** What an answer showed of an object. */
export interface State {
  /** Metadata keys that one write each has set: who has written so far. */
  readonly marks: readonly string[]
  /** Columns, and metadata keys that many writes set. */
  readonly fields: Readonly<Record<string, string>>
}

/** One thing that a client wanted, however often it was sent. Moments are of one clock, in ms. */
export interface Operation {
  readonly name: string
  readonly kind: 'create' | 'write' | 'fill' | 'read'
  /** The ids of the objects; of a fill those that its answer shows, none when there was no answer. */
  readonly objects: readonly string[]
  readonly begun: number
  /** Infinity when it may still take place. */
  readonly ended: number
  readonly outcome: Outcome
  /** Which of an id's contents a create sends. */
  readonly variant?: number
  /** The run that a result is created in. */
  readonly run?: string
  /** The key that this write alone sets; one that was sent twice sets it twice. */
  readonly mark?: string
  /** What a write sets, what a fill sets where it is missing. */
  readonly sets?: Readonly<Record<string, string>>
  /** Sent again as it was, so it may have taken place twice. */
  readonly repeated?: boolean
  /** By object. */
  readonly seen: Readonly<Record<string, State>>
}

/** Objects as they were at the end, when nothing was on its way any more. */
export type FinalStates = Readonly<Record<string, State>>

/** Fields that a repeated write sets: only their last value is checked (see findViolations). */
export const isAgain = (field: string) => field.startsWith('again-')
/** Fields by which a create is told from another one, and that writes change: it may be refused then (D11). */
export const IDENTITY: readonly string[] = ['result', 'run_id']

const COLUMNS = ['source', 'component', 'test_id', 'result', 'duration', 'run_id']

/** What an answer about a run or a result shows, but for what the server counts by itself. */
export function stateOf(body: Readonly<Record<string, unknown>>): State {
  const isResult = 'test_id' in body
  const metadata = body.metadata as Readonly<Record<string, unknown>>
  const fields: Record<string, string> = {}
  for (const name of COLUMNS) {
    if (name in body && (isResult || name !== 'duration')) fields[name] = String(body[name])
  }
  for (const [key, value] of Object.entries(metadata)) {
    if (/^(common|fill|again|variant)/.test(key)) fields[key] = String(value)
  }
  return { marks: Object.keys(metadata).filter((key) => key.startsWith('mark-')), fields }
}

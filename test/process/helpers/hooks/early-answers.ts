/*
 * Loaded before the program into every process (NODE_OPTIONS=--import): makes of web workers what a careless server is. What
 * stores runs, results, artifacts or imports (EARLY_ANSWERS says which) answers at once and is sent to the database only a
 * moment later, so a client gets its 201 before the commit. The checker of the fault rounds must find out.
 */
import { isMainThread } from 'node:worker_threads'
import pg from 'pg'

const LATE_MS = 400
const late: Readonly<Record<string, { readonly names: readonly string[]; readonly text?: RegExp }>> = {
  import: { names: ['enqueue-job'], text: /^\s*insert into (imports|import_owners) / },
  run: { names: ['insert-run'] },
  result: { names: ['insert-result', 'insert-result-of-run', 'insert-results'] },
  artifact: { names: ['insert-artifact'] },
}
const { names, text: lateText } = late[process.env.EARLY_ANSWERS ?? ''] ?? { names: [] }
const lateNames = new Set(names)

type Callback = (error: Error | null, answer: { rows: object[]; rowCount: number }) => void

const oneRow = new Set(['insert-result', 'insert-result-of-run', 'insert-run', 'insert-artifact'])

/** The rows that the program expects of a statement that went well: the ids that it stores. */
function rowsOf({ name, values }: { name?: string; values?: readonly unknown[] }): object[] {
  const [id] = values ?? []
  return Array.isArray(id) ? id.map((each) => ({ id: each })) : oneRow.has(name ?? '') ? [{ id }] : []
}

if (isMainThread && process.argv[2] === 'child' && process.argv[3] === 'web') {
  const { query } = pg.Client.prototype
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]): unknown {
    const [statement, callback] = args as [{ name?: string; text?: string; values?: unknown[] }, Callback?]
    const isLate = lateNames.has(statement?.name ?? '') || lateText?.test(statement?.text ?? '')
    if (!isLate || typeof callback !== 'function') return Reflect.apply(query, this, args)
    const rows = rowsOf(statement)
    process.nextTick(callback, null, { rows, rowCount: rows.length })
    setTimeout(() => Reflect.apply(query, this, [statement, () => undefined]), LATE_MS)
    return undefined
  } as typeof query
}

/*
 * Loaded before the program into every process (NODE_OPTIONS=--import): takes away what keeps concurrent writes
 * apart (CARELESS names it). The checker of the consistency test must find out.
 */
import { isMainThread } from 'node:worker_threads'
import pg from 'pg'

const changes: Readonly<Record<string, (text: string) => string>> = {
  /** Reads that are merged and written back lock nothing. */
  'no locks': (text) => (/^select id, project_id/.test(text) ? text.replace(' for no key update', '') : text),
  /** Any content is the one that is stored already. */
  'any content': (text) => (/^select from (runs|results)\s/.test(text) ? `${text} or id = $1` : text),
  /** Changes leave no mark for the recount; a new run does. */
  'no marks': (text) =>
    text.includes('insert into run_changes')
      ? text
          .replace(/(?<=where (run_id|r) is not null)|(?<=select id from updated)(?=$)/, ' and false')
          .replace('updated and', 'updated where')
          .replace(
            /insert into run_changes \(run_id\) select id (from runs where .*) returning run_id/,
            'select id as run_id $1',
          )
      : text,
}

const wanted = (process.env.CARELESS ?? '').split(', ').flatMap((name) => changes[name] ?? [])
const change = (text: string) => wanted.reduce((changed, one) => one(changed), text)
if (isMainThread && process.argv[2] === 'child' && wanted.length > 0) {
  const { query } = pg.Client.prototype
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]): unknown {
    const [statement, ...rest] = args as [{ text?: string } | string]
    const changed =
      typeof statement === 'object' && typeof statement.text === 'string'
        ? { ...statement, text: change(statement.text), ...('values' in statement ? { values: statement.values } : {}) }
        : statement
    return Reflect.apply(query, this, [changed, ...rest])
  } as typeof query
}

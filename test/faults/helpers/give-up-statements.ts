import { once } from 'node:events'
import { pino } from 'pino'
import { createDatabase } from '../../../src/db/database.ts'

/*
 * For a machine of a test's own: `give-up-statements.ts URL APPLICATION`. Opens two connections and says "up"; at a line on
 * stdin it sends a statement on each, which are given up when the network has been silent for a second, and tried again. Once
 * they are answered it makes both undone, and says "done" when that is answered.
 */

const [, , url = '', applicationName = ''] = process.argv
const say = (word: string) => process.stdout.write(`${word}\n`)

const db = createDatabase({
  url,
  log: pino({ level: 'silent' }),
  applicationName,
  ping: { everyMs: 200, timeoutMs: 800 },
})
const up = Promise.withResolvers<void>()
await db.listen('network', () => undefined, { onUp: () => up.resolve() })
await up.promise
await Promise.all([1, 2].map(() => db.query({ text: 'select pg_sleep(0.1)' })))
say('up')

await once(process.stdin, 'data')
await Promise.all([
  db.query({ text: 'insert into tokens values (1) on conflict do nothing' }),
  db.query({ text: `update projects set title = 'first'` }),
])
await db.query({ text: 'delete from tokens where id = 1' })
await db.query({ text: `update projects set title = 'second'` })
say('done')

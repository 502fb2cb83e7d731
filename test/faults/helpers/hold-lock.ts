/* A client that takes a lock in a transaction and never says anything again: `hold-lock.ts <url> <key>`. */
import pg from 'pg'
import { toClientConfig } from '../../../src/db/connection.ts'

const [url = '', key = ''] = process.argv.slice(2)
const client = new pg.Client(toClientConfig(url, { applicationName: 'hold lock', statementTimeoutMs: 0 }))
client.on('error', () => undefined)
await client.connect()
await client.query('begin')
await client.query(`select pg_advisory_xact_lock(${Number(key)})`)
process.stdout.write('held\n')
setInterval(() => undefined, 60_000)

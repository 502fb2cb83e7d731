import { randomUUID } from 'node:crypto'
import pg from 'pg'

/** What others had to wait for, while it watched. */
export interface LockReport {
  /** The longest that one of the short statements took, in ms, and which it was. */
  readonly slowest: { readonly ms: number; readonly statement: string }
  readonly probes: number
  /** The longest that anybody was seen to wait for a lock that a session of ours held, and what that one was doing. */
  readonly longestWait: { readonly ms: number; readonly holder: string }
}

export interface LockWatch {
  stop(): Promise<LockReport>
}

const EVERY_MS = 50
const SAMPLE_MS = 10

/**
 * Reads and writes `results`, `runs` and `artifacts` every 50 ms, each by a short statement on a connection of its own, and
 * asks PostgreSQL who waits for whom. `runs`: ids of runs that are there, which it changes in turn.
 */
export async function watchLocks(url: string, runs: readonly string[]): Promise<LockWatch> {
  let slowest = { ms: 0, statement: '' }
  let longestWait = { ms: 0, holder: '' }
  let probes = 0
  let running = true
  const connect = async (name: string) => {
    const client = new pg.Client({ connectionString: url, application_name: name })
    client.on('error', () => undefined)
    await client.connect()
    return client
  }
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
  const probe = async (statements: (n: number) => readonly (readonly [string, unknown[]])[]) => {
    const client = await connect('probe')
    for (let n = 0; running; n++) {
      for (const [statement, values] of statements(n)) {
        const began = performance.now()
        await client.query(statement, values)
        const ms = performance.now() - began
        if (ms > slowest.ms) slowest = { ms: Math.round(ms), statement }
        probes++
      }
      await pause(EVERY_MS)
    }
    await client.end()
  }
  const sample = async () => {
    const client = await connect('lock watch')
    while (running) {
      const { rows } = await client.query<{ ms: number; holder: string }>(
        `select extract(epoch from clock_timestamp() - l.waitstart) * 1000 as ms,
            h.application_name || ': ' || left(regexp_replace(h.query, '\\s+', ' ', 'g'), 120) as holder
          from pg_locks l join pg_stat_activity w on w.pid = l.pid
          cross join lateral unnest(pg_blocking_pids(l.pid)) as b (pid) join pg_stat_activity h on h.pid = b.pid
          where not l.granted and w.application_name not like 'ibutsu%'
            and (h.application_name like 'ibutsu%' or h.application_name = '')`,
      )
      for (const { ms, holder } of rows) if (ms > longestWait.ms) longestWait = { ms: Math.round(ms), holder }
      await pause(SAMPLE_MS)
    }
    await client.end()
  }
  const own = randomUUID()
  const clients = [
    probe((n) => [
      ['select id from results where run_id = $1 limit 1', [runs[n % runs.length]]],
      ['select id, summary from runs where id = $1', [runs[n % runs.length]]],
      ['select id from artifacts where run_id = $1 limit 1', [runs[n % runs.length]]],
    ]),
    // Each changes nothing that stays, but takes the locks of a write.
    probe((n) => [['update runs set duration = duration where id = $1', [runs[(n * 7) % runs.length]]]]),
    probe((n) => [
      [
        `with made as (insert into results (id, run_id, result, start_time, component) values ($1, $2, 'passed', now(), 'old') returning id)
          select id from made`,
        [own.replace(/^.{8}/, n.toString(16).padStart(8, '0')), runs[0]],
      ],
      ['delete from results where id = $1', [own.replace(/^.{8}/, n.toString(16).padStart(8, '0'))]],
    ]),
    probe((n) => [
      [
        `insert into artifacts (id, run_id, filename, upload_date) values ($1, $2, 'a.log', now())`,
        [randomUUID(), runs[n % runs.length]],
      ],
    ]),
    sample(),
  ]
  // A probe that fails must not go unseen.
  const all = Promise.all(clients)
  all.catch(() => undefined)
  return {
    async stop() {
      running = false
      await all
      return { slowest, probes, longestWait }
    },
  }
}

import { once } from 'node:events'
import { connect as connectSocket, createServer, type Socket } from 'node:net'
import { pino } from 'pino'
import sql from 'sql-template-tag'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDatabase, type Database, type DatabaseOptions } from '../../../src/db/database.ts'
import { withTransaction } from '../../../src/db/transaction.ts'
import { createTestDatabase, runSql, type TestDatabase } from '../../helpers/database.ts'

const log = pino({ level: 'silent' })
let target: TestDatabase
let db: Database

const open = (url = target.url, options: Partial<Omit<DatabaseOptions, 'url' | 'log'>> = {}) =>
  createDatabase({ url, log, applicationName: 'database-test', poolSize: 3, ...options })

beforeAll(async () => {
  target = await createTestDatabase()
  db = open()
  await db.query({ text: 'create table notes (id integer primary key, body text)' })
})

afterAll(async () => {
  await db.close()
  await target.drop()
})

/** Ends every pooled connection of this file, as a restart of PostgreSQL does. */
const terminateAll = () =>
  runSql(
    target.url,
    `select pg_terminate_backend(pid) from pg_stat_activity
      where application_name like 'database-test%' and datname = current_database()`,
  )

/** A way to the database that can be cut and joined again. */
async function openGate() {
  const { hostname, port } = new URL(target.url)
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connectSocket(Number(port), hostname)
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.on('error', () => undefined)
      one.on('close', () => other.destroy())
      one.pipe(other)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const own = typeof address === 'object' && address !== null ? address.port : 0
  const url = new URL(target.url)
  url.host = `127.0.0.1:${own}`
  return {
    url: url.href,
    cut() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
    /** Nothing passes any more on the connections that are open, and nobody is told. */
    silence() {
      for (const socket of sockets) socket.unpipe().pause()
    },
    join: async () => {
      server.listen(own, '127.0.0.1')
      await once(server, 'listening')
    },
  }
}

test('columns come back in the form that the rest of the program relies on', async () => {
  const { rows } = await db.query(sql`
    select '{"b":1.0,"a":12345678901234567890}'::jsonb as jsonb, '[1.0]'::json as json,
      timestamp '2024-01-02 03:04:05.000006' as at, date '2024-01-02' as day, 5000000000::int8 as int8,
      1.5::numeric as numeric, 0.1::float8 as float8, true as bool, null::jsonb as nothing, ${'x'} as text`)
  expect(rows[0]).toEqual({
    jsonb: '{"a": 12345678901234567890, "b": 1.0}',
    json: '[1.0]',
    at: '2024-01-02 03:04:05.000006',
    day: '2024-01-02',
    int8: 5_000_000_000,
    numeric: 1.5,
    float8: 0.1,
    bool: true,
    nothing: null,
    text: 'x',
  })
})

test('a session is UTC and ISO, whatever the database is set to', async () => {
  await runSql(
    target.url,
    `do $$ begin
       execute format('alter database %I set timezone = %L', current_database(), 'Asia/Tokyo');
       execute format('alter database %I set datestyle = %L', current_database(), 'German');
     end $$`,
  )
  const url = new URL(target.url)
  url.searchParams.set('options', '-c work_mem=9MB')
  const own = open(url.href)
  try {
    const { rows } = await own.query({
      text: `select (timestamptz '2024-01-02 03:04:05+02')::timestamp as at, current_setting('work_mem') as work_mem`,
    })
    expect(rows).toEqual([{ at: '2024-01-02 01:04:05', work_mem: '9MB' }])
  } finally {
    await own.close()
  }
})

test('statements and transactions outlive the end of every connection', async () => {
  await db.query({ text: 'select 1' })
  await terminateAll()
  expect((await db.query<{ n: number }>({ text: 'select 2 as n' })).rows).toEqual([{ n: 2 }])
  const inFlight = db.query<{ slept: string }>({ text: `select pg_sleep(0.5)::text as slept` })
  await db.query({
    text: `do $$ begin
        while not exists (select from pg_stat_activity where state = 'active' and query like 'select pg_sleep(0.5)%')
          loop perform pg_sleep(0.005), pg_stat_clear_snapshot(); end loop;
      end $$`,
  })
  await terminateAll()
  expect((await inFlight).rowCount).toBe(1)
  let tries = 0
  await withTransaction({ db }, async (tx) => {
    await tx.query({ text: `insert into notes values (1, 'kept') on conflict do nothing` })
    if (++tries === 1) await terminateAll()
    await tx.query({ text: `insert into notes values (2, 'kept') on conflict do nothing` })
  })
  expect(tries).toBe(2)
  expect((await db.query({ text: 'select id from notes where id in (1, 2)' })).rowCount).toBe(2)
})

test('a statement waits while the database cannot be reached, and fails when that lasts', async () => {
  const gate = await openGate()
  const patient = open(gate.url)
  const hasty = open(gate.url, { retryMs: 300 })
  try {
    await patient.query({ text: 'select 1' })
    await patient.ping()
    gate.cut()
    await expect(patient.ping()).rejects.toThrow()
    const waiting = [1, 2, 3, 4, 5].map((n) =>
      patient.query<{ n: number }>({ text: 'select $1::int as n', values: [n] }),
    )
    await expect(hasty.query({ text: 'select 1' })).rejects.toMatchObject({ code: 'database_away' })
    await gate.join()
    const answers = await Promise.all(waiting)
    expect(answers.map(({ rows }) => rows[0]?.n)).toEqual([1, 2, 3, 4, 5])
    await patient.ping()
  } finally {
    gate.cut()
    await Promise.all([patient.close(), hasty.close()])
  }
})

test('a network that has gone silent is noticed: connections are made anew, statements are tried again', async () => {
  const gate = await openGate()
  const own = open(gate.url, { ping: { everyMs: 200, timeoutMs: 200 } })
  try {
    const up = Promise.withResolvers<void>()
    await own.listen('silence', () => undefined, { onUp: () => up.resolve() })
    await up.promise
    // One connection is in use then, another one idle.
    await Promise.all([false, false, true].map((byKey) => own.query({ text: 'select pg_sleep(0.05)', byKey })))
    const sleeping = own.query({ text: 'select pg_sleep(0.3)' })
    await new Promise(setImmediate)
    gate.silence()
    expect((await sleeping).rowCount).toBe(1)
    const all = [1, 2, 3, 4].map((n) =>
      own.query<{ n: number }>({ text: 'select $1::int as n', values: [n], byKey: n > 3 }),
    )
    expect((await Promise.all(all)).map(({ rows }) => rows[0]?.n)).toEqual([1, 2, 3, 4])
  } finally {
    gate.cut()
    await own.close()
  }
})

test('the server gives up sessions whose clients are gone without a word', async () => {
  const { rows } = await db.query({
    text: `select current_setting('tcp_keepalives_idle')::int + current_setting('tcp_keepalives_interval')::int
        * current_setting('tcp_keepalives_count')::int <= 30 as idle, current_setting('tcp_user_timeout') as sending`,
  })
  expect(rows).toEqual([{ idle: true, sending: '25000' }])
})

test('a statement waits for room on a full disk, and fails when there is none', async () => {
  await db.query({ text: 'create sequence tries' })
  const fullFor = (tries: number) => ({
    text: `do $$ begin
      if nextval('tries') <= ${tries} then raise 'could not extend file' using errcode = 'disk_full'; end if;
    end $$`,
  })
  await db.query(fullFor(3))
  await db.transaction((tx) => tx.query(fullFor(6)))
  const hasty = open(target.url, { retryMs: 100 })
  try {
    await expect(hasty.query(fullFor(100))).rejects.toMatchObject({ code: 'database_away' })
    await hasty.ping()
  } finally {
    await hasty.close()
  }
})

test('closing ends the wait of statements', async () => {
  const gate = await openGate()
  gate.cut()
  const own = open(gate.url)
  const waiting = expect(own.query({ text: 'select 1' })).rejects.toMatchObject({ code: 'database_away' })
  await own.close()
  await waiting
})

test('errors of a statement pass through and keep the connection', async () => {
  const own = open(target.url, { statementTimeoutMs: 100 })
  try {
    const pid = async () => (await own.query({ text: 'select pg_backend_pid() as pid' })).rows
    const before = await pid()
    await expect(own.query({ text: 'select pg_sleep(5)' })).rejects.toMatchObject({ code: '57014' })
    await expect(own.query({ text: 'select 1 from nowhere' })).rejects.toMatchObject({ code: '42P01' })
    expect(await pid()).toEqual(before)
  } finally {
    await own.close()
  }
})

test('a transaction rolls back on an error, and refuses to hide one', async () => {
  const failed = db.transaction(async (tx) => {
    await tx.query({ text: `insert into notes values (10, 'gone')` })
    throw new Error('no')
  })
  await expect(failed).rejects.toThrow('no')
  const swallowed = db.transaction(async (tx) => {
    await tx.query({ text: `insert into notes values (10, 'gone')` })
    await tx.query({ text: 'select 1 / 0' }).catch(() => undefined)
  })
  await expect(swallowed).rejects.toThrow('swallowed')
  expect((await db.query({ text: 'select from notes where id = 10' })).rowCount).toBe(0)
  const leaked = await db.transaction(async (tx) => tx)
  expect(() => leaked.query({ text: 'select 1' })).toThrow('ended')
})

test('of two transactions in a deadlock both come through', async () => {
  await db.query({ text: `insert into notes values (20, ''), (21, '')` })
  const met = Promise.withResolvers<void>()
  let there = 0
  let tries = 0
  const run = (first: number, second: number) =>
    db.transaction(async (tx) => {
      tries++
      await tx.query({ text: `update notes set body = body || 'x' where id = $1`, values: [first] })
      if (++there === 2) met.resolve()
      await met.promise
      await tx.query({ text: `update notes set body = body || 'x' where id = $1`, values: [second] })
    })
  await Promise.all([run(20, 21), run(21, 20)])
  expect(tries).toBe(3)
  const { rows } = await db.query({ text: 'select body from notes where id in (20, 21)' })
  expect(rows).toEqual([{ body: 'xx' }, { body: 'xx' }])
})

test('notifications arrive again after the connection was lost, and listeners know when it was', async () => {
  const own = open()
  const events: string[] = []
  let wake = () => {}
  const until = async (count: number) => {
    while (events.length < count) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  const note = (event: string) => {
    events.push(event)
    wake()
  }
  try {
    const stop = await own.listen('News', (payload) => note(payload), {
      onUp: () => note('up'),
      onDown: () => note('down'),
    })
    await own.listen('other', (payload) => note(`other ${payload}`))
    await db.query({ text: `select pg_notify('News', 'one'), pg_notify('other', 'two')` })
    await until(3)
    await terminateAll()
    await until(5)
    await db.query({ text: `select pg_notify('News', 'three'), pg_notify('other', 'four')` })
    await until(7)
    expect(events).toEqual(['up', 'one', 'other two', 'down', 'up', 'three', 'other four'])
    await stop()
    await db.query({ text: `select pg_notify('News', 'five'), pg_notify('other', 'six')` })
    await until(8)
    expect(events.at(-1)).toBe('other six')
  } finally {
    await own.close()
  }
})

import type { Client } from 'pg'
import { type Month, monthsBetween } from './months.ts'

/*
 * `results` by months of start_time. A key over all partitions must hold the column that they are cut by, so `id` alone
 * can't be one. What that takes away is given back by small tables beside it:
 *
 *   result_ids   one row per result: its id, which is unique, and its start_time, which names the partition. Inserts claim
 *                the id here first (`on conflict do nothing`), reads by id ask here first, artifacts refer to it.
 *   run_months   the months in which a run has results, so that a run's page reads its own partitions only.
 *
 * Whoever else writes to `results` (psql, Ibutsu after a way back) is followed by triggers, as with rollups (migration 0011).
 */

/**
 * What lies before and after all months: clients may send any start time. No default partition: with one, lists can't be read
 * month by month (PostgreSQL merges all partitions instead), and no partition can be detached concurrently.
 */
export const EARLIER = 'results_earlier'
export const LATER = 'results_later'

export const RESULT_COLUMNS = `id uuid not null, project_id uuid, run_id uuid, test_id text, result text, data jsonb, params jsonb,
  duration double precision, start_time timestamp not null, source text, env text, component text`

/**
 * Turns the table `results` of a database that has our schema into a partitioned one with the same indexes. The rows are
 * copied month by month in the order of time. Offline: this is a prototype (docs/scaling.md has the way without a long lock).
 */
export async function partitionResults(db: Client, say: (text: string) => void): Promise<Month[]> {
  const indexes = await indexDefinitions(db)
  const months = await monthsOf(db)
  await db.query('alter table artifacts drop constraint artifacts_result_id_fkey')
  await db.query('alter table results rename to results_before')
  await db.query('alter index results_pkey rename to results_before_pkey')
  for (const { from, to, name } of months) {
    await db.query(`create table ${name} (${RESULT_COLUMNS})`)
    await db.query(
      `insert into ${name} select ${names} from results_before where start_time >= '${from}' and start_time < '${to}'
        order by start_time`,
    )
    say(`${name} is copied`)
  }
  await attach(db, months)
  await db.query('drop table results_before cascade')
  for (const { name, definition } of indexes) {
    await db.query(definition)
    say(`${name} is built`)
  }
  await addKeys(db)
  await addTriggers(db)
  await tuneVacuum(db, months)
  return months
}

const names = 'id, project_id, run_id, test_id, result, data, params, duration, start_time, source, env, component'

/** From the first result's month to two months ahead, so that writes have a place to go. */
async function monthsOf(db: Client): Promise<Month[]> {
  const { rows } = await db.query<{ first: string; last: string }>(
    `select min(start_time)::text as first, (now() at time zone 'utc' + interval '2 months')::text as last from results`,
  )
  const [row] = rows
  if (!row) throw new Error('there are no results to make partitions of')
  return monthsBetween(new Date(`${row.first}Z`), new Date(`${row.last}Z`))
}

/** Where every row of a partition is known to fit by a check, attaching it scans nothing. */
async function attach(db: Client, months: readonly Month[]): Promise<void> {
  await db.query(`create table results (${RESULT_COLUMNS}, constraint results_pkey primary key (id, start_time),
    constraint results_project_id_fkey foreign key (project_id) references projects (id),
    constraint results_run_id_fkey foreign key (run_id) references runs (id)) partition by range (start_time)`)
  for (const { name, from, to } of months) {
    await db.query(`alter table results attach partition ${name} for values from ('${from}') to ('${to}')`)
  }
  const [first, last] = [months[0]?.from, months.at(-1)?.to]
  await db.query(`create table ${EARLIER} partition of results for values from (minvalue) to ('${first}')`)
  await db.query(`create table ${LATER} partition of results for values from ('${last}') to (maxvalue)`)
}

/** Indexes besides the primary key, as they are on the plain table. */
export async function indexDefinitions(db: Client): Promise<{ name: string; definition: string }[]> {
  const { rows } = await db.query<{ name: string; definition: string }>(
    `select indexname as name, indexdef as definition from pg_indexes
      where schemaname = 'public' and tablename = 'results' and indexname <> 'results_pkey' order by 1`,
  )
  return rows
}

async function addKeys(db: Client): Promise<void> {
  await db.query(`
    create table result_ids (id uuid not null, start_time timestamp not null);
    insert into result_ids select id, start_time from results order by start_time;
    alter table result_ids add constraint result_ids_pkey primary key (id);
    create index ix_result_ids_start_time on result_ids using brin (start_time) with (pages_per_range = 32);
    alter table artifacts add constraint artifacts_result_id_fkey foreign key (result_id) references result_ids (id);
    create table run_months (run_id uuid not null, month date not null, constraint run_months_pkey primary key (run_id, month));
    insert into run_months
      select distinct run_id, date_trunc('month', start_time)::date from results where run_id is not null;`)
}

async function addTriggers(db: Client): Promise<void> {
  const on = (event: string, tables: string) => `
    create trigger ibutsu_ts_${event} after ${event} on results referencing ${tables} for each statement
      ${OTHERS} execute function ibutsu_ts_mark_results();`
  await db.query(`
    ${on('insert', 'new table as new_rows')}
    ${on('update', 'old table as old_rows new table as new_rows')}
    ${on('delete', 'old table as old_rows')}
    ${addIdTriggers({ upsert: false })}`)
}

/** Writers that are not this server's sessions. */
const OTHERS = `when (current_setting('ibutsu_ts.marks', true) is distinct from 'own')`

/**
 * Triggers that keep ids and months. `upsert`: while the plain table still stands and its own key keeps ids unique, all
 * writers are followed, and rows that the filling has not come to yet are no error.
 */
export function addIdTriggers({ upsert, replace = false }: { upsert: boolean; replace?: boolean }): string {
  const on = (event: string, tables: string) => `
    create trigger ibutsu_ts_ids_${event} after ${event} on results referencing ${tables} for each statement
      ${upsert ? '' : OTHERS} execute function ibutsu_ts_keep_ids();`
  return `
    create ${replace ? 'or replace' : ''} function ibutsu_ts_keep_ids() returns trigger
      language plpgsql security definer set search_path from current as $$
    begin
      if tg_op = 'INSERT' then
        insert into result_ids select id, start_time from new_rows
          ${upsert ? 'on conflict (id) do update set start_time = excluded.start_time' : ''};
      elsif tg_op = 'UPDATE' then
        update result_ids k set start_time = n.start_time from new_rows n where n.id = k.id and n.start_time <> k.start_time;
      else
        delete from result_ids k using old_rows o where o.id = k.id;
        return null;
      end if;
      insert into run_months select distinct run_id, date_trunc('month', start_time)::date from new_rows
        where run_id is not null on conflict do nothing;
      return null;
    end $$;
    ${on('insert', 'new table as new_rows')}
    ${on('update', 'old table as old_rows new table as new_rows')}
    ${on('delete', 'old table as old_rows')}`
}

/** The settings of migration 0004; a partitioned table itself takes none. */
async function tuneVacuum(db: Client, months: readonly Month[]): Promise<void> {
  for (const name of [...months.map((month) => month.name), EARLIER, LATER]) {
    await db.query(
      `alter table ${name} set (autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02)`,
    )
  }
}

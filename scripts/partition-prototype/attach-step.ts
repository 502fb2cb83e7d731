import type { Client } from 'pg'
import { makeDatabase, withClient } from './cluster.ts'
import { addIdTriggers, indexDefinitions, LATER, RESULT_COLUMNS } from './partition-schema.ts'
import { printTable } from './table.ts'

/*
 * The way of a living database into partitions, and back, step by step as docs/scaling.md describes it. What takes long locks
 * nobody out; what locks everybody out (`exclusive`) must be short, however many rows there are: that is what is measured.
 */

interface Step {
  readonly name: string
  /** What others may do meanwhile. */
  readonly locks: 'nobody' | 'all, shortly'
  readonly statements: readonly string[]
}

/** Takes a copy of the plain database into partitions and back; gives a Markdown table of what each step took. */
export async function attachAndDetach(plain: string): Promise<string> {
  const url = new URL(plain)
  url.pathname = '/attached'
  await makeDatabase(url.href, 'plain')
  return withClient(url.href, async (client) => {
    const bound = await firstOfMonth(client, 2)
    const beyond = await firstOfMonth(client, 3)
    const indexes = await indexDefinitions(client)
    const before = await count(client)
    const there: string[][] = []
    for (const step of thither(bound, beyond, indexes)) there.push(await take(client, step))
    if ((await count(client)) !== before) throw new Error('rows were lost on the way')
    for (const step of back(indexes)) there.push(await take(client, step))
    if ((await count(client)) !== before) throw new Error('rows were lost on the way back')
    return printTable(['step', 'locks out', 's'], there)
  })
}

type Indexes = readonly { name: string; definition: string }[]

/** The old table becomes the partition of all that is before `bound`, as it is. */
function thither(bound: string, beyond: string, indexes: Indexes): Step[] {
  const renamed = indexes.map(({ name }) => `alter index ${name} rename to before_${name}`)
  return [
    {
      name: 'the ids beside the results, kept by triggers from now on',
      locks: 'all, shortly',
      statements: [
        `begin;
        create table result_ids (id uuid not null, start_time timestamp not null, constraint result_ids_pkey primary key (id));
        create index ix_result_ids_start_time on result_ids using brin (start_time) with (pages_per_range = 32);
        create table run_months (run_id uuid not null, month date not null, constraint run_months_pkey primary key (run_id, month));
        ${addIdTriggers({ upsert: true })}
        commit`,
      ],
    },
    {
      name: 'fill them (in one go here; in a living database in batches)',
      locks: 'nobody',
      statements: [
        'insert into result_ids select id, start_time from results order by start_time on conflict do nothing',
        `insert into run_months select distinct run_id, date_trunc('month', start_time)::date from results
          where run_id is not null on conflict do nothing`,
      ],
    },
    {
      name: 'a unique index on (id, start_time)',
      locks: 'nobody',
      statements: ['create unique index concurrently results_id_start_time_key on results (id, start_time)'],
    },
    {
      name: 'a check that all is before the bound: not valid, then validated',
      locks: 'nobody',
      statements: [
        `alter table results add constraint before_bound check (start_time < '${bound}') not valid`,
        'alter table results validate constraint before_bound',
      ],
    },
    {
      name: 'artifacts refer to the ids: not valid, then validated',
      locks: 'nobody',
      statements: [
        `alter table artifacts add constraint artifacts_result_ids_fkey foreign key (result_id) references result_ids (id) not valid`,
        'alter table artifacts validate constraint artifacts_result_ids_fkey',
      ],
    },
    {
      name: 'the switch: rename, attach, triggers, in one transaction',
      locks: 'all, shortly',
      statements: [
        `begin;
        set local lock_timeout = '2s';
        alter table artifacts drop constraint artifacts_result_id_fkey;
        drop trigger ibutsu_ts_insert on results; drop trigger ibutsu_ts_update on results;
        drop trigger ibutsu_ts_delete on results; drop trigger ibutsu_ts_truncate on results;
        drop trigger ibutsu_ts_ids_insert on results; drop trigger ibutsu_ts_ids_update on results;
        drop trigger ibutsu_ts_ids_delete on results;
        alter table results rename to results_before;
        ${renamed.join(';\n')};
        alter table results_before add constraint before_key unique using index results_id_start_time_key;
        create table results (${RESULT_COLUMNS}, constraint results_key unique (id, start_time),
          constraint results_project_id_fkey foreign key (project_id) references projects (id),
          constraint results_run_id_fkey foreign key (run_id) references runs (id)) partition by range (start_time);
        ${indexes.map(({ definition }) => definition).join(';\n')};
        alter table results attach partition results_before for values from (minvalue) to ('${bound}');
        create table results_next partition of results for values from ('${bound}') to ('${beyond}');
        create table ${LATER} partition of results for values from ('${beyond}') to (maxvalue);
        ${addMarkTriggers}
        ${addIdTriggers({ upsert: false, replace: true })}
        commit`,
      ],
    },
  ]
}

/** Possible while the old table can still take all rows: what is in younger partitions is moved first. */
function back(indexes: Indexes): Step[] {
  return [
    {
      name: 'the way back: detach, move younger rows over, rename',
      locks: 'all, shortly',
      statements: [
        `begin;
        set local lock_timeout = '2s';
        alter table results detach partition results_before;
        alter table results_before drop constraint before_bound;
        insert into results_before select * from results;
        drop table results cascade;
        alter table results_before rename to results;
        ${indexes.map(({ name }) => `alter index before_${name} rename to ${name}`).join(';\n')};
        ${addMarkTriggers}
        alter table artifacts drop constraint artifacts_result_ids_fkey;
        alter table artifacts add constraint artifacts_result_id_fkey foreign key (result_id) references results (id) not valid;
        commit`,
      ],
    },
    {
      name: 'validate what artifacts refer to',
      locks: 'nobody',
      statements: ['alter table artifacts validate constraint artifacts_result_id_fkey'],
    },
  ]
}

const addMarkTriggers = [
  ['insert', 'referencing new table as new_rows'],
  ['update', 'referencing old table as old_rows new table as new_rows'],
  ['delete', 'referencing old table as old_rows'],
  ['truncate', ''],
]
  .map(
    ([event, tables]) => `create trigger ibutsu_ts_${event} after ${event} on results ${tables} for each statement
      when (current_setting('ibutsu_ts.marks', true) is distinct from 'own') execute function ibutsu_ts_mark_results();`,
  )
  .join('\n')

async function take(client: Client, { name, locks, statements }: Step): Promise<string[]> {
  const began = performance.now()
  for (const statement of statements) await client.query(statement)
  return [name, locks, ((performance.now() - began) / 1000).toFixed(2)]
}

async function firstOfMonth(client: Client, later: number): Promise<string> {
  const { rows } = await client.query<{ day: string }>(
    `select (date_trunc('month', now()) + make_interval(months => $1))::date::text as day`,
    [later],
  )
  return rows[0]?.day ?? ''
}

async function count(client: Client): Promise<number> {
  const { rows } = await client.query<{ n: number }>('select count(*)::int as n from results')
  return rows[0]?.n ?? 0
}

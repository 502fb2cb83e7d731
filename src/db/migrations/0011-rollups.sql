-- Statistics that widgets answer from: how many results, and which sums of runs' summaries, there are by project, field,
-- time and value (docs/widgets.md). src/rollups/roll-up.ts says what is always true of these tables. No foreign keys: going
-- back to Ibutsu, which knows nothing of them, must not stop its deletes.
-- locks: runs, results

-- What is counted. A field is ready when every run without a mark has been rolled up with it; until then raw rows answer.
-- Ids are never used again. The name '' of runs stands for all of them, 'jenkins build' for their job and build together.
create table rollup_fields (
  id smallint generated always as identity,
  source text not null,
  name text not null,
  ready boolean not null default false,
  constraint rollup_fields_pkey primary key (id),
  constraint rollup_fields_source_name_key unique (source, name),
  constraint rollup_fields_source_check check (source in ('results', 'runs'))
);
insert into rollup_fields (source, name, ready)
select source, name, not exists (select from runs)
from (values
  ('results', 'result'), ('results', 'component'), ('results', 'env'), ('results', 'source'),
  ('results', 'metadata.exception_name'), ('results', 'metadata.assignee'), ('results', 'metadata.classification'),
  ('results', 'metadata.importance'), ('results', 'metadata.jenkins.job_name'),
  ('runs', ''), ('runs', 'jenkins build'), ('runs', 'component'), ('runs', 'env'), ('runs', 'source'), ('runs', 'metadata.jenkins.job_name')
) as documented (source, name);

-- Grains: h(our), d(ay), a(ll times, whose bucket is -infinity), and of runs n(umber of different values of all times). Rows without a project have the nil UUID. A value may be
-- longer than an index takes (D32), so the key has its hash.
create table result_rollups (
  project_id uuid not null,
  field smallint not null,
  grain "char" not null,
  bucket timestamp not null,
  value_hash uuid not null,
  count bigint not null,
  value text not null,
  constraint result_rollups_pkey primary key (project_id, field, grain, bucket, value_hash)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);

-- The numbers of summaries as whole ones, and four of them exact, for the widgets that count fractions.
create table run_rollups (
  project_id uuid not null,
  field smallint not null,
  grain "char" not null,
  bucket timestamp not null,
  value_hash uuid not null,
  runs bigint not null,
  tests numeric not null,
  errors numeric not null,
  failures numeric not null,
  skips numeric not null,
  xfailures numeric not null,
  xpasses numeric not null,
  exact_tests numeric not null,
  exact_errors numeric not null,
  exact_failures numeric not null,
  exact_skips numeric not null,
  value text not null,
  constraint run_rollups_pkey primary key (project_id, field, grain, bucket, value_hash)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);

-- What each run has added to the rollups: its results, by their own projects, and the run itself. One row has as many
-- elements in each array as there are different fields, hours and values.
create table result_contributions (
  run_id uuid not null,
  project_id uuid not null,
  fields smallint[] not null,
  buckets timestamp[] not null,
  "values" text[] not null,
  counts integer[] not null,
  constraint result_contributions_pkey primary key (run_id, project_id)
);
-- `built_to`: the last field that the run was rolled up with. `due`: when rolling it up again is worth its cost.
create table run_contributions (
  run_id uuid not null,
  project_id uuid not null,
  bucket timestamp not null,
  fields smallint[] not null,
  "values" text[] not null,
  numbers numeric[] not null,
  results integer not null,
  built_to smallint not null,
  due timestamp not null,
  constraint run_contributions_pkey primary key (run_id)
);

-- Marks of runs to roll up again whose summary stays as it is: imports and prunes leave them, and triggers for whoever else
-- writes. Like run_changes, which stand for both.
create table rollup_changes (
  run_id uuid not null,
  not_before timestamp not null default '-infinity'
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

-- Whatever else writes to runs and results (psql, Ibutsu after a way back) marks what it wrote by these triggers, or the
-- rollups would be wrong. Sessions of this server, which set ibutsu_ts.marks, leave their marks themselves. Removing the
-- tables above, remove the functions first, with cascade.
create function ibutsu_ts_mark_runs() returns trigger language plpgsql security definer set search_path from current as $$
begin
  if tg_op = 'INSERT' then
    insert into rollup_changes (run_id) select id from new_rows;
  elsif tg_op = 'DELETE' then
    insert into rollup_changes (run_id) select id from old_rows;
  elsif tg_op = 'UPDATE' then
    insert into rollup_changes (run_id) select id from old_rows union select id from new_rows;
  else
    insert into rollup_changes (run_id) select run_id from run_contributions;
  end if;
  return null;
end $$;

create function ibutsu_ts_mark_results() returns trigger language plpgsql security definer set search_path from current as $$
begin
  if tg_op = 'INSERT' then
    insert into rollup_changes (run_id) select distinct run_id from new_rows where run_id is not null;
  elsif tg_op = 'DELETE' then
    insert into rollup_changes (run_id) select distinct run_id from old_rows where run_id is not null;
  elsif tg_op = 'UPDATE' then
    insert into rollup_changes (run_id)
    select run_id from old_rows where run_id is not null union select run_id from new_rows where run_id is not null;
  else
    insert into rollup_changes (run_id) select run_id from run_contributions;
  end if;
  return null;
end $$;

create trigger ibutsu_ts_insert after insert on runs referencing new table as new_rows for each statement
  when (current_setting('ibutsu_ts.marks', true) is distinct from 'own') execute function ibutsu_ts_mark_runs();
create trigger ibutsu_ts_update after update on runs referencing old table as old_rows new table as new_rows for each statement
  when (current_setting('ibutsu_ts.marks', true) is distinct from 'own') execute function ibutsu_ts_mark_runs();
create trigger ibutsu_ts_delete after delete on runs referencing old table as old_rows for each statement
  when (current_setting('ibutsu_ts.marks', true) is distinct from 'own') execute function ibutsu_ts_mark_runs();
create trigger ibutsu_ts_truncate after truncate on runs for each statement
  when (current_setting('ibutsu_ts.marks', true) is distinct from 'own') execute function ibutsu_ts_mark_runs();
create trigger ibutsu_ts_insert after insert on results referencing new table as new_rows for each statement
  when (current_setting('ibutsu_ts.marks', true) is distinct from 'own') execute function ibutsu_ts_mark_results();
create trigger ibutsu_ts_update after update on results referencing old table as old_rows new table as new_rows for each statement
  when (current_setting('ibutsu_ts.marks', true) is distinct from 'own') execute function ibutsu_ts_mark_results();
create trigger ibutsu_ts_delete after delete on results referencing old table as old_rows for each statement
  when (current_setting('ibutsu_ts.marks', true) is distinct from 'own') execute function ibutsu_ts_mark_results();
create trigger ibutsu_ts_truncate after truncate on results for each statement
  when (current_setting('ibutsu_ts.marks', true) is distinct from 'own') execute function ibutsu_ts_mark_results();

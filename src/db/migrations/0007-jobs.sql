-- Background jobs: the truth about what is to be done, whatever carries the news of it (src/jobs/job-sql.ts says how a row
-- goes from state to state). No foreign key to users: Ibutsu, which knows nothing of this table, must be able to delete.

create table jobs (
  id uuid not null,
  name text not null,
  payload jsonb not null default '{}',
  state text not null default 'queued',
  priority integer not null default 0,
  run_at timestamp not null default now(),
  dedupe_key text,
  tick timestamp,
  owner_id uuid,
  attempts integer not null default 0,
  crashes integer not null default 0,
  claims integer not null default 0,
  worker text,
  lease_until timestamp,
  progress jsonb,
  result json,
  error text,
  created timestamp not null default now(),
  finished timestamp,
  constraint jobs_pkey primary key (id),
  constraint jobs_state_check check (state in ('queued', 'running', 'done', 'failed'))
);

-- Pages of 50,000 rows: compressing them costs more than their day on disk.
alter table jobs alter column result set storage external;

-- What is due, best first: a queued job at run_at, a running one when its worker's lease has ended.
create index ix_jobs_due on jobs (priority desc, greatest(run_at, lease_until)) where state in ('queued', 'running');
-- One waiting job per key.
create unique index ix_jobs_dedupe on jobs (name, dedupe_key) where state = 'queued' and dedupe_key is not null;
-- Any number of schedulers make one job of a tick.
create unique index ix_jobs_tick on jobs (name, tick) where tick is not null;
create index ix_jobs_finished on jobs (finished) where finished is not null;

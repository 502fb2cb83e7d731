-- How often an account or an address was tried lately (D22): one row per thing that is counted, for one window of time.
-- Shared by all processes and replicas. Keys are hashes, so that nothing here names a person.

create table attempt_counts (
  key bytea not null,
  count integer not null,
  until timestamp without time zone not null,
  constraint attempt_counts_pkey primary key (key)
);

create index ix_attempt_counts_until on attempt_counts (until);

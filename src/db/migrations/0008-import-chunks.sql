-- The files of imports in pieces of 1 MiB: a bytea ends at 1 GB, and nobody should ever hold a whole file in memory. They
-- are often compressed already, so PostgreSQL does not try. Pieces come before the row of their import, while the file is
-- still on its way, so no foreign key: what an upload that broke off left behind is deleted by its age.
create table import_chunks (
  import_id uuid not null,
  seq integer not null,
  content bytea not null,
  created timestamp not null default (now() at time zone 'utc'),
  constraint import_chunks_pkey primary key (import_id, seq)
);
alter table import_chunks alter column content set storage external;

-- Who sent an import: whose projects it may write to (D23), and who sees one without a project. Beside the table of the
-- original, which has no place for it. Rows go with their import or account, also when Ibutsu deletes those.
create table import_owners (
  import_id uuid not null,
  user_id uuid not null,
  constraint import_owners_pkey primary key (import_id),
  constraint import_owners_import_id_fkey foreign key (import_id) references imports (id) on delete cascade,
  constraint import_owners_user_id_fkey foreign key (user_id) references users (id) on delete cascade
);
create index ix_import_owners_user_id on import_owners (user_id);

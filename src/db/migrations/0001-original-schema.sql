-- The tables, keys and stamp of Ibutsu 3.1.1 (alembic d18de2b3253f), so that an operator can point Ibutsu at a
-- database that this server made. An adopted database has them already and only records this migration.
-- Indexes are chosen in the migrations that follow.
-- breaking: yes

create table alembic_version (
  version_num varchar(32) not null,
  constraint alembic_version_pkc primary key (version_num)
);

create table groups (
  id uuid not null,
  name text,
  data jsonb,
  constraint groups_pkey primary key (id)
);

create table users (
  id uuid not null,
  email text not null,
  _password text,
  name text,
  activation_code text,
  is_superadmin boolean not null,
  is_active boolean not null,
  group_id uuid,
  constraint users_pkey primary key (id),
  constraint users_group_id_fkey foreign key (group_id) references groups (id)
);
create unique index ix_users_email on users (email);

create table projects (
  id uuid not null,
  name text,
  title text,
  owner_id uuid,
  group_id uuid,
  default_dashboard_id uuid,
  constraint projects_pkey primary key (id),
  constraint projects_owner_id_fkey foreign key (owner_id) references users (id),
  constraint projects_group_id_fkey foreign key (group_id) references groups (id)
);

create table users_projects (
  user_id uuid not null,
  project_id uuid not null,
  constraint users_projects_pkey primary key (user_id, project_id),
  constraint users_projects_user_id_fkey foreign key (user_id) references users (id),
  constraint users_projects_project_id_fkey foreign key (project_id) references projects (id)
);

create table tokens (
  id uuid not null,
  name text not null,
  token text not null,
  expires timestamp,
  user_id uuid,
  constraint tokens_pkey primary key (id),
  constraint tokens_user_id_fkey foreign key (user_id) references users (id)
);

create table dashboards (
  id uuid not null,
  title text,
  description text,
  filters text,
  project_id uuid,
  user_id uuid,
  constraint dashboards_pkey primary key (id),
  constraint fk_dashboards_project_id foreign key (project_id) references projects (id),
  constraint dashboards_user_id_fkey foreign key (user_id) references users (id)
);

-- Projects and dashboards refer to each other.
alter table projects
  add constraint fk_project_default_dashboard foreign key (default_dashboard_id) references dashboards (id);

create table widget_configs (
  id uuid not null,
  project_id uuid,
  dashboard_id uuid,
  title text,
  type text,
  weight integer,
  widget text,
  params jsonb,
  navigable boolean,
  constraint widget_configs_pkey primary key (id),
  constraint widget_configs_project_id_fkey foreign key (project_id) references projects (id),
  constraint widget_configs_dashboard_id_fkey foreign key (dashboard_id) references dashboards (id)
);

create table imports (
  id uuid not null,
  filename text,
  format text,
  data jsonb,
  status text,
  created timestamp not null default now(),
  constraint imports_pkey primary key (id)
);

create table import_files (
  id uuid not null,
  import_id uuid not null,
  content bytea,
  constraint import_files_pkey primary key (id),
  constraint import_files_import_id_fkey foreign key (import_id) references imports (id) on delete cascade
);

create table runs (
  id uuid not null,
  project_id uuid,
  data jsonb,
  env text,
  component text,
  source text,
  start_time timestamp not null,
  duration double precision,
  summary jsonb,
  created timestamp not null,
  constraint runs_pkey primary key (id),
  constraint runs_project_id_fkey foreign key (project_id) references projects (id)
);

create table results (
  id uuid not null,
  project_id uuid,
  run_id uuid,
  test_id text,
  result text,
  data jsonb,
  params jsonb,
  duration double precision,
  start_time timestamp not null,
  source text,
  env text,
  component text,
  constraint results_pkey primary key (id),
  constraint results_project_id_fkey foreign key (project_id) references projects (id),
  constraint results_run_id_fkey foreign key (run_id) references runs (id)
);

create table artifacts (
  id uuid not null,
  content bytea,
  result_id uuid,
  run_id uuid,
  filename text,
  data jsonb,
  upload_date timestamp not null,
  constraint artifacts_pkey primary key (id),
  constraint artifacts_result_id_fkey foreign key (result_id) references results (id),
  constraint artifacts_run_id_fkey foreign key (run_id) references runs (id)
);

insert into alembic_version (version_num) values ('d18de2b3253f');

-- The project of runs and results that name none, per API token. A table beside `tokens`, not a column in it, so that
-- Ibutsu finds its own tables as it left them. Rows go with their token and with their project, also when Ibutsu deletes
-- one.

create table token_projects (
  token_id uuid not null,
  project_id uuid not null,
  constraint token_projects_pkey primary key (token_id),
  constraint token_projects_token_id_fkey foreign key (token_id) references tokens (id) on delete cascade,
  constraint token_projects_project_id_fkey foreign key (project_id) references projects (id) on delete cascade
);

create index ix_token_projects_project_id on token_projects (project_id);

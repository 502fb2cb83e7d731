-- The indexes that earn their cost, measured in docs/adoption.md. Those under the original's names are the original's.
-- Texts of any length stand in them by their first 200 characters (D32).
-- transactional: no
-- deferred: yes

-- Lists, newest first, and exact counts of a project.
create index concurrently if not exists ix_results_project_id_start_time on results (project_id, start_time desc);
-- A run's results, its recount, the foreign key.
create index concurrently if not exists ix_results_run_id_start_time on results (run_id, start_time desc);
-- The history of a test. The component stands last: the scan goes by time and skips other components in the index.
create index concurrently if not exists ix_results_test_history
  on results (project_id, left(test_id, 200), start_time desc, left(component, 200));
create index concurrently if not exists ix_results_project_id_component_start_time
  on results (project_id, left(component, 200), start_time desc);
-- A source is a label of the sender's own, often a rare one.
create index concurrently if not exists ix_results_project_id_source_start_time
  on results (project_id, left(source, 200), start_time desc);
-- Lists over all projects, prunes.
create index concurrently if not exists ix_results_start_time on results (start_time);
-- Equality on any key of the metadata. A search reads the pending list whole and an insert that fills it empties it:
-- 1 MB bounds both.
create index concurrently if not exists ix_results_data
  on results using gin (data jsonb_path_ops) with (gin_pending_list_limit = 1024);

create index concurrently if not exists ix_runs_project_id_start_time on runs (project_id, start_time desc);
create index concurrently if not exists ix_runs_project_id_component_start_time
  on runs (project_id, left(component, 200), start_time desc);
create index concurrently if not exists ix_runs_project_id_source_start_time
  on runs (project_id, left(source, 200), start_time desc);
create index concurrently if not exists ix_runs_start_time on runs (start_time);
create index concurrently if not exists ix_runs_data
  on runs using gin (data jsonb_path_ops) with (gin_pending_list_limit = 1024);

create index concurrently if not exists ix_artifacts_result_id on artifacts (result_id);
create index concurrently if not exists ix_artifacts_run_id on artifacts (run_id);
create index concurrently if not exists ix_artifacts_upload_date on artifacts (upload_date);

create index concurrently if not exists ix_users_group_id on users (group_id);
create index concurrently if not exists ix_users_projects_project_id on users_projects (project_id);
create index concurrently if not exists ix_tokens_user_id on tokens (user_id);
-- A hash takes names of any length.
create index concurrently if not exists ix_projects_name_hash on projects using hash (name);
create index concurrently if not exists ix_projects_owner_id on projects (owner_id);
create index concurrently if not exists ix_projects_group_id on projects (group_id);
create index concurrently if not exists ix_dashboards_project_id on dashboards (project_id);
create index concurrently if not exists ix_dashboards_user_id on dashboards (user_id);
create index concurrently if not exists ix_widget_configs_project_id on widget_configs (project_id);
create index concurrently if not exists ix_widget_configs_dashboard_id on widget_configs (dashboard_id);
create index concurrently if not exists ix_imports_status on imports (status);
create index concurrently if not exists ix_imports_created on imports (created);
create index concurrently if not exists ix_import_files_import_id on import_files (import_id);

-- Exact counts read the index alone where vacuum has been; the default waits for a fifth of the table.
alter table results set (autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);

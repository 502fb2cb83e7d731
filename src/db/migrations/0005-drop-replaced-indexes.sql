-- Indexes of an adopted database that 0004 replaced, that fail on long texts (D32), or that no query uses.
-- The way back: docs/adoption.md.
-- transactional: no
-- deferred: yes

drop index concurrently if exists ix_results_test_id;
drop index concurrently if exists ix_results_component;
drop index concurrently if exists ix_results_source;
drop index concurrently if exists ix_results_env;
drop index concurrently if exists ix_results_component_env_project;
drop index concurrently if exists ix_results_component_start_time_result_project_id;
drop index concurrently if exists ix_results_result;
drop index concurrently if exists ix_results_run_id;
drop index concurrently if exists ix_results_project_id;
drop index concurrently if exists ix_results_duration;
drop index concurrently if exists ix_results_requirements;
drop index concurrently if exists ix_results_tags;
drop index concurrently if exists ix_runs_component;
drop index concurrently if exists ix_runs_env;
drop index concurrently if exists ix_runs_source;
drop index concurrently if exists ix_runs_project_id;
drop index concurrently if exists ix_runs_created;
drop index concurrently if exists ix_runs_duration;
drop index concurrently if exists ix_runs_summary;
drop index concurrently if exists ix_runs_tags;
drop index concurrently if exists ix_artifacts_filename;
drop index concurrently if exists ix_projects_name;
drop index concurrently if exists ix_projects_title;
drop index concurrently if exists ix_groups_name;
drop index concurrently if exists ix_dashboards_title;
drop index concurrently if exists ix_widget_configs_title;
drop index concurrently if exists ix_widget_configs_type;
drop index concurrently if exists ix_widget_configs_widget;
drop index concurrently if exists ix_widget_configs_navigable;
drop index concurrently if exists ix_widget_configs_weight;
drop index concurrently if exists ix_imports_filename;
drop index concurrently if exists ix_imports_format;

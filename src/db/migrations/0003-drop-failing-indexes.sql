-- Indexes of an adopted database that make writes fail (D32) and need no replacement before they go: a btree key ends
-- at 2.7 kB, and ix_runs_pass_percent refuses a summary whose pass_percent is no whole number.
-- The way back: docs/adoption.md.
-- transactional: no
-- deferred: yes

drop index concurrently if exists ix_runs_pass_percent;
drop index concurrently if exists ix_results_assignee;
drop index concurrently if exists ix_results_classification;
drop index concurrently if exists ix_results_exception_name;
drop index concurrently if exists ix_results_jenkins_build_number;
drop index concurrently if exists ix_results_jenkins_job_name;
drop index concurrently if exists ix_results_result_satver_project_id_run_id_snapver;
drop index concurrently if exists ix_runs_jjn_jbn;
drop index concurrently if exists ix_runs_jenkins_build_number;
drop index concurrently if exists ix_runs_jenkins_job_name;

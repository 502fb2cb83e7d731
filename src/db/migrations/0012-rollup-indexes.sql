-- What widgets read beside rollups.
-- transactional: no
-- deferred: yes

-- Results of no run are in no rollup. Where all have one, this is empty.
create index concurrently if not exists ix_results_without_run on results (project_id, start_time) where run_id is null;

-- Runs of a Jenkins job, newest first; of a build, by the text or the number that its build number is.
create index concurrently if not exists ix_runs_jenkins_job
  on runs (project_id, left(data -> 'jenkins' ->> 'job_name', 200), start_time desc);
create index concurrently if not exists ix_runs_jenkins_build
  on runs (project_id, left(data -> 'jenkins' ->> 'build_number', 200), left(data -> 'jenkins' ->> 'job_name', 200));
create index concurrently if not exists ix_runs_jenkins_build_as_number
  on runs (project_id, left(data -> 'jenkins' ->> 'job_name', 200),
    (case when data -> 'jenkins' ->> 'build_number' ~ '^\s*[+-]?\d{1,15}\s*$'
      then (data -> 'jenkins' ->> 'build_number')::bigint end), start_time);
-- The estimates for expressions come with the next analyze.
analyze runs;

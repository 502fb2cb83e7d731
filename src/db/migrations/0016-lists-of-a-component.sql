-- Lists of one component are counted in an index alone: histories of a test, and runs by the numbers of their summaries (their
-- failures and errors as they stand, the others after a look at the summary, which PostgreSQL wants there in any case). Rows
-- whose texts may be too long for an index (D32) are left out; such runs stand in an index of their own, which is empty nearly
-- everywhere. The way back: docs/adoption.md.
-- transactional: no
-- deferred: yes

create index concurrently if not exists ix_results_project_id_test_id_component_start_time
  on results (project_id, test_id, component, start_time desc)
  where least(greatest(octet_length(test_id), octet_length(component)), 1001) <> 1001;
create index concurrently if not exists ix_results_project_id_test_id_start_time
  on results (project_id, test_id, start_time desc)
  where least(octet_length(test_id), 1001) <> 1001;
drop index concurrently if exists ix_results_history;
drop index concurrently if exists ix_results_history_long_component;
drop index concurrently if exists ix_results_history_long_component_any_project;

create index concurrently if not exists ix_runs_long_texts
  on runs (project_id, start_time desc)
  where least(greatest(octet_length(component), octet_length(summary::text)), 501) = 501;
create index concurrently if not exists ix_runs_summaries
  on runs (project_id, component, start_time desc,
    (case jsonb_typeof(summary -> 'failures') when 'number' then (summary -> 'failures')::numeric when 'string' then
      case when summary ->> 'failures' ~ '^[ \t\n\r\f\v]*[+-]?[0-9]{1,18}(\.[0-9]{1,18})?[ \t\n\r\f\v]*$' then (summary ->> 'failures')::numeric end end),
    (case jsonb_typeof(summary -> 'errors') when 'number' then (summary -> 'errors')::numeric when 'string' then
      case when summary ->> 'errors' ~ '^[ \t\n\r\f\v]*[+-]?[0-9]{1,18}(\.[0-9]{1,18})?[ \t\n\r\f\v]*$' then (summary ->> 'errors')::numeric end end))
  include (summary)
  where least(greatest(octet_length(component), octet_length(summary::text)), 501) <> 501;

-- In place of an index that refused runs whose build number has a blank of Unicode before it: \s finds it, and bigint does not
-- read it.
create index concurrently if not exists ix_runs_jenkins_build_by_number
  on runs (project_id, left(data -> 'jenkins' ->> 'job_name', 200),
    (case when data -> 'jenkins' ->> 'build_number' ~ '^[ \t\n\r\f\v]*[+-]?[0-9]{1,15}[ \t\n\r\f\v]*$'
      then (data -> 'jenkins' ->> 'build_number')::bigint end), start_time);
drop index concurrently if exists ix_runs_jenkins_build_as_number;
analyze runs;

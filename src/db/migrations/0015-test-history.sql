-- The history of a test by whole texts in place of their beginnings, so that it can be counted in the index alone. What is too
-- long for an index (D32) stands in others, which are empty nearly everywhere. The way back: docs/adoption.md.
-- transactional: no
-- deferred: yes

create index concurrently if not exists ix_results_history_long_component
  on results (project_id, start_time desc)
  where least(coalesce(octet_length(component), 0), 1001) = 1001;
create index concurrently if not exists ix_results_history_long_component_any_project
  on results ((start_time + interval '0'))
  where least(coalesce(octet_length(component), 0), 1001) = 1001;
create index concurrently if not exists ix_results_history_long_test
  on results (project_id, left(test_id, 200), start_time desc)
  where least(coalesce(octet_length(test_id), 0), 1001) = 1001;
create index concurrently if not exists ix_results_history
  on results (project_id, test_id, start_time desc, component)
  where least(greatest(octet_length(test_id), octet_length(component)), 1001) <> 1001;
drop index concurrently if exists ix_results_test_history;

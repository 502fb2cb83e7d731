-- Lists over several projects and prunes go by time alone. An index on start_time itself would also be taken for the lists
-- of one project whenever that project has a good share of all results: the planner thinks its rows lie evenly, and where it
-- has been quiet for a while walks past every newer result of the others. The expression keeps it to those who name it.
-- The way back: docs/adoption.md.
-- transactional: no
-- deferred: yes

create index concurrently if not exists ix_results_any_project_start_time on results ((start_time + interval '0'));
drop index concurrently if exists ix_results_start_time;

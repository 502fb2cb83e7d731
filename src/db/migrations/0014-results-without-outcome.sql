-- The total of a project's results comes from rollups, which have no results without an outcome. Where all have one, this
-- is empty. The way back: docs/adoption.md.
-- transactional: no
-- deferred: yes

create index concurrently if not exists ix_results_without_outcome on results (project_id) where result is null;

-- Marks of runs whose numbers are to be counted again. Written in the transaction that writes the result; one run
-- has as many marks as it had writes, so marks never wait for each other. No index: marks are taken in any order, and
-- the table is small. No foreign key: going back to Ibutsu, which knows nothing of this table, must not stop its
-- deletes.

create table run_changes (
  run_id uuid not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

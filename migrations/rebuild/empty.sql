-- The schema that the log is replayed into: task as it is, but for what only serves lists and searches (`migrate fold`
-- checks that).
CREATE TEMPORARY TABLE rebuilt (LIKE public.task INCLUDING DEFAULTS INCLUDING CONSTRAINTS, PRIMARY KEY (user_id, id));
ALTER TABLE rebuilt DROP COLUMN words, DROP COLUMN search, DROP COLUMN names, DROP COLUMN keys, DROP COLUMN indexed;

-- The schema that the log is replayed into: task as it is, but for what only makes queries fast.
CREATE TEMPORARY TABLE rebuilt (LIKE public.task INCLUDING DEFAULTS INCLUDING CONSTRAINTS, PRIMARY KEY (user_id, id));

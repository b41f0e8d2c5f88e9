-- +goose Up
-- The place of an occurrence in its series: where the rule is evaluated from, its number, and what later occurrences have
-- where this one was edited alone. NULL for a task that is in no series, and for occurrences from before this column.
-- Adding it rewrites no table, and the lock is held for an instant.
ALTER TABLE task ADD COLUMN series jsonb;

-- A registration stores the time zone and the first day of the week of the new user's browser. The function cannot read
-- or change preferences.
GRANT INSERT ON preference TO taskwire_auth;
CREATE POLICY auth_add ON preference FOR INSERT TO taskwire_auth WITH CHECK (true);

-- +goose Down
DROP POLICY auth_add ON preference;
REVOKE INSERT ON preference FROM taskwire_auth;
-- The version before evaluates a series from its first task, and does not know about skipped occurrences.
ALTER TABLE task DROP COLUMN series;

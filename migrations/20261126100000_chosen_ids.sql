-- +goose Up
-- Clients choose ids of tasks (docs/decisions/0021-chosen-ids.md), so the key (user_id, id) no longer makes an id one task's.
CREATE UNIQUE INDEX task_id_key ON task (id);

-- Whether any user's task has the id. Row-level security hides other users' rows from the role that asks; this tells it
-- what the unique index would, without failing the transaction, which others share.
CREATE FUNCTION task_id_taken(chosen uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
  RETURN EXISTS (SELECT FROM task WHERE id = chosen);
REVOKE ALL ON FUNCTION task_id_taken FROM PUBLIC;
GRANT EXECUTE ON FUNCTION task_id_taken TO taskwire_app;

-- +goose Down
DROP FUNCTION task_id_taken;
DROP INDEX task_id_key;

-- +goose Up
-- How much each user keeps and may keep, in the row that every change of a user's tasks locks and writes anyway: so the check costs no
-- query (docs/decisions/0042-operators-users.md). Tasks in the trash do not count.
ALTER TABLE user_stream
  ADD COLUMN tasks     bigint NOT NULL DEFAULT 0,
  ADD COLUMN bytes     bigint NOT NULL DEFAULT 0,   -- of titles and descriptions, in UTF-8
  ADD COLUMN max_tasks bigint CHECK (max_tasks > 0), -- NULL: as configured
  ADD COLUMN max_bytes bigint CHECK (max_bytes > 0);

-- Counts again, each user under the user's lock and in a transaction, and says for how many the counters were wrong. Functions of an
-- earlier release write tasks without counting them.
-- +goose StatementBegin
CREATE PROCEDURE count_usage(INOUT wrong bigint) LANGUAGE plpgsql
AS $$
DECLARE
  owner   uuid;
  changed bigint;
BEGIN
  wrong := 0;
  FOR owner IN SELECT user_id FROM user_stream LOOP
    PERFORM FROM user_stream WHERE user_id = owner FOR UPDATE;
    UPDATE user_stream SET tasks = counted.tasks, bytes = counted.bytes
    FROM (
      SELECT count(*) AS tasks, coalesce(sum(octet_length(title) + octet_length(description)), 0) AS bytes
      FROM task WHERE user_id = owner AND deleted_at IS NULL
    ) AS counted
    WHERE user_id = owner AND (user_stream.tasks, user_stream.bytes) IS DISTINCT FROM (counted.tasks, counted.bytes);
    GET DIAGNOSTICS changed = ROW_COUNT;
    wrong := wrong + changed;
    COMMIT;
  END LOOP;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON PROCEDURE count_usage FROM PUBLIC;

-- The functions count; only the owner sets bounds.
REVOKE UPDATE ON user_stream FROM taskwire_app, taskwire_worker;
GRANT UPDATE (seq, last_position, tasks, bytes) ON user_stream TO taskwire_app, taskwire_worker;
-- Administrators see the usage.
GRANT SELECT (user_id, tasks, bytes, max_tasks, max_bytes) ON user_stream TO taskwire_auth;
CREATE POLICY auth_usage ON user_stream FOR SELECT TO taskwire_auth USING (true);

-- +goose Down
DROP POLICY auth_usage ON user_stream;
REVOKE SELECT (user_id, tasks, bytes, max_tasks, max_bytes) ON user_stream FROM taskwire_auth;
GRANT UPDATE ON user_stream TO taskwire_app, taskwire_worker;
DROP PROCEDURE count_usage;
ALTER TABLE user_stream DROP COLUMN max_bytes, DROP COLUMN max_tasks, DROP COLUMN bytes, DROP COLUMN tasks;

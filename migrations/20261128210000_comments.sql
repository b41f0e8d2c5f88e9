-- +goose Up
-- Comments on tasks (docs/decisions/0045-comments.md). Their events have the whole comment, so the log is the source of truth.
CREATE TABLE comment (
  user_id    uuid NOT NULL,
  id         uuid NOT NULL, -- may be the client's choice
  task_id    uuid NOT NULL,
  text       text NOT NULL,
  actor      text NOT NULL, -- the author, as in task_event
  created_at timestamptz NOT NULL,
  edited_at  timestamptz,
  PRIMARY KEY (user_id, id),
  -- Who deletes a task for good deletes its comments. Comments are few, so the key costs writes of tasks nothing that can be measured.
  FOREIGN KEY (user_id, task_id) REFERENCES task ON DELETE CASCADE
);
CREATE INDEX comment_task ON comment (user_id, task_id, created_at, id);
GRANT SELECT, INSERT, UPDATE, DELETE ON comment TO taskwire_app;
GRANT SELECT ON comment TO taskwire_backup;
ALTER TABLE comment ENABLE ROW LEVEL SECURITY;
CREATE POLICY app_own ON comment TO taskwire_app USING (user_id = current_app_user()) WITH CHECK (user_id = current_app_user());
CREATE POLICY backup_read ON comment FOR SELECT TO taskwire_backup USING (true);

-- How many comments a task has and the bytes of their texts, in the row that a change of a comment reads anyway: the trash does not
-- count for what a user keeps, so moving a task there and back must know what its comments count for.
ALTER TABLE task ADD COLUMN comments integer NOT NULL DEFAULT 0, ADD COLUMN comment_bytes bigint NOT NULL DEFAULT 0;

-- +goose StatementBegin
CREATE OR REPLACE PROCEDURE count_usage(INOUT wrong bigint) LANGUAGE plpgsql
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
      SELECT count(*) AS tasks, coalesce(sum(octet_length(title) + octet_length(description) + comment_bytes), 0) AS bytes
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

-- +goose Down
-- +goose StatementBegin
DO $$ BEGIN
  IF EXISTS (SELECT FROM task_event WHERE event_type LIKE 'comment.%') THEN
    RAISE EXCEPTION 'the audit log has entries about comments, which the version before cannot read and no migration deletes'
      USING HINT = 'Stay at this version, or restore a backup that was made before it.';
  END IF;
END $$;

CREATE OR REPLACE PROCEDURE count_usage(INOUT wrong bigint) LANGUAGE plpgsql
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
ALTER TABLE task DROP COLUMN comments, DROP COLUMN comment_bytes;
DROP TABLE comment;

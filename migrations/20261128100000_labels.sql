-- +goose Up
-- Projects and tags are things with an id, a color and a place (docs/decisions/0035-projects-and-tags.md). The name is still what
-- tasks carry, so the table of names becomes the table of projects and tags: functions of the release before go on inserting names,
-- and the defaults make them whole. Names that no task has any more are left out.
WITH used AS MATERIALIZED (SELECT DISTINCT user_id, unnest(names) AS name FROM task WHERE deleted_at IS NULL)
DELETE FROM task_name n WHERE NOT EXISTS (SELECT FROM used u WHERE u.user_id = n.user_id AND u.name = n.name);

-- A UUIDv7 (RFC 9562, 5.7).
CREATE FUNCTION uuid_v7() RETURNS uuid LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
    PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid
$$;

ALTER TABLE task_name
  ADD COLUMN id         uuid NOT NULL DEFAULT uuid_v7(),
  ADD COLUMN color      text,
  -- An order key, as task.position. A new one is the time, and so the last.
  ADD COLUMN position   text COLLATE "C" NOT NULL DEFAULT 'm' || lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000000)::bigint), 13, '0'),
  ADD COLUMN archived   boolean NOT NULL DEFAULT false,
  ADD COLUMN version    bigint NOT NULL DEFAULT 1,
  ADD COLUMN created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  ADD COLUMN updated_at timestamptz NOT NULL DEFAULT clock_timestamp();
-- Those that are there begin in the order of their names, in which they were shown so far.
UPDATE task_name n SET position = 'm' || lpad(to_hex(o.place), 13, '0')
FROM (SELECT user_id, name, row_number() OVER (PARTITION BY user_id ORDER BY name) AS place FROM task_name) o
WHERE o.user_id = n.user_id AND o.name = n.name;
ALTER TABLE task_name ADD UNIQUE (user_id, id);
GRANT UPDATE, DELETE ON task_name TO taskwire_app;

-- The audit log's entries about projects and tags have these instead of after_task: the project or tag after the change (before it,
-- if it was deleted) with the names that tasks lost and got, and those tasks. One entry holds for all of them.
ALTER TABLE task_event ADD COLUMN label jsonb, ADD COLUMN relabeled uuid[];

-- +goose Down
LOCK TABLE task_event IN ACCESS EXCLUSIVE MODE;
-- +goose StatementBegin
DO $$ BEGIN
  IF EXISTS (SELECT FROM task_event WHERE event_type LIKE 'project.%' OR event_type LIKE 'tag.%') THEN
    RAISE EXCEPTION 'the audit log has entries about projects and tags, which the version before cannot read and no migration deletes'
      USING HINT = 'Stay at this version, or restore a backup that was made before it.';
  END IF;
END $$;
-- +goose StatementEnd
ALTER TABLE task_event DROP COLUMN label, DROP COLUMN relabeled;
REVOKE UPDATE, DELETE ON task_name FROM taskwire_app;
ALTER TABLE task_name DROP COLUMN id, DROP COLUMN color, DROP COLUMN position, DROP COLUMN archived, DROP COLUMN version,
  DROP COLUMN created_at, DROP COLUMN updated_at;
DROP FUNCTION uuid_v7();

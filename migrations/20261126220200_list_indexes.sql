-- +goose NO TRANSACTION
-- +goose Up
-- The indexes of lists and searches (docs/decisions/0027-search-and-list-indexes.md), built beside running writes. One that
-- was interrupted is invalid, so each is dropped first. Open and completed tasks are apart: they are usually listed apart,
-- and their order in time differs, so that one would be in the way of the other. (It is a number, since PostgreSQL turns
-- the comparison of a boolean with a constant into a clause that no longer matches the index. With completed_at included,
-- open tasks are counted from the index alone.)
DROP INDEX CONCURRENTLY IF EXISTS task_keys;
CREATE INDEX CONCURRENTLY task_keys ON task USING gin (keys) WITH (gin_pending_list_limit = 512) WHERE keys IS NOT NULL;
DROP INDEX CONCURRENTLY IF EXISTS task_first;
CREATE INDEX CONCURRENTLY task_first ON task (user_id) WHERE NOT indexed;
DROP INDEX CONCURRENTLY IF EXISTS task_by_position;
CREATE INDEX CONCURRENTLY task_by_position ON task (user_id, (CASE WHEN completed_at IS NULL THEN 0 ELSE 1 END), position, id) WHERE indexed AND deleted_at IS NULL;
DROP INDEX CONCURRENTLY IF EXISTS task_by_created_at;
CREATE INDEX CONCURRENTLY task_by_created_at ON task (user_id, (CASE WHEN completed_at IS NULL THEN 0 ELSE 1 END), created_at, id) WHERE indexed AND deleted_at IS NULL;
DROP INDEX CONCURRENTLY IF EXISTS task_by_updated_at;
CREATE INDEX CONCURRENTLY task_by_updated_at ON task (user_id, (CASE WHEN completed_at IS NULL THEN 0 ELSE 1 END), updated_at, id) WHERE indexed AND deleted_at IS NULL;
DROP INDEX CONCURRENTLY IF EXISTS task_by_due_at;
CREATE INDEX CONCURRENTLY task_by_due_at ON task (user_id, (CASE WHEN completed_at IS NULL THEN 0 ELSE 1 END), due_at, id)
  WHERE indexed AND deleted_at IS NULL AND due_date IS NULL;
DROP INDEX CONCURRENTLY IF EXISTS task_by_due_date;
CREATE INDEX CONCURRENTLY task_by_due_date ON task (user_id, (CASE WHEN completed_at IS NULL THEN 0 ELSE 1 END), due_date, id)
  WHERE indexed AND deleted_at IS NULL AND due_date IS NOT NULL;
DROP INDEX CONCURRENTLY IF EXISTS task_by_priority;
CREATE INDEX CONCURRENTLY task_by_priority ON task (user_id, (CASE WHEN completed_at IS NULL THEN 0 ELSE 1 END), priority, id)
  INCLUDE (completed_at) WHERE indexed AND deleted_at IS NULL;
DROP INDEX CONCURRENTLY IF EXISTS task_by_title;
CREATE INDEX CONCURRENTLY task_by_title ON task (user_id, (CASE WHEN completed_at IS NULL THEN 0 ELSE 1 END), title COLLATE task_title, id) WHERE indexed AND deleted_at IS NULL;

-- +goose Down
DROP INDEX CONCURRENTLY IF EXISTS task_by_title;
DROP INDEX CONCURRENTLY IF EXISTS task_by_priority;
DROP INDEX CONCURRENTLY IF EXISTS task_by_due_date;
DROP INDEX CONCURRENTLY IF EXISTS task_by_due_at;
DROP INDEX CONCURRENTLY IF EXISTS task_by_updated_at;
DROP INDEX CONCURRENTLY IF EXISTS task_by_created_at;
DROP INDEX CONCURRENTLY IF EXISTS task_by_position;
DROP INDEX CONCURRENTLY IF EXISTS task_first;
DROP INDEX CONCURRENTLY IF EXISTS task_keys;

-- +goose NO TRANSACTION
-- +goose Up
-- What a user deleted lately (GET /api/todos/trash), built beside running writes. Only deleted tasks are in it.
DROP INDEX CONCURRENTLY IF EXISTS task_trash;
CREATE INDEX CONCURRENTLY task_trash ON task (user_id, deleted_at, id) WHERE deleted_at IS NOT NULL;

-- +goose Down
DROP INDEX CONCURRENTLY IF EXISTS task_trash;

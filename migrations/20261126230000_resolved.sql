-- +goose Up
-- A notification whose task is completed, deleted or no longer due then is resolved. The column is nullable, so the table
-- is not rewritten, and the lock is held for an instant. The version before counts a resolved one as read.
ALTER TABLE notification ADD COLUMN resolved_at timestamptz;

-- +goose Down
ALTER TABLE notification DROP COLUMN resolved_at;

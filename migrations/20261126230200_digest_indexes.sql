-- +goose NO TRANSACTION
-- +goose Up
-- Built beside running writes. One that was interrupted is invalid, so each is dropped first.
DROP INDEX CONCURRENTLY IF EXISTS notification_digest;
CREATE INDEX CONCURRENTLY notification_digest ON notification (user_id, digest_id) WHERE digest_id IS NOT NULL;
DROP INDEX CONCURRENTLY IF EXISTS notification_listed;
CREATE INDEX CONCURRENTLY notification_listed ON notification (user_id, created_at DESC, id DESC) WHERE snoozed_until IS NULL AND digest_id IS NULL;
DROP INDEX CONCURRENTLY IF EXISTS notification_shown;
-- A tick claims all that is due for a user at once.
DROP INDEX CONCURRENTLY IF EXISTS task_reminder_user_due;
CREATE INDEX CONCURRENTLY task_reminder_user_due ON task_reminder (user_id, remind_at) WHERE remind_at IS NOT NULL;

-- +goose Down
DROP INDEX CONCURRENTLY IF EXISTS task_reminder_user_due;
DROP INDEX CONCURRENTLY IF EXISTS notification_shown;
CREATE INDEX CONCURRENTLY notification_shown ON notification (user_id, created_at DESC, id DESC) WHERE snoozed_until IS NULL;
DROP INDEX CONCURRENTLY IF EXISTS notification_listed;
DROP INDEX CONCURRENTLY IF EXISTS notification_digest;

-- +goose Up
-- Administrators see how much is committed and not yet published, and since when; of whom and what, nobody but the publishers.
GRANT SELECT (topic, created_at) ON outbox TO taskwire_deadletter;
CREATE POLICY deadletter_backlog ON outbox FOR SELECT TO taskwire_deadletter USING (true);

-- +goose Down
DROP POLICY deadletter_backlog ON outbox;
REVOKE SELECT (topic, created_at) ON outbox FROM taskwire_deadletter;

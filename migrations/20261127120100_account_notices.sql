-- +goose Up
-- What a user is notified of about the account. The row is the source of the notification: reminder-fan-in creates none for an
-- event without one, which any client of the broker could have published.
CREATE TABLE account_notice (
  user_id    uuid NOT NULL REFERENCES app_user ON DELETE CASCADE,
  id         uuid NOT NULL,                    -- of the event and of the notification
  title      text NOT NULL,
  body       text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (user_id, id)
);
CREATE INDEX account_notice_age ON account_notice (created_at);
GRANT INSERT ON account_notice TO taskwire_auth;
GRANT SELECT ON account_notice TO taskwire_worker, taskwire_backup;
ALTER TABLE account_notice ENABLE ROW LEVEL SECURITY;
CREATE POLICY auth_add ON account_notice FOR INSERT TO taskwire_auth WITH CHECK (true);
CREATE POLICY worker_read ON account_notice FOR SELECT TO taskwire_worker USING (true);
CREATE POLICY backup_read ON account_notice FOR SELECT TO taskwire_backup USING (true);

-- The auth function writes the events of its notices, and no others.
GRANT INSERT (shard, user_id, topic, payload) ON outbox TO taskwire_auth;
CREATE POLICY auth_add ON outbox FOR INSERT TO taskwire_auth WITH CHECK (topic = 'reminders');

-- +goose Down
DROP POLICY auth_add ON outbox;
REVOKE INSERT (shard, user_id, topic, payload) ON outbox FROM taskwire_auth;
DROP TABLE account_notice;

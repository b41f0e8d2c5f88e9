-- +goose Up
-- What consumers refused or gave up on, kept by the function dead-letter in a separate role.
-- +goose StatementBegin
DO $$
BEGIN
  BEGIN
    CREATE ROLE taskwire_deadletter LOGIN NOINHERIT;
  EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;
  END;
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO taskwire_deadletter', current_database());
END
$$;
-- +goose StatementEnd
GRANT USAGE ON SCHEMA public TO taskwire_deadletter;

-- One row for an event and the consumer that could not handle it, however often it fails.
CREATE TABLE dead_letter (
  id            uuid PRIMARY KEY,
  identity      bytea NOT NULL UNIQUE,         -- SHA-256 of consumer, source and id; of the record where it is no event
  status        text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'redriven')),
  consumer      text NOT NULL,                 -- '' where nobody knows
  topic         text NOT NULL,                 -- '' where nobody knows
  reason        text NOT NULL,
  attempts      integer NOT NULL,              -- of the last failure; 0 where nobody counted
  failures      integer NOT NULL DEFAULT 1,    -- how often it came here
  redrives      integer NOT NULL DEFAULT 0,
  source        text,                          -- NULL, like all of the event's attributes, where it is no event
  event_id      text,
  event_type    text,
  subject       text,
  user_id       uuid,
  event         bytea NOT NULL,                -- the record, byte for byte
  created_at    timestamptz NOT NULL DEFAULT now(),
  failed_at     timestamptz NOT NULL DEFAULT now(),
  redriven_at   timestamptz
);
CREATE INDEX dead_letter_status ON dead_letter (status, id);
CREATE INDEX dead_letter_redriven ON dead_letter (redriven_at) WHERE status = 'redriven';

GRANT SELECT, INSERT, UPDATE, DELETE ON dead_letter TO taskwire_deadletter;
GRANT SELECT, INSERT ON processed_event, idempotency_key TO taskwire_deadletter;
GRANT INSERT ON outbox TO taskwire_deadletter;
-- An administrator's token may be older than the day on which the office was lost.
GRANT SELECT (id, role) ON app_user TO taskwire_deadletter;
GRANT SELECT (id, user_id, expires_at, revoked_at) ON access_token TO taskwire_deadletter;
-- What was redriven and did not come back goes after a while.
GRANT SELECT (status, redriven_at), DELETE ON dead_letter TO taskwire_outbox;

ALTER TABLE dead_letter ENABLE ROW LEVEL SECURITY;
CREATE POLICY deadletter_all ON dead_letter TO taskwire_deadletter USING (true) WITH CHECK (true);
CREATE POLICY outbox_old ON dead_letter TO taskwire_outbox USING (status = 'redriven' AND redriven_at < now() - interval '14 days');
CREATE POLICY deadletter_own ON processed_event TO taskwire_deadletter USING (consumer = 'dead-letter') WITH CHECK (consumer = 'dead-letter');
CREATE POLICY deadletter_own ON idempotency_key TO taskwire_deadletter USING (user_id = current_app_user()) WITH CHECK (user_id = current_app_user());
CREATE POLICY deadletter_all ON outbox FOR INSERT TO taskwire_deadletter WITH CHECK (true);
CREATE POLICY deadletter_all ON app_user FOR SELECT TO taskwire_deadletter USING (true);
CREATE POLICY deadletter_own ON access_token FOR SELECT TO taskwire_deadletter USING (user_id = current_app_user());

-- +goose Down
DROP POLICY deadletter_own ON access_token;
DROP POLICY deadletter_all ON app_user;
DROP POLICY deadletter_all ON outbox;
DROP POLICY deadletter_own ON idempotency_key;
DROP POLICY deadletter_own ON processed_event;
DROP TABLE dead_letter;
REVOKE SELECT (id, user_id, expires_at, revoked_at) ON access_token FROM taskwire_deadletter;
REVOKE SELECT (id, role) ON app_user FROM taskwire_deadletter;
REVOKE INSERT ON outbox FROM taskwire_deadletter;
REVOKE SELECT, INSERT ON processed_event, idempotency_key FROM taskwire_deadletter;
REVOKE USAGE ON SCHEMA public FROM taskwire_deadletter;

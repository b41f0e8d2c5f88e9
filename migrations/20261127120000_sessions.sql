-- +goose Up
-- One row for each login, so that its user can see it and end it (docs/decisions/0032-sessions-and-passwords.md). Its id is the
-- family_id of its refresh tokens, and the claim sid of its access tokens.
CREATE TABLE session (
  id         uuid PRIMARY KEY,
  user_id    uuid NOT NULL REFERENCES app_user ON DELETE CASCADE,
  device     text NOT NULL CHECK (length(device) <= 100),   -- from the User-Agent, in words; '' is unknown
  network    text NOT NULL CHECK (network IN ('local', 'private', 'internet', 'unknown')),
  created_at timestamptz NOT NULL,
  used_at    timestamptz NOT NULL,             -- of the last exchange
  expires_at timestamptz NOT NULL,             -- unless it is used before; never after ends_at
  ends_at    timestamptz NOT NULL,             -- however often it is used
  ended_at   timestamptz                       -- by its user, by the theft of a token, or by a change of the password
);
CREATE INDEX session_owner ON session (user_id);
CREATE INDEX session_expiry ON session (expires_at);
-- What the gateway asks for, to end the streams of sessions that have ended.
CREATE INDEX session_ended ON session (ended_at) WHERE ended_at IS NOT NULL;

-- The sessions that are open have 90 days from now on.
INSERT INTO session (id, user_id, device, network, created_at, used_at, expires_at, ends_at)
SELECT family_id, user_id, '', 'unknown', min(created_at), max(created_at), max(expires_at), now() + interval '90 days'
FROM refresh_token
WHERE family_id IN (SELECT family_id FROM refresh_token WHERE revoked_at IS NULL AND rotated_at IS NULL AND expires_at > now())
GROUP BY family_id, user_id;

-- A link with which a user who has forgotten the password sets another. The link itself is in the mail only.
CREATE TABLE password_reset (
  id         uuid PRIMARY KEY,                 -- of the mail
  user_id    uuid NOT NULL REFERENCES app_user ON DELETE CASCADE,
  token_hash bytea NOT NULL UNIQUE,            -- SHA-256
  expires_at timestamptz NOT NULL
);
CREATE INDEX password_reset_user ON password_reset (user_id);
CREATE INDEX password_reset_expiry ON password_reset (expires_at);

-- Requests for such a mail, from the request until it is sent. There is one for unknown addresses too, so that a request takes the
-- same time for them.
CREATE TABLE mail_queue (
  id         uuid PRIMARY KEY,
  email      text NOT NULL CHECK (length(email) <= 254),
  created_at timestamptz NOT NULL,
  tries      integer NOT NULL DEFAULT 0,
  next_at    timestamptz NOT NULL
);
CREATE INDEX mail_queue_next ON mail_queue (next_at);

GRANT SELECT, INSERT, DELETE ON session, password_reset, mail_queue TO taskwire_auth;
GRANT UPDATE (device, network, used_at, expires_at, ended_at) ON session TO taskwire_auth;
GRANT UPDATE (tries, next_at) ON mail_queue TO taskwire_auth;

-- The one way to change a password, for the auth function and the operator: all sessions and reset links end with it. A function
-- rather than a right to update the column, so that an attacker who takes the auth function over cannot change a password
-- and leave its owner signed in and unaware.
-- +goose StatementBegin
CREATE FUNCTION change_password(account uuid, hash text, revoke_tokens boolean) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  UPDATE app_user SET password_hash = hash WHERE id = account;
  UPDATE session SET ended_at = now() WHERE user_id = account AND ended_at IS NULL;
  UPDATE refresh_token SET revoked_at = now() WHERE user_id = account AND revoked_at IS NULL;
  DELETE FROM password_reset WHERE user_id = account;
  IF revoke_tokens THEN
    UPDATE access_token SET revoked_at = now() WHERE user_id = account AND revoked_at IS NULL;
  END IF;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION change_password FROM PUBLIC;
GRANT EXECUTE ON FUNCTION change_password TO taskwire_auth;
-- The gateway asks whether a session is open, and no more.
GRANT SELECT (id, expires_at, ended_at) ON session TO taskwire_stream;
GRANT SELECT ON session, password_reset, mail_queue TO taskwire_backup;

ALTER TABLE session ENABLE ROW LEVEL SECURITY;
ALTER TABLE password_reset ENABLE ROW LEVEL SECURITY;
ALTER TABLE mail_queue ENABLE ROW LEVEL SECURITY;
CREATE POLICY auth_all ON session TO taskwire_auth USING (true) WITH CHECK (true);
CREATE POLICY auth_all ON password_reset TO taskwire_auth USING (true) WITH CHECK (true);
CREATE POLICY auth_all ON mail_queue TO taskwire_auth USING (true) WITH CHECK (true);
CREATE POLICY stream_all ON session FOR SELECT TO taskwire_stream USING (true);
CREATE POLICY backup_read ON session FOR SELECT TO taskwire_backup USING (true);
CREATE POLICY backup_read ON password_reset FOR SELECT TO taskwire_backup USING (true);
CREATE POLICY backup_read ON mail_queue FOR SELECT TO taskwire_backup USING (true);

-- +goose Down
DROP FUNCTION change_password;
DROP TABLE mail_queue;
DROP TABLE password_reset;
DROP TABLE session;

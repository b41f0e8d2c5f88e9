-- +goose Up
CREATE TABLE app_user (
  id            uuid PRIMARY KEY,
  email         text NOT NULL CHECK (email = lower(email) AND length(email) <= 254),
  name          text NOT NULL CHECK (length(name) <= 200),
  role          text NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'admin')),
  password_hash text NOT NULL,
  created_at    timestamptz NOT NULL,
  -- Idempotency-Key of the registration. It counts for a day, and then it may be used by anybody again.
  registration_key text,
  CONSTRAINT app_user_email_key UNIQUE (email),
  CONSTRAINT app_user_registration_key_key UNIQUE (registration_key)
);

-- One row per refresh token ever issued; a family is a login and all that was rotated out of it.
CREATE TABLE refresh_token (
  id           uuid PRIMARY KEY,
  family_id    uuid NOT NULL,
  user_id      uuid NOT NULL REFERENCES app_user ON DELETE CASCADE,
  token_hash   bytea NOT NULL UNIQUE,          -- SHA-256; the token itself is known to the browser alone
  created_at   timestamptz NOT NULL,
  expires_at   timestamptz NOT NULL,
  rotated_at   timestamptz,                    -- set once it was exchanged; a second use revokes the family
  rotation_key text,                           -- Idempotency-Key of the request that exchanged it
  successor_id uuid,                           -- what it was exchanged for
  revoked_at   timestamptz
);
CREATE INDEX refresh_token_family ON refresh_token (family_id);
CREATE INDEX refresh_token_user ON refresh_token (user_id);

-- Personal access tokens. The token is a signed JWT whose jti is this id, so no secret is stored.
CREATE TABLE access_token (
  id              uuid PRIMARY KEY,
  user_id         uuid NOT NULL REFERENCES app_user ON DELETE CASCADE,
  name            text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  scopes          text[] NOT NULL,
  created_at      timestamptz NOT NULL,
  expires_at      timestamptz NOT NULL,
  last_used_at    timestamptz,
  revoked_at      timestamptz,
  idempotency_key text,
  request_hash    bytea,
  UNIQUE (user_id, idempotency_key)
);

GRANT SELECT, INSERT, UPDATE ON app_user, refresh_token, access_token TO taskwire_auth;
GRANT DELETE ON refresh_token TO taskwire_auth;
-- Everyone who accepts a personal access token must be able to ask whether it was revoked, and no more.
GRANT SELECT (id, user_id, expires_at, revoked_at) ON access_token TO taskwire_app, taskwire_stream;

ALTER TABLE app_user ENABLE ROW LEVEL SECURITY;
ALTER TABLE refresh_token ENABLE ROW LEVEL SECURITY;
ALTER TABLE access_token ENABLE ROW LEVEL SECURITY;
CREATE POLICY auth_all ON app_user TO taskwire_auth USING (true) WITH CHECK (true);
CREATE POLICY auth_all ON refresh_token TO taskwire_auth USING (true) WITH CHECK (true);
CREATE POLICY auth_all ON access_token TO taskwire_auth USING (true) WITH CHECK (true);
CREATE POLICY app_own ON access_token FOR SELECT TO taskwire_app USING (user_id = current_app_user());
CREATE POLICY stream_all ON access_token FOR SELECT TO taskwire_stream USING (true);

-- +goose Down
DROP TABLE access_token;
DROP TABLE refresh_token;
DROP TABLE app_user;

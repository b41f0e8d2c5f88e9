-- +goose Up
-- Second factors (docs/decisions/0041-second-factors.md). A passkey is also enough to sign in by.
CREATE TABLE passkey (
  id              uuid PRIMARY KEY,
  user_id         uuid NOT NULL REFERENCES app_user ON DELETE CASCADE,
  credential_id   bytea NOT NULL UNIQUE CHECK (length(credential_id) BETWEEN 1 AND 1023),
  public_key      bytea NOT NULL,               -- COSE
  aaguid          bytea NOT NULL,               -- model of the authenticator; zeros where it does not say
  transports      text[] NOT NULL,              -- hints for the browser: usb, internal, hybrid, ...
  backup_eligible boolean NOT NULL,             -- may be copied to other devices of its user; never changes
  backed_up       boolean NOT NULL,
  sign_count      bigint NOT NULL,              -- 0 where the authenticator does not count
  name            text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  created_at      timestamptz NOT NULL,
  last_used_at    timestamptz
);
CREATE INDEX passkey_owner ON passkey (user_id);

-- The authenticator app of a user.
CREATE TABLE totp (
  user_id      uuid PRIMARY KEY REFERENCES app_user ON DELETE CASCADE,
  secret       bytea NOT NULL,                  -- encrypted with a key that is not in the database
  last_step    bigint NOT NULL,                 -- RFC 6238: codes of this and earlier steps are used up
  created_at   timestamptz NOT NULL,
  confirmed_at timestamptz,                     -- null until its user has entered a first code
  last_used_at timestamptz
);

-- Codes for a user who has lost the other factors. A code that was used is deleted.
CREATE TABLE recovery_code (
  user_id    uuid NOT NULL REFERENCES app_user ON DELETE CASCADE,
  code_hash  bytea NOT NULL,                    -- SHA-256
  created_at timestamptz NOT NULL,
  PRIMARY KEY (user_id, code_hash)
);

-- Sign-ins whose password was right and which wait for the second factor.
CREATE TABLE pending_sign_in (
  token_hash bytea PRIMARY KEY,                 -- SHA-256
  user_id    uuid NOT NULL REFERENCES app_user ON DELETE CASCADE,
  tries      smallint NOT NULL DEFAULT 0,       -- wrong ones
  expires_at timestamptz NOT NULL
);
CREATE INDEX pending_sign_in_user ON pending_sign_in (user_id);
CREATE INDEX pending_sign_in_expiry ON pending_sign_in (expires_at);

-- Challenges that a passkey is to sign. Each is deleted by its first use.
CREATE TABLE passkey_challenge (
  challenge_hash bytea PRIMARY KEY,             -- SHA-256
  purpose        text NOT NULL CHECK (purpose IN ('sign-in', 'second-step', 'confirm', 'add')),
  user_id        uuid REFERENCES app_user ON DELETE CASCADE, -- null for a sign-in: the passkey says whose it is
  bound_to       bytea,                         -- the token_hash of the pending sign-in, or the id of the session, that asked
  data           jsonb NOT NULL,                -- what the answer is checked against
  expires_at     timestamptz NOT NULL
);
CREATE INDEX passkey_challenge_user ON passkey_challenge (user_id);
CREATE INDEX passkey_challenge_expiry ON passkey_challenge (expires_at);

-- When the user of a session has last proved to be there, after the sign-in.
ALTER TABLE session ADD COLUMN confirmed_at timestamptz;
ALTER TABLE session ADD COLUMN confirmed_by text CHECK (confirmed_by IN ('password', 'passkey'));
GRANT UPDATE (confirmed_at, confirmed_by) ON session TO taskwire_auth;

GRANT SELECT, INSERT, DELETE ON passkey, totp, recovery_code, pending_sign_in, passkey_challenge TO taskwire_auth;
GRANT UPDATE (name, sign_count, backed_up, last_used_at) ON passkey TO taskwire_auth;
GRANT UPDATE (secret, last_step, created_at, confirmed_at, last_used_at) ON totp TO taskwire_auth;
GRANT UPDATE (tries) ON pending_sign_in TO taskwire_auth;
GRANT UPDATE (expires_at) ON passkey_challenge TO taskwire_auth; -- SELECT FOR UPDATE needs some column
GRANT SELECT ON passkey, totp, recovery_code, pending_sign_in, passkey_challenge TO taskwire_backup;

ALTER TABLE passkey ENABLE ROW LEVEL SECURITY;
ALTER TABLE totp ENABLE ROW LEVEL SECURITY;
ALTER TABLE recovery_code ENABLE ROW LEVEL SECURITY;
ALTER TABLE pending_sign_in ENABLE ROW LEVEL SECURITY;
ALTER TABLE passkey_challenge ENABLE ROW LEVEL SECURITY;
CREATE POLICY auth_all ON passkey TO taskwire_auth USING (true) WITH CHECK (true);
CREATE POLICY auth_all ON totp TO taskwire_auth USING (true) WITH CHECK (true);
CREATE POLICY auth_all ON recovery_code TO taskwire_auth USING (true) WITH CHECK (true);
CREATE POLICY auth_all ON pending_sign_in TO taskwire_auth USING (true) WITH CHECK (true);
CREATE POLICY auth_all ON passkey_challenge TO taskwire_auth USING (true) WITH CHECK (true);
CREATE POLICY backup_read ON passkey FOR SELECT TO taskwire_backup USING (true);
CREATE POLICY backup_read ON totp FOR SELECT TO taskwire_backup USING (true);
CREATE POLICY backup_read ON recovery_code FOR SELECT TO taskwire_backup USING (true);
CREATE POLICY backup_read ON pending_sign_in FOR SELECT TO taskwire_backup USING (true);
CREATE POLICY backup_read ON passkey_challenge FOR SELECT TO taskwire_backup USING (true);

-- +goose Down
ALTER TABLE session DROP COLUMN confirmed_by;
ALTER TABLE session DROP COLUMN confirmed_at;
DROP TABLE passkey_challenge;
DROP TABLE pending_sign_in;
DROP TABLE recovery_code;
DROP TABLE totp;
DROP TABLE passkey;

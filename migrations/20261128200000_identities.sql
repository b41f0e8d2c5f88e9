-- +goose Up
-- Accounts at OpenID providers that users sign in with (docs/decisions/0043-single-sign-on.md).
CREATE TABLE user_identity (
  id           uuid PRIMARY KEY,
  user_id      uuid NOT NULL REFERENCES app_user ON DELETE CASCADE,
  provider     text NOT NULL CHECK (length(provider) BETWEEN 1 AND 32), -- its id in the configuration, when the account was linked
  issuer       text NOT NULL CHECK (length(issuer) BETWEEN 1 AND 500),
  subject      text NOT NULL CHECK (length(subject) BETWEEN 1 AND 255), -- who that is at the issuer; never given to somebody else
  email        text NOT NULL CHECK (length(email) <= 254),              -- as the issuer said it last; '' is none
  linked_at    timestamptz NOT NULL,
  last_used_at timestamptz,
  CONSTRAINT user_identity_issuer_subject_key UNIQUE (issuer, subject)
);
CREATE INDEX user_identity_owner ON user_identity (user_id);

-- Browsers that were sent to a provider and have not come back. Each is deleted when its browser does.
CREATE TABLE provider_visit (
  state_hash   bytea PRIMARY KEY,              -- SHA-256 of the parameter state
  browser_hash bytea NOT NULL,                 -- SHA-256 of the browser's cookie
  provider     text NOT NULL,                  -- its id in the configuration
  purpose      text NOT NULL CHECK (purpose IN ('sign-in', 'link', 'confirm')),
  user_id      uuid REFERENCES app_user ON DELETE CASCADE, -- null for a sign-in: the provider says whose it is
  session_id   uuid,                           -- likewise
  started_at   timestamptz NOT NULL,
  expires_at   timestamptz NOT NULL,
  CHECK ((purpose = 'sign-in') = (user_id IS NULL) AND (user_id IS NULL) = (session_id IS NULL))
);
CREATE INDEX provider_visit_user ON provider_visit (user_id);
CREATE INDEX provider_visit_expiry ON provider_visit (expires_at);

ALTER TABLE session DROP CONSTRAINT session_confirmed_by_check;
ALTER TABLE session ADD CONSTRAINT session_confirmed_by_check CHECK (confirmed_by IN ('password', 'passkey', 'provider')) NOT VALID;
ALTER TABLE session VALIDATE CONSTRAINT session_confirmed_by_check;

GRANT SELECT, INSERT, DELETE ON user_identity, provider_visit TO taskwire_auth;
GRANT UPDATE (email, last_used_at) ON user_identity TO taskwire_auth;
GRANT UPDATE (expires_at) ON provider_visit TO taskwire_auth; -- SELECT FOR UPDATE needs some column
GRANT SELECT ON user_identity, provider_visit TO taskwire_backup;

ALTER TABLE user_identity ENABLE ROW LEVEL SECURITY;
ALTER TABLE provider_visit ENABLE ROW LEVEL SECURITY;
CREATE POLICY auth_all ON user_identity TO taskwire_auth USING (true) WITH CHECK (true);
CREATE POLICY auth_all ON provider_visit TO taskwire_auth USING (true) WITH CHECK (true);
CREATE POLICY backup_read ON user_identity FOR SELECT TO taskwire_backup USING (true);
CREATE POLICY backup_read ON provider_visit FOR SELECT TO taskwire_backup USING (true);

-- What the user on whose behalf the transaction runs signs in with, for the export, as own_account().
-- +goose StatementBegin
CREATE FUNCTION own_identities() RETURNS TABLE (issuer text, subject text, email text, linked_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$ SELECT i.issuer, i.subject, i.email, i.linked_at FROM user_identity i WHERE i.user_id = current_app_user() ORDER BY i.id $$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION own_identities FROM PUBLIC;
GRANT EXECUTE ON FUNCTION own_identities TO taskwire_app;

-- +goose Down
DROP FUNCTION own_identities;
UPDATE session SET confirmed_at = NULL, confirmed_by = NULL WHERE confirmed_by = 'provider';
ALTER TABLE session DROP CONSTRAINT session_confirmed_by_check;
ALTER TABLE session ADD CONSTRAINT session_confirmed_by_check CHECK (confirmed_by IN ('password', 'passkey'));
DROP TABLE provider_visit;
DROP TABLE user_identity;

-- +goose Up
-- Apps that have registered (RFC 7591). One that no user connects is forgotten after a day.
CREATE TABLE oauth_client (
  id            uuid PRIMARY KEY,
  name          text NOT NULL CHECK (length(name) BETWEEN 1 AND 100), -- by the app's own word
  redirect_uris text[] NOT NULL CHECK (cardinality(redirect_uris) BETWEEN 1 AND 10),
  created_at    timestamptz NOT NULL,
  expires_at    timestamptz NOT NULL
);
CREATE INDEX oauth_client_expiry ON oauth_client (expires_at);

-- What a user has allowed an app (docs/decisions/0040-connected-apps.md). Each grant is a session, so that its tokens end as those
-- of a session do. The app gets its tokens for a code, once.
CREATE TABLE app_grant (
  id             uuid PRIMARY KEY REFERENCES session ON DELETE CASCADE,
  user_id        uuid NOT NULL REFERENCES app_user ON DELETE CASCADE,
  client_id      text NOT NULL CHECK (length(client_id) <= 500),      -- of a registration, or the address of its metadata
  name           text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  host           text NOT NULL CHECK (length(host) <= 253),           -- that vouches for the app; '' is none
  redirect_uri   text NOT NULL CHECK (length(redirect_uri) <= 500),
  scopes         text[] NOT NULL,
  resource       text NOT NULL,                                       -- the audience of its tokens (RFC 8707)
  code_hash      bytea NOT NULL UNIQUE,                               -- SHA-256
  code_challenge text NOT NULL,                                       -- S256 (RFC 7636)
  code_until     timestamptz NOT NULL,
  redeemed_at    timestamptz,                                         -- the code
  generation     integer NOT NULL DEFAULT 0                           -- of the one valid refresh token
);
CREATE INDEX app_grant_owner ON app_grant (user_id);

GRANT SELECT, INSERT, DELETE ON oauth_client TO taskwire_auth;
GRANT UPDATE (expires_at) ON oauth_client TO taskwire_auth;
GRANT SELECT, INSERT ON app_grant TO taskwire_auth;
GRANT UPDATE (redeemed_at, generation) ON app_grant TO taskwire_auth;
GRANT SELECT ON oauth_client, app_grant TO taskwire_backup;

ALTER TABLE oauth_client ENABLE ROW LEVEL SECURITY;
ALTER TABLE app_grant ENABLE ROW LEVEL SECURITY;
CREATE POLICY auth_all ON oauth_client TO taskwire_auth USING (true) WITH CHECK (true);
CREATE POLICY auth_all ON app_grant TO taskwire_auth USING (true) WITH CHECK (true);
CREATE POLICY backup_read ON oauth_client FOR SELECT TO taskwire_backup USING (true);
CREATE POLICY backup_read ON app_grant FOR SELECT TO taskwire_backup USING (true);

-- +goose Down
DELETE FROM session WHERE id IN (SELECT id FROM app_grant);
DROP TABLE app_grant;
DROP TABLE oauth_client;

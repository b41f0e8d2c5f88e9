-- +goose Up
-- The role taskwire_auth changes no more than the auth function must: an attacker who takes that function over can neither make
-- an administrator nor change a password, an email address or what a token may do. `migrate role`, as the owner, makes
-- administrators.
REVOKE UPDATE ON app_user, refresh_token, access_token FROM taskwire_auth;
GRANT UPDATE (registration_key) ON app_user TO taskwire_auth;
GRANT UPDATE (token_hash, expires_at, rotated_at, rotation_key, successor_id, revoked_at) ON refresh_token TO taskwire_auth;
GRANT UPDATE (last_used_at, revoked_at) ON access_token TO taskwire_auth;

-- A policy rather than column privileges for INSERT: the release before this one names the column role, and goes on
-- registering users while this one is rolled out.
DROP POLICY auth_all ON app_user;
CREATE POLICY auth_read ON app_user FOR SELECT TO taskwire_auth USING (true);
CREATE POLICY auth_add ON app_user FOR INSERT TO taskwire_auth WITH CHECK (role = 'user');
CREATE POLICY auth_change ON app_user FOR UPDATE TO taskwire_auth USING (true) WITH CHECK (true);

COMMENT ON COLUMN app_user.registration_key IS
  'SHA-256 of the registration''s Idempotency-Key and the client''s address; it counts for a day';

-- +goose Down
COMMENT ON COLUMN app_user.registration_key IS NULL;
DROP POLICY auth_change ON app_user;
DROP POLICY auth_add ON app_user;
DROP POLICY auth_read ON app_user;
CREATE POLICY auth_all ON app_user TO taskwire_auth USING (true) WITH CHECK (true);
REVOKE UPDATE (registration_key) ON app_user FROM taskwire_auth;
REVOKE UPDATE (token_hash, expires_at, rotated_at, rotation_key, successor_id, revoked_at) ON refresh_token FROM taskwire_auth;
REVOKE UPDATE (last_used_at, revoked_at) ON access_token FROM taskwire_auth;
GRANT UPDATE ON app_user, refresh_token, access_token TO taskwire_auth;

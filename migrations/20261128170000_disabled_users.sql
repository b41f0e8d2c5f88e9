-- +goose Up
-- How an operator and administrators manage accounts (docs/decisions/0042-operators-users.md).
ALTER TABLE app_user ADD COLUMN disabled_at timestamptz; -- NULL: the user can sign in

-- Disables an account, or enables it again, and returns whether that changed anything. A disabled one has no sessions, no access
-- tokens and no reset links; they do not come back. All else of the user stays.
-- +goose StatementBegin
CREATE FUNCTION set_disabled(account uuid, disable boolean) RETURNS boolean
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  UPDATE app_user SET disabled_at = CASE WHEN disable THEN now() END WHERE id = account AND (disabled_at IS NULL) = disable;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  IF disable THEN
    UPDATE session SET ended_at = now() WHERE user_id = account AND ended_at IS NULL;
    UPDATE refresh_token SET revoked_at = now() WHERE user_id = account AND revoked_at IS NULL;
    UPDATE access_token SET revoked_at = now() WHERE user_id = account AND revoked_at IS NULL;
    DELETE FROM password_reset WHERE user_id = account;
  END IF;
  RETURN true;
END
$$;
-- +goose StatementEnd

-- Changes the role of an account, and returns whether it was another. The sessions of a former administrator end.
-- +goose StatementBegin
CREATE FUNCTION set_role(account uuid, new_role text) RETURNS boolean
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  UPDATE app_user SET role = new_role WHERE id = account AND role <> new_role;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  IF new_role <> 'admin' THEN
    UPDATE session SET ended_at = now() WHERE user_id = account AND ended_at IS NULL;
    UPDATE refresh_token SET revoked_at = now() WHERE user_id = account AND revoked_at IS NULL;
  END IF;
  RETURN true;
END
$$;
-- +goose StatementEnd

-- The way of the auth function to both, for an administrator with an open session. It checks that here, so that an attacker who
-- controls the auth function cannot make an administrator while none is signed in. NULL leaves the role or the state as it is.
-- +goose StatementBegin
CREATE FUNCTION administer_user(admin uuid, admin_session uuid, account uuid, new_role text, disable boolean,
  OUT refusal text, OUT role_changed boolean, OUT state_changed boolean)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  role_changed := false;
  state_changed := false;
  -- One administrator at a time: two who demote each other would leave none.
  PERFORM pg_advisory_xact_lock(hashtext('taskwire.administer_user'));
  PERFORM FROM app_user u JOIN session s ON s.user_id = u.id
  WHERE u.id = admin AND u.role = 'admin' AND u.disabled_at IS NULL AND s.id = admin_session AND s.ended_at IS NULL AND s.ends_at > now();
  IF NOT FOUND THEN
    refusal := 'not an administrator';
    RETURN;
  END IF;
  IF account = admin THEN
    refusal := 'own account';
    RETURN;
  END IF;
  PERFORM FROM app_user WHERE id = account FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    refusal := 'no such user';
    RETURN;
  END IF;
  IF new_role IS NOT NULL THEN
    role_changed := set_role(account, new_role);
  END IF;
  IF disable IS NOT NULL THEN
    state_changed := set_disabled(account, disable);
  END IF;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION set_disabled, set_role, administer_user FROM PUBLIC;
GRANT EXECUTE ON FUNCTION administer_user TO taskwire_auth;

-- +goose Down
DROP FUNCTION administer_user;
DROP FUNCTION set_role;
DROP FUNCTION set_disabled;
ALTER TABLE app_user DROP COLUMN disabled_at;

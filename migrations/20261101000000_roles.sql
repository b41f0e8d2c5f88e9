-- +goose Up
-- Login roles, each with no more than its functions need (docs/decisions/0002-database-roles.md).
-- Roles belong to the server, not to the database: another database of it may have made them already, even at
-- this very moment (tests migrate several at once), hence the exception.
-- They have no password yet, so nobody can log in: `migrate passwords` sets them from the environment.
-- +goose StatementBegin
DO $$
DECLARE
  role text;
BEGIN
  FOREACH role IN ARRAY ARRAY['taskwire_app', 'taskwire_worker', 'taskwire_auth', 'taskwire_outbox', 'taskwire_stream'] LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I LOGIN NOINHERIT', role);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL;
    END;
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), role);
  END LOOP;
END
$$;
-- +goose StatementEnd
GRANT USAGE ON SCHEMA public TO taskwire_app, taskwire_worker, taskwire_auth, taskwire_outbox, taskwire_stream;

-- The user on whose behalf the transaction runs; NULL when nobody said, and then no row is visible.
CREATE FUNCTION current_app_user() RETURNS uuid
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('app.user_id', true), '')::uuid;

-- +goose Down
DROP FUNCTION current_app_user();
REVOKE USAGE ON SCHEMA public FROM taskwire_app, taskwire_worker, taskwire_auth, taskwire_outbox, taskwire_stream;
-- The roles stay: they belong to the server, and other databases may use them.

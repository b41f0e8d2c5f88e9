-- +goose Up
-- What the schema is, for functions: one that is newer than its database must not get requests before the migrations have
-- run, and one that is too old for it none at all.
-- +goose StatementBegin
CREATE FUNCTION schema_version() RETURNS bigint
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$ SELECT max(version_id) FROM goose_db_version WHERE is_applied $$;
-- +goose StatementEnd

-- The oldest functions that work with this schema, by the newest migration that they know. A migration that takes away
-- what earlier functions need replaces this function.
-- +goose StatementBegin
CREATE FUNCTION schema_oldest() RETURNS bigint
  LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $$ SELECT 20261127010000 $$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION schema_version, schema_oldest FROM PUBLIC;
GRANT EXECUTE ON FUNCTION schema_version, schema_oldest
  TO taskwire_app, taskwire_worker, taskwire_auth, taskwire_outbox, taskwire_stream, taskwire_deadletter;

-- +goose Down
DROP FUNCTION schema_oldest;
DROP FUNCTION schema_version;

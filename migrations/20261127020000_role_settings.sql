-- +goose Up
-- What shared/postgres sets at the start of each session, for sessions that a pooler opens: a pooler in transaction mode takes
-- no settings from its clients. In this database only, since roles belong to the server.
-- +goose StatementBegin
DO $$
DECLARE
  login text;
BEGIN
  FOREACH login IN ARRAY ARRAY['taskwire_app', 'taskwire_worker', 'taskwire_auth', 'taskwire_outbox', 'taskwire_stream', 'taskwire_deadletter'] LOOP
    EXECUTE format('ALTER ROLE %I IN DATABASE %I SET idle_in_transaction_session_timeout = %L', login, current_database(), '30s');
    EXECUTE format('ALTER ROLE %I IN DATABASE %I SET lock_timeout = %L', login, current_database(), '3s');
  END LOOP;
  -- These two look up rows by key only.
  FOREACH login IN ARRAY ARRAY['taskwire_outbox', 'taskwire_stream'] LOOP
    EXECUTE format('ALTER ROLE %I IN DATABASE %I SET plan_cache_mode = %L', login, current_database(), 'force_generic_plan');
    EXECUTE format('ALTER ROLE %I IN DATABASE %I SET enable_seqscan = %L', login, current_database(), 'off');
  END LOOP;
END
$$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
DO $$
DECLARE
  login text;
BEGIN
  FOREACH login IN ARRAY ARRAY['taskwire_app', 'taskwire_worker', 'taskwire_auth', 'taskwire_outbox', 'taskwire_stream', 'taskwire_deadletter'] LOOP
    EXECUTE format('ALTER ROLE %I IN DATABASE %I RESET ALL', login, current_database());
  END LOOP;
END
$$;
-- +goose StatementEnd

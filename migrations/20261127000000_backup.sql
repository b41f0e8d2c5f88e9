-- +goose NO TRANSACTION
-- +goose Up
-- The role that makes backups (docs/decisions/0030-backups.md): it reads every row and changes nothing but the record of backups.
-- Not pg_read_all_data: row-level security holds for that too, and an owner who is no superuser cannot grant it.
-- +goose StatementBegin
DO $$
BEGIN
  BEGIN
    CREATE ROLE taskwire_backup LOGIN NOINHERIT;
  EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;
  END;
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO taskwire_backup', current_database());
  GRANT USAGE ON SCHEMA public TO taskwire_backup;
END
$$;
-- +goose StatementEnd

-- When scheduled backups were made, so that their age can be watched.
CREATE TABLE IF NOT EXISTS backup_run (
  taken_at timestamptz PRIMARY KEY,            -- of the snapshot
  bytes    bigint NOT NULL                     -- of the file
);
ALTER TABLE backup_run ENABLE ROW LEVEL SECURITY;
GRANT INSERT, DELETE ON backup_run TO taskwire_backup;
GRANT SELECT ON backup_run TO taskwire_outbox;
-- +goose StatementBegin
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_policies WHERE schemaname = 'public' AND tablename = 'backup_run') THEN
    CREATE POLICY backup_write ON backup_run TO taskwire_backup USING (true) WITH CHECK (true);
    CREATE POLICY outbox_read ON backup_run FOR SELECT TO taskwire_outbox USING (true);
  END IF;
END
$$;
-- +goose StatementEnd

-- A table of a later migration needs the same; a test of migrations/backup names those that lack it. Each table in its own
-- transaction: a policy needs an exclusive lock, and functions lock tables in another order.
-- +goose StatementBegin
DO $$
DECLARE
  relation text;
BEGIN
  FOREACH relation IN ARRAY (SELECT array_agg(tablename::text ORDER BY tablename) FROM pg_tables WHERE schemaname = 'public') LOOP
    PERFORM set_config('lock_timeout', '2s', true);
    EXECUTE format('GRANT SELECT ON %I TO taskwire_backup', relation);
    IF relation NOT IN ('goose_db_version', 'backup_run')
      AND NOT EXISTS (SELECT FROM pg_policies WHERE schemaname = 'public' AND tablename = relation AND policyname = 'backup_read') THEN
      EXECUTE format('CREATE POLICY backup_read ON %I FOR SELECT TO taskwire_backup USING (true)', relation);
    END IF;
    COMMIT;
  END LOOP;
END
$$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
DO $$
DECLARE
  relation text;
BEGIN
  FOREACH relation IN ARRAY (SELECT array_agg(tablename::text ORDER BY tablename) FROM pg_tables WHERE schemaname = 'public') LOOP
    PERFORM set_config('lock_timeout', '2s', true);
    EXECUTE format('DROP POLICY IF EXISTS backup_read ON %I', relation);
    EXECUTE format('REVOKE ALL ON %I FROM taskwire_backup', relation);
    COMMIT;
  END LOOP;
END
$$;
-- +goose StatementEnd
DROP TABLE IF EXISTS backup_run;
REVOKE USAGE ON SCHEMA public FROM taskwire_backup;

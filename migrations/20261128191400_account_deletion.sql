-- +goose Up
-- How an account is exported and deleted (docs/decisions/0039-export-and-deletion.md).

-- The account of the user on whose behalf the transaction runs, for its export. A function rather than a right to read app_user: the
-- role taskwire_app sees no other email address, whatever it asks.
-- +goose StatementBegin
CREATE FUNCTION own_account() RETURNS TABLE (id uuid, email text, name text, created_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$ SELECT u.id, u.email, u.name, u.created_at FROM app_user u WHERE u.id = current_app_user() $$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION own_account FROM PUBLIC;
GRANT EXECUTE ON FUNCTION own_account TO taskwire_app;

-- Accounts that are to be deleted. Until closes_at the user can cancel; then the account is closed, and erased when no access token
-- of it can be valid any more.
CREATE TABLE account_deletion (
  user_id      uuid PRIMARY KEY REFERENCES app_user ON DELETE CASCADE,
  id           uuid NOT NULL,                  -- how logs name it
  requested_at timestamptz NOT NULL,
  closes_at    timestamptz NOT NULL,
  closed_at    timestamptz
);
CREATE INDEX account_deletion_due ON account_deletion (closes_at);
GRANT SELECT (user_id, closes_at, closed_at), INSERT, DELETE ON account_deletion TO taskwire_auth;
GRANT SELECT ON account_deletion TO taskwire_backup;
ALTER TABLE account_deletion ENABLE ROW LEVEL SECURITY;
CREATE POLICY auth_read ON account_deletion FOR SELECT TO taskwire_auth USING (true);
CREATE POLICY auth_add ON account_deletion FOR INSERT TO taskwire_auth WITH CHECK (closed_at IS NULL);
CREATE POLICY auth_cancel ON account_deletion FOR DELETE TO taskwire_auth USING (closed_at IS NULL);
CREATE POLICY backup_read ON account_deletion FOR SELECT TO taskwire_backup USING (true);

-- That an account was erased, and when: nothing here says whose it was.
CREATE TABLE account_erasure (
  id           uuid PRIMARY KEY,               -- of the deletion
  requested_at timestamptz NOT NULL,
  erased_at    timestamptz NOT NULL
);
GRANT SELECT ON account_erasure TO taskwire_backup;
ALTER TABLE account_erasure ENABLE ROW LEVEL SECURITY;
CREATE POLICY backup_read ON account_erasure FOR SELECT TO taskwire_backup USING (true);

-- What the mail in the queue is about.
ALTER TABLE mail_queue ADD COLUMN kind text NOT NULL DEFAULT 'reset' CHECK (kind IN ('reset', 'deletion'));

-- The one way to delete from the log and to delete an account. It does one step of one account that is due, and returns nothing when
-- there is none. Each step is a transaction of its caller: a process that is killed loses one step, which the next one repeats.
--
-- Of tables it needs no list: a user's rows are those with the user's user_id, also in tables of later migrations.
-- +goose StatementBegin
CREATE FUNCTION erase_accounts(batch integer, grace interval) RETURNS TABLE (deletion uuid, step text, erased bigint)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  account  uuid;
  due      account_deletion;
  address  text;
  relation text;
  affected bigint;
BEGIN
  -- Close accounts whose time to cancel is over. First the user, as every change of an account does.
  SELECT u.id, u.email INTO account, address FROM app_user u
  WHERE u.id IN (SELECT d.user_id FROM account_deletion d WHERE d.closed_at IS NULL AND d.closes_at <= now() ORDER BY d.closes_at LIMIT 50)
  LIMIT 1 FOR UPDATE SKIP LOCKED;
  UPDATE account_deletion SET closed_at = now()
  WHERE user_id = account AND closed_at IS NULL AND closes_at <= now() RETURNING * INTO due;
  IF due.user_id IS NOT NULL THEN
    -- Sessions and tokens must be known as ended until the access tokens have expired. All else that belongs to the account goes
    -- at once, such as other ways to sign in.
    UPDATE session SET ended_at = now() WHERE user_id = account AND ended_at IS NULL;
    UPDATE refresh_token SET revoked_at = now() WHERE user_id = account AND revoked_at IS NULL;
    UPDATE access_token SET revoked_at = now() WHERE user_id = account AND revoked_at IS NULL;
    FOR relation IN
      SELECT DISTINCT conrelid::regclass::text FROM pg_constraint
      WHERE contype = 'f' AND confrelid = 'app_user'::regclass
        AND conrelid NOT IN ('session'::regclass, 'refresh_token'::regclass, 'access_token'::regclass, 'account_deletion'::regclass)
    LOOP
      EXECUTE format('DELETE FROM %s WHERE user_id = $1', relation) USING account;
    END LOOP;
    DELETE FROM mail_queue WHERE email = address;
    -- Nobody can sign in or ask for a link any more, and the address is free for a new account.
    UPDATE app_user SET email = due.id || '@deleted.invalid', name = '', password_hash = '', registration_key = NULL, role = 'user'
    WHERE id = account;
    RETURN QUERY SELECT due.id, 'closed', 1::bigint;
    RETURN;
  END IF;

  SELECT * INTO due FROM account_deletion d WHERE d.closed_at <= now() - grace ORDER BY d.closed_at LIMIT 1 FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  account := due.user_id;
  deletion := due.id;
  -- Under the user's lock, as every change of a user's data.
  PERFORM FROM user_stream WHERE user_id = account FOR UPDATE;
  FOR relation IN
    SELECT a.attrelid::regclass::text FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE a.attname = 'user_id' AND a.atttypid = 'uuid'::regtype AND NOT a.attisdropped
      AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
      -- The outbox empties itself; the deletion goes with the account.
      AND c.relname NOT IN ('outbox', 'account_deletion')
    ORDER BY c.relname
  LOOP
    EXECUTE format('DELETE FROM %1$s WHERE user_id = $1 AND ctid = ANY (ARRAY(SELECT ctid FROM %1$s WHERE user_id = $1 LIMIT $2))', relation)
      USING account, batch;
    GET DIAGNOSTICS affected = ROW_COUNT;
    IF affected > 0 THEN
      RETURN QUERY SELECT due.id, relation, affected;
      RETURN;
    END IF;
  END LOOP;

  -- What consumers remember: the sources are those of the user's events.
  DELETE FROM processed_event WHERE (consumer, source) IN (
    WITH RECURSIVE known AS (
      (SELECT p.consumer FROM processed_event p ORDER BY p.consumer LIMIT 1)
      UNION ALL
      SELECT (SELECT p.consumer FROM processed_event p WHERE p.consumer > known.consumer ORDER BY p.consumer LIMIT 1)
      FROM known WHERE known.consumer IS NOT NULL)
    SELECT known.consumer, '/users/' || account || '/' || what FROM known CROSS JOIN unnest(ARRAY['tasks', 'account']) AS what);
  DELETE FROM dead_letter WHERE position(convert_to(account::text, 'UTF8') IN event) > 0;
  -- The last event of the user must come after all others.
  IF EXISTS (SELECT FROM outbox WHERE user_id = account) THEN
    RETURN;
  END IF;
  INSERT INTO outbox (shard, user_id, topic, payload) VALUES (
    get_byte(uuid_send(account), 15) % 16, account, 'task-events', convert_to(json_build_object(
      'specversion', '1.0', 'id', due.id, 'source', '/users/' || account || '/account', 'type', 'account.deleted',
      'time', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'datacontenttype', 'application/json',
      'dataschema', 'https://taskwire.dev/schemas/account-deleted.v1.json', 'partitionkey', account,
      'data', json_build_object('user_id', account))::text, 'UTF8'));
  DELETE FROM app_user WHERE id = account;
  INSERT INTO account_erasure (id, requested_at, erased_at) VALUES (due.id, due.requested_at, now());
  RETURN QUERY SELECT due.id, 'erased', 1::bigint;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION erase_accounts FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erase_accounts TO taskwire_outbox;

-- +goose Down
-- The version before would erase none of them, neither the accounts that are closed nor those whose users were told the day.
-- +goose StatementBegin
DO $$
BEGIN
  IF EXISTS (SELECT FROM account_deletion) THEN
    RAISE EXCEPTION 'accounts are to be deleted, which the version before does not do'
      USING HINT = 'Wait until outbox-relay has erased them, or cancel those that are not closed yet (migrate user keep EMAIL).';
  END IF;
END
$$;
-- +goose StatementEnd
-- It would take what is left of their mail for links to new passwords.
DELETE FROM mail_queue WHERE kind <> 'reset';
DROP FUNCTION erase_accounts;
ALTER TABLE mail_queue DROP COLUMN kind;
DROP TABLE account_erasure;
DROP TABLE account_deletion;
DROP FUNCTION own_account;

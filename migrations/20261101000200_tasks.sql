-- +goose Up
-- btree_gin lets one GIN index lead with the user, so that a search reads that user's words only.
CREATE EXTENSION IF NOT EXISTS btree_gin;

-- A user's place in the log. The row lock on it is what makes seq gapless and in commit order, and what
-- serialises a user's own writes; other users' writes never meet it.
CREATE TABLE user_stream (
  user_id uuid PRIMARY KEY,
  epoch   text NOT NULL DEFAULT encode(substring(uuid_send(gen_random_uuid()) FROM 1 FOR 6), 'hex'),
  seq     bigint NOT NULL DEFAULT 0,
  -- the greatest position any task of the user ever had: a new task goes behind it without a search
  last_position text COLLATE "C" NOT NULL DEFAULT ''
) WITH (fillfactor = 50);

-- The rules for values are the domain's (shared/task): each CHECK or foreign key here would be read and
-- prepared anew by every single INSERT, and together they were a fifth of what a write cost.
CREATE TABLE task (
  user_id      uuid NOT NULL,
  id           uuid NOT NULL,
  title        text NOT NULL,
  description  text NOT NULL,
  completed_at timestamptz,
  priority     smallint NOT NULL,
  project      text,
  tags         text[] NOT NULL,
  due_at       timestamptz,
  timezone     text,
  reminders    text[] NOT NULL,
  recurrence   jsonb,
  series_id    uuid,
  occurrence   timestamptz,
  parent_id    uuid,
  position     text COLLATE "C" NOT NULL,
  version      bigint NOT NULL,
  created_at   timestamptz NOT NULL,
  updated_at   timestamptz NOT NULL,
  deleted_at   timestamptz,
  PRIMARY KEY (user_id, id)
);
CREATE INDEX task_parent ON task (user_id, parent_id) WHERE parent_id IS NOT NULL;
-- Punctuation separates words: the parser would keep an address, a URL or a file name as one word.
CREATE INDEX task_search ON task USING gin (user_id,
  to_tsvector('simple', translate(title || ' ' || description, '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~', repeat(' ', 32))));

-- The audit log: append-only by privilege, and complete. after_task is the whole task as the change left it.
CREATE TABLE task_event (
  user_id        uuid NOT NULL,
  seq            bigint NOT NULL,
  id             uuid NOT NULL UNIQUE,
  task_id        uuid NOT NULL,
  event_type     text NOT NULL,
  actor          text NOT NULL,
  occurred_at    timestamptz NOT NULL,
  after_task     jsonb,                        -- NULL on task.deleted
  changed_fields jsonb NOT NULL,
  traceparent    text NOT NULL,
  PRIMARY KEY (user_id, seq)
);
CREATE INDEX task_event_task ON task_event (user_id, task_id, seq);

-- What is committed and not yet known to be in the broker. Rows leave as soon as the broker has them.
-- The shard only spreads the work over publishers: a user is always in one shard, so its order holds.
CREATE TABLE outbox (
  id         bigint GENERATED ALWAYS AS IDENTITY,
  shard      smallint NOT NULL,
  user_id    uuid NOT NULL,
  topic      text NOT NULL,
  payload    bytea NOT NULL,                   -- the structured CloudEvent, byte for byte what the topic gets
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (shard, id)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);

-- The inbox: what each consumer has already done.
CREATE TABLE processed_event (
  consumer     text NOT NULL,
  source       text NOT NULL,
  id           text NOT NULL,
  processed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (consumer, source, id)
);
CREATE INDEX processed_event_age ON processed_event (processed_at);

-- First answers, by Idempotency-Key or by a CloudEvent's (source, id).
CREATE TABLE idempotency_key (
  user_id      uuid NOT NULL,
  key          text NOT NULL,
  request_hash bytea NOT NULL,
  status       smallint NOT NULL,
  header       jsonb NOT NULL,
  body         bytea NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, key)
);
CREATE INDEX idempotency_key_age ON idempotency_key (created_at);

CREATE TABLE preference (
  user_id           uuid PRIMARY KEY,
  timezone          text NOT NULL,
  reminder_lead     text NOT NULL,
  overdue_reminders boolean NOT NULL,
  week_start        text NOT NULL CHECK (week_start IN ('monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday')),
  updated_at        timestamptz NOT NULL
);

-- app: acts for one user at a time; the policies below see to it.
GRANT SELECT, INSERT, UPDATE ON user_stream, task, preference TO taskwire_app;
GRANT SELECT, INSERT ON task_event, idempotency_key TO taskwire_app;
GRANT INSERT ON outbox TO taskwire_app;
-- worker: consumers and the outbox; it changes tasks in users' names, so it too must append, never rewrite.
GRANT SELECT, INSERT, UPDATE ON user_stream, task TO taskwire_worker;
GRANT SELECT, INSERT ON task_event TO taskwire_worker;
GRANT SELECT ON preference TO taskwire_worker;
GRANT INSERT ON outbox TO taskwire_worker;
GRANT SELECT, INSERT, DELETE ON processed_event TO taskwire_worker;
-- outbox: the publishers. They see what is to be published anyway, and nothing else of anybody.
GRANT SELECT, DELETE ON outbox TO taskwire_outbox;
GRANT SELECT (created_at), DELETE ON idempotency_key TO taskwire_outbox;
GRANT SELECT (processed_at), DELETE ON processed_event TO taskwire_outbox;
-- stream: the gateway replays, and writes nothing.
GRANT SELECT ON user_stream, task_event TO taskwire_stream;

ALTER TABLE user_stream ENABLE ROW LEVEL SECURITY;
ALTER TABLE task ENABLE ROW LEVEL SECURITY;
ALTER TABLE task_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE processed_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE idempotency_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE preference ENABLE ROW LEVEL SECURITY;

CREATE POLICY app_own ON user_stream TO taskwire_app USING (user_id = current_app_user()) WITH CHECK (user_id = current_app_user());
CREATE POLICY app_own ON task TO taskwire_app USING (user_id = current_app_user()) WITH CHECK (user_id = current_app_user());
CREATE POLICY app_own ON task_event TO taskwire_app USING (user_id = current_app_user()) WITH CHECK (user_id = current_app_user());
CREATE POLICY app_own ON outbox FOR INSERT TO taskwire_app WITH CHECK (user_id = current_app_user());
CREATE POLICY app_own ON idempotency_key TO taskwire_app USING (user_id = current_app_user()) WITH CHECK (user_id = current_app_user());
CREATE POLICY app_own ON preference TO taskwire_app USING (user_id = current_app_user()) WITH CHECK (user_id = current_app_user());

CREATE POLICY worker_all ON user_stream TO taskwire_worker USING (true) WITH CHECK (true);
CREATE POLICY worker_all ON task TO taskwire_worker USING (true) WITH CHECK (true);
CREATE POLICY worker_all ON task_event TO taskwire_worker USING (true) WITH CHECK (true);
CREATE POLICY worker_all ON outbox FOR INSERT TO taskwire_worker WITH CHECK (true);
CREATE POLICY worker_all ON processed_event TO taskwire_worker USING (true) WITH CHECK (true);
CREATE POLICY worker_all ON preference FOR SELECT TO taskwire_worker USING (true);

CREATE POLICY outbox_all ON outbox TO taskwire_outbox USING (true);
CREATE POLICY outbox_old ON idempotency_key TO taskwire_outbox USING (created_at < now() - interval '1 day');
CREATE POLICY outbox_old ON processed_event TO taskwire_outbox USING (processed_at < now() - interval '14 days');

CREATE POLICY stream_all ON user_stream FOR SELECT TO taskwire_stream USING (true);
CREATE POLICY stream_all ON task_event FOR SELECT TO taskwire_stream USING (true);

-- +goose Down
-- No migration deletes from the log, and so not the log.
LOCK TABLE task_event IN ACCESS EXCLUSIVE MODE;
-- +goose StatementBegin
DO $$ BEGIN
  IF EXISTS (SELECT FROM task_event) THEN
    RAISE EXCEPTION 'the audit log has entries, which no migration deletes'
      USING HINT = 'Drop the database if nothing in it is needed any more.';
  END IF;
END $$;
-- +goose StatementEnd
DROP TABLE preference;
DROP TABLE idempotency_key;
DROP TABLE processed_event;
DROP TABLE outbox;
DROP TABLE task_event;
DROP TABLE task;
DROP TABLE user_stream;
DROP EXTENSION btree_gin;

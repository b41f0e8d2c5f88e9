-- +goose Up
-- The ledger of reminders: when each open task with a due date is to be spoken of. Writing a task writes it in the
-- same transaction; the tick of overdue-check works off what is due. A row stays when its reminder was sent, so that a
-- task which is reopened is not spoken of twice.
CREATE TABLE task_reminder (
  user_id     uuid NOT NULL,
  task_id     uuid NOT NULL,
  kind        text NOT NULL,                   -- 'upcoming', or 'overdue': one row for all days
  time_window text NOT NULL,                   -- of 'upcoming' the ISO 8601 duration before due_at, as the user wrote it; else ''
  by_lead     boolean NOT NULL,                -- that duration is the user's reminder_lead, since the task has no reminders
  due_at      timestamptz NOT NULL,
  remind_at   timestamptz,                     -- when; NULL when there is nothing to be sent
  sent_for    timestamptz,                     -- of 'upcoming' the due_at that it was last sent for
  sent_on     date,                            -- of 'overdue' the local day that it was last sent on
  PRIMARY KEY (user_id, task_id, kind, time_window)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX task_reminder_due ON task_reminder (remind_at) WHERE remind_at IS NOT NULL;

CREATE TABLE notification (
  user_id       uuid NOT NULL,
  id            uuid NOT NULL,
  kind          text NOT NULL,                 -- 'upcoming', 'overdue'
  task_id       uuid NOT NULL,
  time_window   text NOT NULL,                 -- of 'upcoming' the duration before due_at, of 'overdue' the local day
  due_at        timestamptz NOT NULL,
  title         text NOT NULL,
  body          text NOT NULL,
  created_at    timestamptz NOT NULL,          -- or when it came back from being snoozed
  read_at       timestamptz,
  snoozed_until timestamptz,                   -- until then it is not shown
  PRIMARY KEY (user_id, id)
);
-- However often a reminder is delivered, and by whomever: one notification. A task that was moved is due at another time.
CREATE UNIQUE INDEX notification_upcoming ON notification (user_id, task_id, time_window, due_at) WHERE kind = 'upcoming';
CREATE UNIQUE INDEX notification_overdue ON notification (user_id, task_id, time_window) WHERE kind = 'overdue';
CREATE INDEX notification_shown ON notification (user_id, created_at DESC, id DESC) WHERE snoozed_until IS NULL;
CREATE INDEX notification_unread ON notification (user_id, created_at DESC, id DESC) WHERE snoozed_until IS NULL AND read_at IS NULL;
CREATE INDEX notification_snoozed ON notification (snoozed_until) WHERE snoozed_until IS NOT NULL;

-- Notifications take numbers of the user's one sequence, so that the stream is one log (docs/decisions): rows of
-- event_type 'notification.created' and 'notification.read' have this instead of after_task. task_id is NULL when all
-- notifications were read at once.
ALTER TABLE task_event ADD COLUMN notification jsonb;
ALTER TABLE task_event ALTER COLUMN task_id DROP NOT NULL;

-- reminder_lead as PostgreSQL can reckon with it.
ALTER TABLE preference ADD COLUMN lead interval NOT NULL DEFAULT '1 hour';
UPDATE preference SET lead = reminder_lead::interval;

-- What is due already was written without a ledger.
INSERT INTO task_reminder (user_id, task_id, kind, time_window, by_lead, due_at, remind_at)
SELECT user_id, id, 'overdue', '', false, due_at, due_at
FROM task WHERE due_at IS NOT NULL AND completed_at IS NULL AND deleted_at IS NULL;
INSERT INTO task_reminder (user_id, task_id, kind, time_window, by_lead, due_at, remind_at)
SELECT t.user_id, t.id, 'upcoming', w.time_window, w.by_lead, t.due_at, t.due_at - w.time_window::interval
FROM task t LEFT JOIN preference p ON p.user_id = t.user_id
CROSS JOIN LATERAL (
  SELECT unnest(t.reminders) AS time_window, false AS by_lead
  UNION ALL SELECT coalesce(p.reminder_lead, 'PT1H'), true WHERE t.reminders = '{}'
) w
WHERE t.due_at > now() AND t.completed_at IS NULL AND t.deleted_at IS NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON task_reminder TO taskwire_app, taskwire_worker;
GRANT SELECT, UPDATE ON notification TO taskwire_app;
GRANT SELECT, INSERT, UPDATE ON notification TO taskwire_worker;

ALTER TABLE task_reminder ENABLE ROW LEVEL SECURITY;
ALTER TABLE notification ENABLE ROW LEVEL SECURITY;
CREATE POLICY app_own ON task_reminder TO taskwire_app USING (user_id = current_app_user()) WITH CHECK (user_id = current_app_user());
CREATE POLICY app_own ON notification TO taskwire_app USING (user_id = current_app_user()) WITH CHECK (user_id = current_app_user());
CREATE POLICY worker_all ON task_reminder TO taskwire_worker USING (true) WITH CHECK (true);
CREATE POLICY worker_all ON notification TO taskwire_worker USING (true) WITH CHECK (true);

-- +goose Down
-- The version before cannot read entries about notifications, and the log is append-only, also to migrations: a stream
-- that resumes would skip their numbers.
LOCK TABLE task_event IN ACCESS EXCLUSIVE MODE;
-- +goose StatementBegin
DO $$ BEGIN
  IF EXISTS (SELECT FROM task_event WHERE event_type LIKE 'notification.%') THEN
    RAISE EXCEPTION 'the audit log has entries about notifications, which the version before cannot read and no migration deletes'
      USING HINT = 'Stay at this version, or restore a backup that was made before it.';
  END IF;
END $$;
-- +goose StatementEnd
ALTER TABLE preference DROP COLUMN lead;
ALTER TABLE task_event DROP COLUMN notification;
ALTER TABLE task_event ALTER COLUMN task_id SET NOT NULL;
DROP TABLE notification;
DROP TABLE task_reminder;

-- +goose Up
-- A task is due at a moment (due_at), on a day (due_date), or neither. A day has no zone: it is a day of the user's own
-- calendar, so what happens on it is computed from the user's preferences when they are known.
--
-- Each column is nullable or has a constant default, so no table is rewritten and each lock is held for an instant.
ALTER TABLE task ADD COLUMN due_date date,
  ADD COLUMN no_reminders boolean NOT NULL DEFAULT false, -- empty reminders mean none; otherwise the user's reminder_lead
  ADD COLUMN overdue_reminders boolean;                   -- NULL: the user's preference
-- preference.lead is no longer read. It stays for functions of the version before, which run until they are replaced.
ALTER TABLE preference ADD COLUMN day_start text NOT NULL DEFAULT '09:00';

-- +goose Down
-- The version before knows neither days nor tasks without reminders, and its next event of such a task would change the
-- task without saying so.
LOCK TABLE task IN SHARE ROW EXCLUSIVE MODE;
-- +goose StatementBegin
DO $$ BEGIN
  IF EXISTS (SELECT FROM task WHERE due_date IS NOT NULL OR no_reminders OR overdue_reminders IS NOT NULL) THEN
    RAISE EXCEPTION 'some tasks are due on a day or choose their own reminders, which the version before cannot read'
      USING HINT = 'Stay at this version, or restore a backup that was made before it.';
  END IF;
END $$;
-- +goose StatementEnd
ALTER TABLE preference DROP COLUMN day_start;
UPDATE preference SET lead = reminder_lead::interval;
ALTER TABLE task DROP COLUMN due_date, DROP COLUMN no_reminders, DROP COLUMN overdue_reminders;

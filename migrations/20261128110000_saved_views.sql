-- +goose Up
-- A user's saved views (docs/decisions/0036-saved-views.md). Their events have the whole view, so the log is the source of truth.
CREATE TABLE saved_view (
  user_id    uuid NOT NULL,
  id         uuid NOT NULL, -- the client's choice
  name       text NOT NULL,
  query      text NOT NULL,
  layout     text NOT NULL,
  group_by   text,
  sort       text,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (user_id, id)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON saved_view TO taskwire_app;
GRANT SELECT ON saved_view TO taskwire_backup;
ALTER TABLE saved_view ENABLE ROW LEVEL SECURITY;
CREATE POLICY app_own ON saved_view TO taskwire_app USING (user_id = current_app_user()) WITH CHECK (user_id = current_app_user());
CREATE POLICY backup_read ON saved_view FOR SELECT TO taskwire_backup USING (true);

-- +goose Down
-- +goose StatementBegin
DO $$ BEGIN
  IF EXISTS (SELECT FROM task_event WHERE event_type LIKE 'view.%') THEN
    RAISE EXCEPTION 'the audit log has entries about saved views, which the version before cannot read and no migration deletes'
      USING HINT = 'Stay at this version, or restore a backup that was made before it.';
  END IF;
END $$;
-- +goose StatementEnd
DROP TABLE saved_view;

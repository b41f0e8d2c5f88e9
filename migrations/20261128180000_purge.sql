-- +goose Up
-- A user may delete for good what is in the trash, and nothing else. Occurrences stay with their series, whose COUNT counts them.
GRANT DELETE ON task TO taskwire_app;
CREATE POLICY app_trash ON task AS RESTRICTIVE FOR DELETE TO taskwire_app USING (deleted_at IS NOT NULL AND series_id IS NULL);

-- +goose Down
DROP POLICY app_trash ON task;
REVOKE DELETE ON task FROM taskwire_app;

-- +goose Up
-- Whether the user dismissed what the dashboard suggests to try first. Users of the version before need no first steps; new ones do.
ALTER TABLE preference ADD COLUMN first_steps_dismissed boolean NOT NULL DEFAULT true;
ALTER TABLE preference ALTER COLUMN first_steps_dismissed SET DEFAULT false;

-- +goose Down
ALTER TABLE preference DROP COLUMN first_steps_dismissed;

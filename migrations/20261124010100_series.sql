-- +goose Up
-- Counts the occurrences of a series, for a rule with COUNT; lists a series.
CREATE INDEX task_series ON task (user_id, series_id, occurrence) WHERE series_id IS NOT NULL;

-- +goose Down
DROP INDEX task_series;

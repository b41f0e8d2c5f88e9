-- +goose Up
-- Where in its topic the record of a dead letter is, and so which of many that look alike.
ALTER TABLE dead_letter ADD COLUMN record_partition integer, ADD COLUMN record_offset bigint; -- NULL where nobody knows

-- +goose Down
ALTER TABLE dead_letter DROP COLUMN record_partition, DROP COLUMN record_offset;

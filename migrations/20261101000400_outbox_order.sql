-- +goose Up
-- A publisher mostly has all shards: what it wants is the oldest rows, and an index by shard first would make it
-- sort the whole backlog each time.
ALTER TABLE outbox DROP CONSTRAINT outbox_pkey;
ALTER TABLE outbox ADD PRIMARY KEY (id);

-- +goose Down
ALTER TABLE outbox DROP CONSTRAINT outbox_pkey;
ALTER TABLE outbox ADD PRIMARY KEY (shard, id);

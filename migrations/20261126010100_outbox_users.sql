-- +goose Up
-- Publishers ask for the oldest rows of users, so that one user's backlog holds up nobody else's.
ALTER TABLE outbox DROP CONSTRAINT outbox_pkey;
ALTER TABLE outbox ADD PRIMARY KEY (user_id, id);

-- +goose Down
ALTER TABLE outbox DROP CONSTRAINT outbox_pkey;
ALTER TABLE outbox ADD PRIMARY KEY (id);

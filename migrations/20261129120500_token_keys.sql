-- +goose Up
-- An Idempotency-Key counts for a day, and the token that it made lives longer: the auth function frees the key.
GRANT UPDATE (idempotency_key) ON access_token TO taskwire_auth;

-- +goose Down
REVOKE UPDATE (idempotency_key) ON access_token FROM taskwire_auth;

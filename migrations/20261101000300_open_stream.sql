-- +goose Up
-- auth opens the stream of a user that it registers, so that a stream of a user without tasks has an epoch.
GRANT INSERT (user_id) ON user_stream TO taskwire_auth;
CREATE POLICY auth_open ON user_stream FOR INSERT TO taskwire_auth WITH CHECK (true);

-- +goose Down
DROP POLICY auth_open ON user_stream;
REVOKE INSERT (user_id) ON user_stream FROM taskwire_auth;

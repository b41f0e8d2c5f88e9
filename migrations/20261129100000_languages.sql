-- +goose Up
-- What notifications say in a form that clients can say in other languages, and the language of a user's mail. All columns are
-- nullable, so no table is rewritten, and the locks are held for an instant. The version before writes none of them.
ALTER TABLE notification ADD COLUMN content jsonb;   -- {"text": which, "args": {name: value}}; NULL: only title and body
ALTER TABLE account_notice ADD COLUMN content jsonb; -- the same
ALTER TABLE preference ADD COLUMN language text;     -- NULL: English

-- The auth function sends mail in the user's language.
GRANT SELECT (user_id, language) ON preference TO taskwire_auth;
CREATE POLICY auth_language ON preference FOR SELECT TO taskwire_auth USING (true);

-- +goose Down
DROP POLICY auth_language ON preference;
REVOKE SELECT (user_id, language) ON preference FROM taskwire_auth;
ALTER TABLE preference DROP COLUMN language;
ALTER TABLE account_notice DROP COLUMN content;
ALTER TABLE notification DROP COLUMN content;

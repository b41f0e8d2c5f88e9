package migrations_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/migrations"
	"taskwire.dev/migrations/pgtest"
)

// stay are the tables of an account whose rows are no way to sign in, or end in place.
var stay = []string{"access_token", "account_deletion", "account_notice", "app_grant", "password_reset", "refresh_token", "session"}

// Any other table of accounts, also of a later migration, is emptied: what the command forgets, an attacker keeps.
func TestResetSignIn_OnlyThePasswordIsLeft(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	conn := db.Connect(t, "taskwire_owner", "")
	ada, bob := uuid.New(), uuid.New()
	for id, email := range map[uuid.UUID]string{ada: "ada@example.com", bob: "bob@example.com"} {
		for _, insert := range []string{
			`INSERT INTO app_user (id, email, name, password_hash, created_at) VALUES ($1, $2, 'Someone', 'x', now())`,
			`INSERT INTO session (id, user_id, device, network, created_at, used_at, expires_at, ends_at)
VALUES ($1, $1, $2, 'unknown', now(), now(), now() + interval '1 hour', now() + interval '1 hour')`,
			`INSERT INTO refresh_token (id, family_id, user_id, token_hash, created_at, expires_at) VALUES ($1, $1, $1, sha256($2::bytea), now(), now() + interval '1 hour')`,
			`INSERT INTO passkey (id, user_id, credential_id, public_key, aaguid, transports, backup_eligible, backed_up, sign_count, name, created_at)
VALUES ($1, $1, $2::bytea, '', '', '{}', false, false, 0, 'x', now())`,
			`INSERT INTO totp (user_id, secret, last_step, created_at) VALUES ($1, $2::bytea, 0, now())`,
			`INSERT INTO recovery_code (user_id, code_hash, created_at) VALUES ($1, $2::bytea, now())`,
			`INSERT INTO pending_sign_in (user_id, token_hash, expires_at) VALUES ($1, $2::bytea, now())`,
			`INSERT INTO passkey_challenge (user_id, challenge_hash, purpose, data, expires_at) VALUES ($1, $2::bytea, 'confirm', '{}', now())`,
			`INSERT INTO user_identity (id, user_id, provider, issuer, subject, email, linked_at) VALUES ($1, $1, 'a', 'https://provider.example', $2, $2, now())`,
			`INSERT INTO provider_visit (user_id, session_id, state_hash, browser_hash, provider, purpose, started_at, expires_at)
VALUES ($1, $1, $2::bytea, '', 'a', 'link', now(), now())`,
		} {
			if _, err := conn.Exec(t.Context(), insert, id, email); err != nil {
				t.Fatalf("%s: %v", insert, err)
			}
		}
	}
	const references = `SELECT DISTINCT conrelid::regclass::text FROM pg_constraint WHERE contype = 'f' AND confrelid = 'app_user'::regclass`
	rows, err := conn.Query(t.Context(), references)
	if err != nil {
		t.Fatal(err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	tables = slices.DeleteFunc(tables, func(table string) bool { return slices.Contains(stay, table) })
	count := func(from string, user uuid.UUID) (n int) {
		t.Helper()
		if err := conn.QueryRow(t.Context(), `SELECT count(*) FROM `+from+` WHERE user_id = $1`, user).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, table := range tables {
		if count(table, ada) != 1 {
			t.Errorf("%s has no row: add one here, and the table to waysToSignIn or to stay", table)
		}
	}

	if err := migrations.ResetSignIn(t.Context(), db.Owner, "Ada@Example.com"); err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		if count(table, ada) != 0 || count(table, bob) != 1 {
			t.Errorf("%s: %d rows of the account, %d of another", table, count(table, ada), count(table, bob))
		}
	}
	const open = `(SELECT user_id FROM session WHERE ended_at IS NULL UNION ALL SELECT user_id FROM refresh_token WHERE revoked_at IS NULL) o`
	if count(open, ada) != 0 || count(open, bob) != 2 || count("account_notice", ada) != 1 {
		t.Errorf("%d sessions and refresh tokens, %d of another, %d notices", count(open, ada), count(open, bob), count("account_notice", ada))
	}
}

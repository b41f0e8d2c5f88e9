package migrations_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"taskwire.dev/migrations"
	"taskwire.dev/migrations/pgtest"
	"taskwire.dev/shared/password"
)

func TestUsers(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	conn := db.Connect(t, "taskwire_owner", "")
	exec := func(sql string, args ...any) {
		t.Helper()
		if _, err := conn.Exec(t.Context(), sql, args...); err != nil {
			t.Fatal(err)
		}
	}
	ada, bob := uuid.New(), uuid.New()
	for id, email := range map[uuid.UUID]string{ada: "ada@example.com", bob: "bob@example.com"} {
		exec(`INSERT INTO app_user (id, email, name, password_hash, created_at) VALUES ($1, $2, 'Someone', 'x', now())`, id, email)
		exec(`INSERT INTO session (id, user_id, device, network, created_at, used_at, expires_at, ends_at)
VALUES ($1, $1, '', 'unknown', now(), now(), now() + interval '1 hour', now() + interval '1 hour')`, id)
		exec(`INSERT INTO refresh_token (id, family_id, user_id, token_hash, created_at, expires_at) VALUES ($1, $1, $1, sha256($2::bytea), now(), now() + interval '1 hour')`, id, email)
		exec(`INSERT INTO access_token (id, user_id, name, scopes, created_at, expires_at) VALUES ($1, $1, 'x', '{}', now(), now() + interval '1 hour')`, id)
		exec(`INSERT INTO password_reset (id, user_id, token_hash, expires_at) VALUES ($1, $1, sha256($2::bytea), now() + interval '1 hour')`, id, email)
	}
	open := func(user uuid.UUID) (sessions, refresh, tokens, links, notices int) {
		t.Helper()
		err := conn.QueryRow(t.Context(), `SELECT
  (SELECT count(*) FROM session WHERE user_id = $1 AND ended_at IS NULL), (SELECT count(*) FROM refresh_token WHERE user_id = $1 AND revoked_at IS NULL),
  (SELECT count(*) FROM access_token WHERE user_id = $1 AND revoked_at IS NULL), (SELECT count(*) FROM password_reset WHERE user_id = $1),
  (SELECT count(*) FROM account_notice n JOIN outbox o USING (user_id) WHERE user_id = $1 AND position(n.id::text IN convert_from(payload, 'UTF8')) > 0)`, user).
			Scan(&sessions, &refresh, &tokens, &links, &notices)
		if err != nil {
			t.Fatal(err)
		}
		return sessions, refresh, tokens, links, notices
	}

	if users, err := migrations.Users(t.Context(), db.Owner, "ADA@"); err != nil || len(users) != 1 || users[0].Email != "ada@example.com" || users[0].Sessions != 1 || users[0].Tokens != 1 {
		t.Errorf("%+v, %v", users, err)
	}
	if users, err := migrations.Users(t.Context(), db.Owner, ""); err != nil || len(users) != 2 {
		t.Errorf("%+v, %v", users, err)
	}
	if err := migrations.SetPassword(t.Context(), db.Owner, "ada@example.com", "password1234"); err == nil || !strings.Contains(err.Error(), "too easy") {
		t.Errorf("a common password: %v", err)
	}
	if err := migrations.SetPassword(t.Context(), db.Owner, "eve@example.com", "unrelated violet submarine"); err == nil {
		t.Error("the password of nobody was set")
	}
	if err := migrations.SetPassword(t.Context(), db.Owner, "Ada@Example.com", "unrelated violet submarine"); err != nil {
		t.Fatal(err)
	}
	var hash string
	if err := conn.QueryRow(t.Context(), `SELECT password_hash FROM app_user WHERE id = $1`, ada).Scan(&hash); err != nil {
		t.Fatal(err)
	}
	if right, err := password.Verify(hash, "unrelated violet submarine"); !right || err != nil {
		t.Errorf("the password is another: %v", err)
	}
	if s, r, tokens, l, n := open(ada); s != 0 || r != 0 || tokens != 1 || l != 0 || n != 1 {
		t.Errorf("after a password: %d sessions, %d refresh tokens, %d tokens, %d links, %d notices", s, r, tokens, l, n)
	}
	if err := migrations.EndSessions(t.Context(), db.Owner, "ada@example.com", true); err != nil {
		t.Fatal(err)
	}
	if _, _, tokens, _, n := open(ada); tokens != 0 || n != 2 {
		t.Errorf("%d tokens, %d notices", tokens, n)
	}
	if s, r, tokens, l, n := open(bob); s != 1 || r != 1 || tokens != 1 || l != 1 || n != 0 {
		t.Errorf("of another: %d sessions, %d refresh tokens, %d tokens, %d links, %d notices", s, r, tokens, l, n)
	}
	if err := migrations.EndSessions(t.Context(), db.Owner, "bob@example.com", false); err != nil {
		t.Fatal(err)
	}
	if s, r, tokens, _, _ := open(bob); s != 0 || r != 0 || tokens != 1 {
		t.Errorf("%d sessions, %d refresh tokens, %d tokens", s, r, tokens)
	}
}

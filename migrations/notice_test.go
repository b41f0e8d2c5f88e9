package migrations_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/migrations"
	"taskwire.dev/migrations/pgtest"
)

// TestNotices_OfTheOperator: they say that it was the operator, and the day of a deletion, also if the user had asked for it before.
func TestNotices_OfTheOperator(t *testing.T) {
	t.Parallel()
	const email = "ada@example.com"
	db := pgtest.New(t)
	conn := db.Connect(t, "taskwire_owner", "")
	ada, tomorrow := uuid.New(), time.Now().UTC().AddDate(0, 0, 1)
	for _, statement := range []string{
		`INSERT INTO app_user (id, email, name, password_hash, created_at) VALUES ($1, '` + email + `', 'Ada', 'x', $2)`,
		`INSERT INTO account_deletion (user_id, id, requested_at, closes_at) VALUES ($1, $1, $2::timestamptz - interval '7 days', $2)`,
	} {
		if _, err := conn.Exec(t.Context(), statement, ada, tomorrow); err != nil {
			t.Fatal(err)
		}
	}
	for _, step := range []struct {
		change func() error
		text   string
		body   string
	}{
		{func() error { return migrations.SetDisabled(t.Context(), db.Owner, email, true) }, "disabled-by-operator", "The operator of this server disabled"},
		{func() error { return migrations.SetDisabled(t.Context(), db.Owner, email, false) }, "enabled-by-operator", "The operator of this server enabled"},
		{func() error { return migrations.DeleteUser(t.Context(), db.Owner, email, false) }, "deletion-by-operator", tomorrow.Format("on 2 January 2006.")},
	} {
		if err := step.change(); err != nil {
			t.Fatalf("%s: %v", step.text, err)
		}
		var text, body string
		if err := conn.QueryRow(t.Context(), `SELECT content->>'text', body FROM account_notice ORDER BY id DESC LIMIT 1`).Scan(&text, &body); err != nil {
			t.Fatal(err)
		}
		if text != step.text || !strings.Contains(body, step.body) {
			t.Errorf("%s says %q, want %s with %q", text, body, step.text, step.body)
		}
	}
}

package function

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"taskwire.dev/migrations/pgtest"
)

// exported says of every table of the database what an export takes of it, or why nothing.
var exported = map[string]string{
	"app_user":      "account.json: who the user is, not the password's hash",
	"user_identity": "account.json: what the user signs in with",
	"preference":    "preferences.json",
	"saved_view":    "views.jsonl",
	"task_event":    "events.jsonl, whole; the tasks of every other file come from it",
	"notification":  "notifications.jsonl, the newest 20,000",
	"task_name":     "names.jsonl",
	"user_stream":   "the sequence of the export",

	"task":              "left out: computed from the log, as of the same sequence",
	"comment":           "left out: computed from the log, as tasks are",
	"provider_visit":    "left out: for minutes",
	"task_reminder":     "left out: computed from tasks and preferences",
	"account_notice":    "left out: each is a notification within seconds",
	"account_deletion":  "left out: GET /api/auth/me says it while it waits",
	"session":           "left out: of no use elsewhere; GET /api/auth/sessions lists them",
	"access_token":      "left out: the same; GET /api/auth/tokens",
	"app_grant":         "left out: the same; GET /api/auth/apps",
	"refresh_token":     "left out: a secret's hash",
	"password_reset":    "left out: a secret's hash",
	"passkey":           "left out: of no use elsewhere; GET /api/auth/factors lists them",
	"totp":              "left out: a secret",
	"recovery_code":     "left out: a secret's hash",
	"pending_sign_in":   "left out: for five minutes",
	"passkey_challenge": "left out: for five minutes",
	"idempotency_key":   "left out: answers of the last day, for repeated requests",
	"outbox":            "left out: events of the log on their way",
	"processed_event":   "left out: ids of events that consumers have handled",
	"dead_letter":       "left out: for the operator; events of the log",
	"mail_queue":        "left out: on its way to the user",

	"account_erasure":  "of nobody who has an account",
	"backup_run":       "of no user",
	"goose_db_version": "of no user",
	"oauth_client":     "of no user: what an app says about itself",
}

// A new table is exported, or somebody has decided that it is not.
func TestEveryTableIsExportedOrKnownNotToBe(t *testing.T) {
	t.Parallel()
	conn := pgtest.New(t).Connect(t, "taskwire_owner", "")
	rows, err := conn.Query(t.Context(), `SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`)
	if err != nil {
		t.Fatal(err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		if exported[table] == "" {
			t.Errorf("does an export take anything of %s? Decide, and say so in exported", table)
		}
	}
	if len(tables) != len(exported) {
		t.Errorf("there are %d tables, and exported has %d", len(tables), len(exported))
	}
}

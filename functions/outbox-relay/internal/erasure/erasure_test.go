package erasure

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/migrations"
	"taskwire.dev/migrations/pgtest"
	"taskwire.dev/shared/postgres"
)

// world is a database with one account that is to be deleted, and one that is not.
type world struct {
	db        pgtest.Database
	pool      *postgres.Pool
	owner     *pgx.Conn
	gone      uuid.UUID
	stays     uuid.UUID
	goneEmail string
}

func setup(t *testing.T) *world {
	t.Helper()
	w := &world{db: pgtest.New(t), gone: uuid.Must(uuid.NewV7()), stays: uuid.Must(uuid.NewV7()), goneEmail: "gone@example.org"}
	pool, err := postgres.Open(t.Context(), postgres.Config{URL: w.db.URL("taskwire_outbox"), MaxConns: 4, ByKey: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	w.pool, w.owner = pool, w.db.Connect(t, "taskwire_owner", "")
	for user, email := range map[uuid.UUID]string{w.gone: w.goneEmail, w.stays: "stays@example.org"} {
		w.fill(t, user, email)
	}
	w.exec(t, `INSERT INTO account_deletion (user_id, id, requested_at, closes_at) VALUES ($1, gen_random_uuid(), now() - interval '7 days', now())`, w.gone)
	return w
}

// fill adds at least one row of the user to each table that can have one.
func (w *world) fill(t *testing.T, user uuid.UUID, email string) {
	t.Helper()
	w.exec(t, `INSERT INTO app_user (id, email, name, password_hash, created_at) VALUES ($1, $2, 'A Name', 'x', now())`, user, email)
	for _, statement := range []string{
		`INSERT INTO session (id, user_id, device, network, created_at, used_at, expires_at, ends_at) VALUES (gen_random_uuid(), $1, 'Firefox', 'local', now(), now(), now() + interval '1 day', now() + interval '1 day')`,
		`INSERT INTO refresh_token (id, family_id, user_id, token_hash, created_at, expires_at) VALUES (gen_random_uuid(), gen_random_uuid(), $1, uuid_send($1), now(), now() + interval '1 day')`,
		`INSERT INTO access_token (id, user_id, name, scopes, created_at, expires_at) VALUES (gen_random_uuid(), $1, 'curl', '{}', now(), now() + interval '1 day')`,
		`INSERT INTO password_reset (id, user_id, token_hash, expires_at) VALUES (gen_random_uuid(), $1, uuid_send($1), now() + interval '1 hour')`,
		`INSERT INTO account_notice (user_id, id, title, body, created_at) VALUES ($1, gen_random_uuid(), 't', 'b', now())`,
		`INSERT INTO user_stream (user_id, seq) VALUES ($1, 5000)`,
		`INSERT INTO task_event (user_id, seq, id, task_id, event_type, actor, occurred_at, after_task, changed_fields, traceparent)
		   SELECT $1, n, gen_random_uuid(), gen_random_uuid(), 'task.created', 'user:' || $1, now(), '{}', '{}', '' FROM generate_series(1, 5000) n`,
		`INSERT INTO task (user_id, id, title, description, priority, tags, reminders, position, version, created_at, updated_at)
		   SELECT $1, gen_random_uuid(), 't', '', 0, '{}', '{}', 'a' || n, 1, now(), now() FROM generate_series(1, 3000) n`,
		`INSERT INTO task_reminder (user_id, task_id, kind, time_window, by_lead, due_at) VALUES ($1, gen_random_uuid(), 'overdue', '', false, now())`,
		`INSERT INTO notification (user_id, id, kind, task_id, time_window, due_at, title, body, created_at) VALUES ($1, gen_random_uuid(), 'overdue', gen_random_uuid(), '', now(), '', '', now())`,
		`INSERT INTO idempotency_key (user_id, key, request_hash, status, header, body) VALUES ($1, 'k', '', 200, '{}', '')`,
		`INSERT INTO preference (user_id, timezone, reminder_lead, overdue_reminders, week_start, updated_at) VALUES ($1, 'UTC', 'PT1H', true, 'monday', now())`,
		`INSERT INTO app_grant (id, user_id, client_id, name, host, redirect_uri, scopes, resource, code_hash, code_challenge, code_until)
		   SELECT id, $1, 'c', 'App', '', 'http://127.0.0.1/', '{mcp}', 'r', uuid_send(id), 'x', now() FROM session WHERE user_id = $1`,
		`INSERT INTO passkey (id, user_id, credential_id, public_key, aaguid, transports, backup_eligible, backed_up, sign_count, name, created_at) VALUES (gen_random_uuid(), $1, uuid_send($1), '', '', '{}', false, false, 0, 'Key', now())`,
		`INSERT INTO totp (user_id, secret, last_step, created_at) VALUES ($1, '', 0, now())`,
		`INSERT INTO recovery_code (user_id, code_hash, created_at) VALUES ($1, uuid_send($1), now())`,
		`INSERT INTO pending_sign_in (token_hash, user_id, expires_at) VALUES (uuid_send($1), $1, now() + interval '5 minutes')`,
		`INSERT INTO passkey_challenge (challenge_hash, purpose, user_id, data, expires_at) VALUES (uuid_send($1), 'add', $1, '{}', now() + interval '5 minutes')`,
		`INSERT INTO saved_view (user_id, id, name, query, layout, created_at, updated_at) VALUES ($1, gen_random_uuid(), 'v', '', 'list', now(), now())`,
		`INSERT INTO task_name (user_id, name, spelling) VALUES ($1, 't:home', 'home')`,
		`INSERT INTO user_identity (id, user_id, provider, issuer, subject, email, linked_at) VALUES (gen_random_uuid(), $1, 'p', 'https://p.example', $1::text, '', now())`,
		`INSERT INTO provider_visit (state_hash, browser_hash, provider, purpose, user_id, session_id, started_at, expires_at)
		   SELECT uuid_send($1), '', 'p', 'link', $1, id, now(), now() + interval '5 minutes' FROM session WHERE user_id = $1`,
		`INSERT INTO comment (user_id, id, task_id, text, actor, created_at) SELECT $1, gen_random_uuid(), id, 'c', 'user:' || $1, now() FROM task WHERE user_id = $1 LIMIT 1`,
		`INSERT INTO processed_event (consumer, source, id) SELECT c, '/users/' || $1 || s, gen_random_uuid() FROM unnest('{mcp,recurring-spawn}'::text[]) c, unnest('{/tasks,/account}'::text[]) s`,
		`INSERT INTO dead_letter (id, identity, consumer, topic, reason, attempts, event) VALUES (gen_random_uuid(), uuid_send($1), '', '', '', 1, convert_to('{"source":"/users/' || $1 || '/tasks"}', 'UTF8'))`,
	} {
		w.exec(t, strings.ReplaceAll(statement, "$1", "$1::uuid"), user)
	}
	w.exec(t, `INSERT INTO mail_queue (id, email, created_at, next_at) VALUES (gen_random_uuid(), $1, now(), now())`, email)
}

func (w *world) exec(t *testing.T, statement string, args ...any) {
	t.Helper()
	if _, err := w.owner.Exec(t.Context(), statement, args...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// found lists the tables in which a text is, in whatever column of whatever type.
func (w *world) found(t *testing.T, text string) (tables []string) {
	t.Helper()
	rows, err := w.owner.Query(t.Context(), `SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(names) < 15 {
		t.Fatalf("%d tables, %v", len(names), err)
	}
	for _, name := range names {
		var n int
		// A row as text has bytes in hexadecimal.
		query := fmt.Sprintf(`SELECT count(*) FROM %s AS r WHERE position($1 IN r::text) > 0 OR position(encode(convert_to($1, 'UTF8'), 'hex') IN r::text) > 0`, pgx.Identifier{name}.Sanitize())
		if err := w.owner.QueryRow(t.Context(), query, text).Scan(&n); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if n > 0 {
			tables = append(tables, name)
		}
	}
	return tables
}

// run does all that is due: on a busy machine one run may end at its budget.
func (w *world) run(t *testing.T, grace time.Duration) Done {
	t.Helper()
	all := Done{}
	for {
		done, err := Run(t.Context(), w.pool, grace)
		if err != nil {
			t.Fatal(err)
		}
		if len(done) == 0 {
			return all
		}
		for step, rows := range done {
			all[step] += rows
		}
	}
}

// ofNoUser are the tables without a column user_id, and why erasing an account leaves them or finds its rows otherwise.
var ofNoUser = map[string]string{
	"account_erasure":  "says that an account was erased, not whose",
	"app_user":         "the row itself goes last",
	"backup_run":       "is of the whole database",
	"goose_db_version": "is of the migrations",
	"mail_queue":       "has the address only",
	"oauth_client":     "is what an app says about itself",
	"processed_event":  "its sources name their user",
}

// A table of a later migration is erased, too, and here it has a row to be erased.
func TestEveryTableWithAUserIsFilled(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.exec(t, `INSERT INTO account_deletion (user_id, id, requested_at, closes_at) VALUES ($1, gen_random_uuid(), now(), now() + interval '7 days')`, w.stays)
	w.exec(t, `INSERT INTO outbox (shard, user_id, topic, payload) VALUES (0, $1, 'task-events', '')`, w.stays)
	filled := w.found(t, w.stays.String())
	rows, err := w.owner.Query(t.Context(), `
SELECT t.table_name::text, EXISTS (SELECT FROM information_schema.columns c WHERE c.table_schema = 'public' AND c.table_name = t.table_name AND c.column_name = 'user_id' AND c.data_type = 'uuid')
FROM information_schema.tables t WHERE t.table_schema = 'public' AND t.table_type = 'BASE TABLE'`)
	if err != nil {
		t.Fatal(err)
	}
	type table struct {
		Name   string
		OfUser bool
	}
	tables, err := pgx.CollectRows(rows, pgx.RowToStructByPos[table])
	if err != nil {
		t.Fatal(err)
	}
	rest := maps.Clone(ofNoUser)
	for _, table := range tables {
		switch reason := ofNoUser[table.Name]; {
		case table.OfUser && !slices.Contains(filled, table.Name):
			t.Errorf("fill has no row for %s", table.Name)
		case !table.OfUser && reason == "":
			t.Errorf("%s has no column user_id, by which accounts are erased: say why in ofNoUser", table.Name)
		case !table.OfUser:
			delete(rest, table.Name)
		}
	}
	if len(rest) > 0 {
		t.Errorf("there are no tables %v without a column user_id", slices.Collect(maps.Keys(rest)))
	}
}

func TestAnErasedAccountIsInNoTable(t *testing.T) {
	t.Parallel()
	w := setup(t)
	all := w.found(t, w.stays.String())
	w.run(t, Grace)
	if left := w.found(t, w.goneEmail); len(left) > 0 {
		t.Errorf("closed, and the address is in %v", left)
	}
	if n := len(w.found(t, w.gone.String())); n < 10 {
		t.Errorf("erased before its access tokens have expired: the id is in %d tables", n)
	}
	var open int
	if err := w.owner.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM session WHERE user_id = $1 AND ended_at IS NULL) + (SELECT count(*) FROM access_token WHERE user_id = $1 AND revoked_at IS NULL)`, w.gone).Scan(&open); err != nil || open != 0 {
		t.Errorf("closed with %d sessions and tokens, %v", open, err)
	}
	w.run(t, 0)
	if left := w.found(t, w.gone.String()); fmt.Sprint(left) != "[outbox]" {
		t.Errorf("the id is in %v; want only the event that the account was deleted", left)
	}
	w.exec(t, `DELETE FROM outbox`) // as the publisher does
	if left := w.found(t, w.gone.String()); len(left) > 0 {
		t.Errorf("the id is in %v", left)
	}
	if left := w.found(t, w.stays.String()); fmt.Sprint(left) != fmt.Sprint(all) {
		t.Errorf("another account was in %v, and is in %v", all, left)
	}
	if again := w.run(t, 0); len(again) > 0 {
		t.Errorf("a second run did %v", again)
	}
}

// Whatever is killed after whatever step, and however many replicas there are: it ends with one event.
func TestKilledHalfway_ItFinishesLaterAndPublishesOnce(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.exec(t, `INSERT INTO outbox (shard, user_id, topic, payload) VALUES (0, $1, 'task-events', '')`, w.gone)
	for range 4 { // one step at a time, as a process that is killed after each
		if _, err := w.owner.Exec(t.Context(), `SELECT erase_accounts(1000, '0')`); err != nil {
			t.Fatal(err)
		}
	}
	// A step that is rolled back.
	tx, err := w.owner.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), `SELECT erase_accounts(1000, '0')`); err != nil {
		t.Fatal(err)
	}
	// Another replica does not wait for it, and does not do the same step.
	if done := w.run(t, 0); len(done) > 0 {
		t.Errorf("beside another step: %v", done)
	}
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.run(t, 0)
	var events int
	count := func() {
		t.Helper()
		if err := w.owner.QueryRow(t.Context(), `SELECT count(*) FROM outbox WHERE position('account.deleted'::bytea IN payload) > 0`).Scan(&events); err != nil {
			t.Fatal(err)
		}
	}
	if count(); events != 0 {
		t.Error("it is published as deleted before its other events")
	}
	w.exec(t, `DELETE FROM outbox`)
	w.run(t, 0)
	w.run(t, 0)
	if count(); events != 1 {
		t.Errorf("%d events, want 1", events)
	}
	var erased int
	if err := w.owner.QueryRow(t.Context(), `SELECT count(*) FROM account_erasure`).Scan(&erased); err != nil || erased != 1 {
		t.Errorf("%d records of the erasure, %v", erased, err)
	}
}

func TestADeletionIsNotDueBeforeItsTime(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.exec(t, `UPDATE account_deletion SET closes_at = now() + interval '1 hour'`)
	if done := w.run(t, 0); len(done) > 0 {
		t.Errorf("%v", done)
	}
}

// What is half erased is no difference between the log and the tables.
func TestRebuildCheckLeavesOutWhatIsHalfErased(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.exec(t, `DELETE FROM task_event WHERE seq > 4000 OR user_id = $1`, w.stays)
	for _, table := range []string{"task", "task_name", "saved_view"} {
		w.exec(t, `DELETE FROM `+table+` WHERE user_id = $1`, w.stays)
	}
	w.exec(t, `UPDATE user_stream SET seq = 0 WHERE user_id = $1`, w.stays)
	w.exec(t, `UPDATE account_deletion SET closed_at = now()`)
	done, err := migrations.CheckRebuild(t.Context(), w.db.Owner, func(d migrations.Difference) { t.Errorf("%v", d) }, func(migrations.Progress) {})
	if err != nil || done.Users != 1 {
		t.Errorf("%d users, %v", done.Users, err)
	}
}

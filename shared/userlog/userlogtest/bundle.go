// Package userlogtest is for tests of commands that change users' data: a log on a real database, and the conformance
// suite that every such command must pass.
package userlogtest

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/notification"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
)

// Database is a migrated database of one test, such as that of pgtest.
type Database interface {
	URL(role string) string
	// Direct is the same without a pooler, for what is kept in a session.
	Direct(role string) string
}

// Bundle is a database with a log on it, in the role that serves users' requests.
type Bundle struct {
	Database
	Log   *userlog.Log
	Woken chan uuid.UUID // users whose outbox has new rows
	owner *pgx.Conn
}

// Setup returns a Bundle on the database.
func Setup(t testing.TB, db Database) *Bundle {
	t.Helper()
	b := &Bundle{Database: db, Woken: make(chan uuid.UUID, 100_000)}
	b.Log = b.NewLog(t, "taskwire_app")
	b.owner = b.Connect(t, "taskwire_owner", uuid.Nil)
	return b
}

// NewLog returns a log on another pool, as another replica has it.
func (b *Bundle) NewLog(t testing.TB, role string) *userlog.Log {
	t.Helper()
	return userlog.New(b.Pool(t, role), func(user uuid.UUID) { b.Woken <- user })
}

// Pool opens connections of a role.
func (b *Bundle) Pool(t testing.TB, role string) *postgres.Pool {
	t.Helper()
	pool, err := postgres.Open(t.Context(), postgres.Config{
		URL: b.URL(role), MaxConns: 8, ByKey: role == "taskwire_outbox" || role == "taskwire_stream", // as in the functions
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// Connect opens a connection of a role, which acts for user unless that is nil.
func (b *Bundle) Connect(t testing.TB, role string, user uuid.UUID) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), b.Direct(role))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	if user != uuid.Nil {
		if _, err := conn.Exec(t.Context(), `SELECT set_config('app.user_id', $1, false)`, user.String()); err != nil {
			t.Fatal(err)
		}
	}
	return conn
}

// Registered returns a user who has just registered and changed nothing.
func (b *Bundle) Registered(t testing.TB) token.Principal {
	t.Helper()
	who := Principal()
	b.Exec(t, `INSERT INTO user_stream (user_id) VALUES ($1)`, who.UserID)
	return who
}

// Do executes a command for who.
func (b *Bundle) Do(t testing.TB, who token.Principal, cmd task.Command) (out task.Outcome) {
	t.Helper()
	_, err := b.Log.Do(t.Context(), userlog.Command(who, cmd, func(o task.Outcome) idempotency.Answer {
		out = o
		return idempotency.Answer{Status: 200}
	}))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// DoAll executes commands for who in one transaction.
func (b *Bundle) DoAll(t testing.TB, who token.Principal, commands ...task.Command) {
	t.Helper()
	changes := make([]userlog.Change, len(commands))
	for i, cmd := range commands {
		changes[i] = userlog.Command(who, cmd, nil)
	}
	if err := b.Log.DoAll(t.Context(), changes); err != nil {
		t.Fatal(err)
	}
}

// AddSubtasks adds n subtasks of a task with a description, without events: so many would take long.
func (b *Bundle) AddSubtasks(t testing.TB, who token.Principal, parent uuid.UUID, n int, description string) {
	t.Helper()
	b.Exec(t, `
WITH added AS (
  INSERT INTO task (user_id, id, title, description, priority, tags, reminders, parent_id, position, version, created_at, updated_at)
  SELECT $1, gen_random_uuid(), 'subtask ' || n, $4, 0, '{}', '{}', $2, 'a' || n, 1, now(), now() FROM generate_series(1, $3::integer) n RETURNING title, description
)
UPDATE user_stream SET tasks = tasks + $3, bytes = bytes + (SELECT sum(octet_length(title) + octet_length(description)) FROM added) WHERE user_id = $1`,
		who.UserID, parent, n, description)
	b.Exec(t, `ANALYZE task`)
}

// Task returns the current task; nil when it is deleted or does not exist.
func (b *Bundle) Task(t testing.TB, who token.Principal, id uuid.UUID) *task.Task {
	t.Helper()
	const live = `SELECT ` + userlog.TaskColumns + ` FROM task WHERE user_id = $1 AND id = $2 AND deleted_at IS NULL`
	if tasks := collect(t, b, userlog.ScanTask, live, who.UserID, id); len(tasks) > 0 {
		return tasks[0]
	}
	return nil
}

// Tasks returns all tasks of a user that are not deleted, by position.
func (b *Bundle) Tasks(t testing.TB, who token.Principal) []*task.Task {
	t.Helper()
	const live = `SELECT ` + userlog.TaskColumns + ` FROM task WHERE user_id = $1 AND deleted_at IS NULL ORDER BY position`
	return collect(t, b, userlog.ScanTask, live, who.UserID)
}

// Events returns the whole log of a user.
func (b *Bundle) Events(t testing.TB, who token.Principal) []task.Event {
	t.Helper()
	const all = `SELECT ` + userlog.EventColumns + ` FROM task_event WHERE user_id = $1 ORDER BY seq`
	return collect(t, b, userlog.ScanEvent, all, who.UserID)
}

// Parts returns which notifications of a user are parts of a digest.
func (b *Bundle) Parts(t testing.TB, who token.Principal) map[uuid.UUID]bool {
	t.Helper()
	parts := map[uuid.UUID]bool{}
	for _, id := range collect(t, b, pgx.RowTo[uuid.UUID], `SELECT id FROM notification WHERE user_id = $1 AND digest_id IS NOT NULL`, who.UserID) {
		parts[id] = true
	}
	return parts
}

// Notifications returns all notifications of a user and the parts of digests, newest first.
func (b *Bundle) Notifications(t testing.TB, who token.Principal) []notification.Notification {
	t.Helper()
	const all = `SELECT id, kind, task_id, title, body, content, created_at, read_at, resolved_at, snoozed_until
FROM notification WHERE user_id = $1 ORDER BY created_at DESC`
	return collect(t, b, pgx.RowToStructByName[notification.Notification], all, who.UserID)
}

// Outbox returns a user's CloudEvents in the outbox for a topic, in order.
func (b *Bundle) Outbox(t testing.TB, who token.Principal, topic string) [][]byte {
	t.Helper()
	return collect(t, b, pgx.RowTo[[]byte], `SELECT payload FROM outbox WHERE user_id = $1 AND topic = $2 ORDER BY id`, who.UserID, topic)
}

// Count returns the number of rows of a table, of all users.
func (b *Bundle) Count(t testing.TB, table string) int {
	t.Helper()
	return collect(t, b, pgx.RowTo[int], `SELECT count(*) FROM `+pgx.Identifier{table}.Sanitize())[0]
}

// Exec runs a statement as the owner of the tables.
func (b *Bundle) Exec(t testing.TB, sql string, args ...any) {
	t.Helper()
	if _, err := b.owner.Exec(context.WithoutCancel(t.Context()), sql, args...); err != nil {
		t.Fatal(err)
	}
}

// collect reads as the owner. The context outlives the test's, for checks in a cleanup.
func collect[T any](t testing.TB, b *Bundle, scan pgx.RowToFunc[T], sql string, args ...any) []T {
	t.Helper()
	rows, err := b.owner.Query(context.WithoutCancel(t.Context()), sql, args...)
	if err != nil {
		t.Fatal(err)
	}
	list, err := pgx.CollectRows(rows, scan)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// Principal returns a new user.
func Principal() token.Principal { return token.Principal{UserID: uuid.Must(uuid.NewV7())} }

// Draft returns a valid task with only a title.
func Draft(title string) task.Draft {
	return task.Draft{Title: title, Tags: []string{}}
}

package integration

import (
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/migrations/pgtest"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
)

// bundle is a database with the stores on it.
type bundle struct {
	pgtest.Database
	tasks  *postgres.Tasks
	outbox *postgres.Outbox
	woken  chan uuid.UUID
}

func setup(t testing.TB) bundle {
	t.Helper()
	db := pgtest.New(t)
	b := bundle{Database: db, woken: make(chan uuid.UUID, 10_000)}
	b.tasks = postgres.NewTasks(b.pool(t, "taskwire_app"), func(user uuid.UUID) { b.woken <- user })
	b.outbox = postgres.NewOutbox(b.pool(t, "taskwire_outbox"))
	return b
}

func (b bundle) pool(t testing.TB, role string) *postgres.Pool {
	t.Helper()
	pool, err := postgres.Open(t.Context(), postgres.Config{
		URL: b.URL(role), MaxConns: 8, ByKey: role == "taskwire_outbox" || role == "taskwire_stream", // as the functions have it
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// connect opens a connection of a role, which acts for user unless that is nil.
func (b bundle) connect(t testing.TB, role string, user uuid.UUID) *pgx.Conn {
	t.Helper()
	if user == uuid.Nil {
		return b.Connect(t, role, "")
	}
	return b.Connect(t, role, user.String())
}

func principal() token.Principal { return token.Principal{UserID: uuid.Must(uuid.NewV7())} }

func ok(task.Outcome) idempotency.Answer { return idempotency.Answer{Status: 200} }

func (b bundle) do(t *testing.T, who token.Principal, cmd task.Command) task.Outcome {
	t.Helper()
	var out task.Outcome
	_, err := b.tasks.Execute(t.Context(), who, idempotency.Key{}, cmd, func(o task.Outcome) idempotency.Answer {
		out = o
		return idempotency.Answer{Status: 200}
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func draft(title string) task.Draft {
	return task.Draft{Title: title, Tags: []string{}, Reminders: []string{}}
}

func count(t *testing.T, conn *pgx.Conn, table string) (n int) {
	t.Helper()
	if err := conn.QueryRow(t.Context(), fmt.Sprintf("SELECT count(*) FROM %s", pgx.Identifier{table}.Sanitize())).Scan(&n); err != nil {
		t.Fatalf("%s: %v", table, err)
	}
	return n
}

func unavailable(err error) bool { return fault.Is(err, fault.Unavailable) }

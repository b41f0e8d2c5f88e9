package store

import (
	"testing"

	"github.com/google/uuid"

	"taskwire.dev/functions/gateway/internal/stream"
	"taskwire.dev/migrations/pgtest"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
)

// bundle is a database with a log, and a way to write to it as the tasks function does.
type bundle struct {
	pgtest.Database
	log   *Log
	tasks *userlog.Log
}

func setup(t *testing.T) bundle {
	t.Helper()
	b := bundle{Database: pgtest.New(t)}
	b.log = NewLog(b.pool(t, postgres.Config{URL: b.URL("taskwire_stream"), MaxConns: 8, ByKey: true})) // as in the function
	b.tasks = userlog.New(b.pool(t, postgres.Config{URL: b.URL("taskwire_app"), MaxConns: 8}), func(uuid.UUID) {})
	return b
}

func (b bundle) pool(t *testing.T, c postgres.Config) *postgres.Pool {
	t.Helper()
	pool, err := postgres.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

func principal() token.Principal { return token.Principal{UserID: uuid.Must(uuid.NewV7())} }

// do executes a command as a user.
func (b bundle) do(t *testing.T, who token.Principal, cmd task.Command) (out task.Outcome) {
	t.Helper()
	_, err := b.tasks.Do(t.Context(), userlog.Command(who, cmd, func(o task.Outcome) idempotency.Answer {
		out = o
		return idempotency.Answer{Status: 200}
	}))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// events is the limit of a page of short events.
func events(n int) stream.Limit { return stream.Limit{Events: n, Bytes: 1 << 20} }

func draft(title string) task.Draft {
	return task.Draft{Title: title, Tags: []string{}}
}

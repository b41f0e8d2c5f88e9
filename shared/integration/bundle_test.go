package integration

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"taskwire.dev/migrations/pgtest"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/preference"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
	"taskwire.dev/shared/userlog/userlogtest"
)

// bundle is a database with a log and an outbox on it.
type bundle struct {
	*userlogtest.Bundle
	Owner  string // the URL of the database for its owner
	pool   *postgres.Pool
	outbox *postgres.Outbox
}

func setup(t testing.TB) bundle {
	t.Helper()
	db := pgtest.New(t)
	b := userlogtest.Setup(t, db)
	return bundle{
		Bundle: b, Owner: db.Owner, pool: b.Pool(t, "taskwire_app"), outbox: postgres.NewOutbox(b.Pool(t, "taskwire_outbox")),
	}
}

// execute executes a command with a key.
func (b bundle) execute(ctx context.Context, who token.Principal, key idempotency.Key, cmd task.Command,
	render func(task.Outcome) idempotency.Answer,
) (idempotency.Answer, error) {
	c := userlog.Command(who, cmd, render)
	c.Key = key
	return b.Log.Do(ctx, c)
}

func (b bundle) setPreferences(ctx context.Context, who token.Principal, p preference.Preferences) error {
	_, err := b.Log.Do(ctx, userlog.SetPreferences(who, &preference.Versioned{Preferences: p}))
	return err
}

// titles reads the titles of a user's tasks as a request does.
func titles(ctx context.Context, pool *postgres.Pool, who token.Principal) (titles []string, err error) {
	err = postgres.Read(ctx, pool, who, func(b *pgx.Batch) {
		b.Queue(`SELECT title FROM task WHERE user_id = $1`, who.UserID).Query(func(rows pgx.Rows) (err error) {
			titles, err = pgx.CollectRows(rows, pgx.RowTo[string])
			return err
		})
	})
	return titles, err
}

func principal() token.Principal { return userlogtest.Principal() }

func draft(title string) task.Draft { return userlogtest.Draft(title) }

func ok(task.Outcome) idempotency.Answer { return idempotency.Answer{Status: 200} }

// inOrder runs commands, all or none.
type inOrder []task.Command

func (c inOrder) Needs() (all task.Needs) {
	for _, one := range c {
		all = all.And(one.Needs())
	}
	return all
}

func (c inOrder) Apply(l *task.Ledger) (out task.Outcome, err error) {
	for _, one := range c {
		if out, err = one.Apply(l); err != nil {
			return task.Outcome{}, err
		}
	}
	return out, nil
}

func count(t *testing.T, conn *pgx.Conn, table string) (n int) {
	t.Helper()
	if err := conn.QueryRow(t.Context(), `SELECT count(*) FROM `+pgx.Identifier{table}.Sanitize()).Scan(&n); err != nil {
		t.Fatalf("%s: %v", table, err)
	}
	return n
}

func unavailable(err error) bool { return fault.Is(err, fault.Unavailable) }

package migrations_test

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/pressly/goose/v3"

	"taskwire.dev/migrations"
	"taskwire.dev/migrations/pgtest"
	"taskwire.dev/shared/eventually"
)

var upgradeTasks = flag.Int("upgrade.tasks", 2000, "how many tasks the database has when it is upgraded under load")

const (
	beforeSeries = 20261126100000 // the last migration of the release before series, days and searchable columns
	writers      = 8
)

// load is functions of the release before that write tasks all the time.
type load struct {
	slowest atomic.Int64 // since it was last read, in nanoseconds
	writes  atomic.Int64
}

// write changes a task, and adds one, as a function does: under the user's lock.
func (l *load) write(ctx context.Context, conn *pgx.Conn, user uuid.UUID, i int) error {
	began := time.Now()
	err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		b := &pgx.Batch{}
		b.Queue(`SELECT seq FROM user_stream WHERE user_id = $1 FOR UPDATE`, user)
		b.Queue(`UPDATE task SET title = $2, version = version + 1, updated_at = now()
WHERE user_id = $1 AND id = (SELECT id FROM task WHERE user_id = $1 ORDER BY id OFFSET $3 LIMIT 1)`, user, fmt.Sprint("Changed ", i), i%20)
		b.Queue(`INSERT INTO task (user_id, id, title, description, priority, tags, reminders, position, version, created_at, updated_at)
VALUES ($1, $2, 'Added', '', 0, '{}', '{}', 'a0', 1, now(), now())`, user, uuid.Must(uuid.NewV7()))
		b.Queue(`UPDATE user_stream SET seq = seq + 2 WHERE user_id = $1`, user)
		return tx.SendBatch(ctx, b).Close()
	})
	took := int64(time.Since(began))
	for was := l.slowest.Load(); took > was && !l.slowest.CompareAndSwap(was, took); was = l.slowest.Load() {
	}
	l.writes.Add(1)
	return err
}

// An upgrade of a database while functions of the release before write to it, back, and forward again: no write fails or waits for
// more than the lock timeout, and then all tasks can be searched. With -v it says how long each migration took, and the slowest
// write meanwhile.
func TestUpgradeUnderLoad_ForwardAndBack(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	provider, err := migrations.Provider(db.Owner)
	if err != nil {
		t.Fatal(err)
	}
	defer provider.Close()
	if _, err := provider.DownTo(t.Context(), beforeSeries); err != nil {
		t.Fatal(err)
	}
	conn := db.Connect(t, "taskwire_worker", "")
	users := make([]uuid.UUID, writers)
	for i := range users {
		users[i] = uuid.Must(uuid.NewV7())
	}
	seed(t, conn, users)

	ctx, stop := context.WithCancel(t.Context())
	var l load
	var wg sync.WaitGroup
	for _, user := range users {
		conn := db.Connect(t, "taskwire_worker", "")
		wg.Go(func() {
			pace := time.NewTicker(40 * time.Millisecond)
			defer pace.Stop()
			for i := 0; ; i++ {
				select {
				case <-ctx.Done():
					return
				case <-pace.C:
				}
				if err := l.write(context.WithoutCancel(ctx), conn, user, i); err != nil {
					t.Errorf("a write during the upgrade: %v", err)
					return
				}
			}
		})
	}
	defer wg.Wait()
	defer stop()
	report := func(what string, took time.Duration) {
		slowest := time.Duration(l.slowest.Swap(0))
		t.Logf("%-45s %8v, slowest write %8v, %d writes", what, took.Round(time.Millisecond), slowest.Round(time.Millisecond), l.writes.Swap(0))
		if slowest > 5*time.Second && !strings.HasPrefix(what, "down") { // back to a column that is computed in the table, it is rewritten
			t.Errorf("%s: a write waited for %v", what, slowest)
		}
	}
	began := time.Now()
	eventually.True(t, "the load runs", func() bool { return l.writes.Load() > 100 })
	report("without a migration", time.Since(began))

	apply := func(step func(context.Context) (*goose.MigrationResult, error), last int64) {
		for tries := 0; ; {
			began := time.Now()
			result, err := step(t.Context())
			// As the Job does: somebody else's lock can be in the way, such as that of an automatic ANALYZE, which waits for a GRANT.
			if tries++; migrations.Temporary(err) && tries < 4 {
				t.Logf("tried again: %v", err)
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			tries = 0
			report(fmt.Sprint(result.Direction, " ", result.Source.Version), time.Since(began))
			if result.Source.Version == last {
				return
			}
		}
	}
	versions := provider.ListSources()
	newest, first := versions[len(versions)-1].Version, int64(0)
	for _, s := range versions {
		if s.Version > beforeSeries {
			first = s.Version
			break
		}
	}
	apply(provider.UpByOne, newest)
	apply(provider.Down, first)
	apply(provider.UpByOne, newest)

	stop()
	wg.Wait()
	if _, err := migrations.Fold(t.Context(), db.Owner); err != nil {
		t.Fatal(err)
	}
	var missing int
	if err := conn.QueryRow(t.Context(), `SELECT count(*) FROM task WHERE search IS NULL`).Scan(&missing); err != nil || missing != 0 {
		t.Errorf("%d tasks cannot be searched: %v", missing, err)
	}
}

func seed(t *testing.T, conn *pgx.Conn, users []uuid.UUID) {
	t.Helper()
	const tasks = `
INSERT INTO task (user_id, id, title, description, priority, tags, reminders, position, version, created_at, updated_at, project, due_at)
SELECT ($1::uuid[])[1 + n % $2], gen_random_uuid(), 'Task ' || n || ' about the ' || md5(n::text), 'What is to be done: ' || md5((-n)::text), 0, '{work}',
       '{}', 'a' || n, 1, now(), now(), 'Home', now() + n * interval '1 minute' FROM generate_series(1, $3::int) n`
	for _, user := range users {
		if _, err := conn.Exec(t.Context(), `INSERT INTO user_stream (user_id, seq) VALUES ($1, $2)`, user, *upgradeTasks); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := conn.Exec(t.Context(), tasks, users, len(users), *upgradeTasks); err != nil {
		t.Fatal(err)
	}
}

package main

import (
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/migrations/pgtest"
	"taskwire.dev/shared/redis"
	"taskwire.dev/shared/redis/redistest"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/userlog/userlogtest"
)

// Both ways back to an earlier state give users new epochs, empty Redis, and put the latest events into the outbox again; older ones
// than the backup's window stay out.
func TestRestoreAndRecovered_DoTheSameBesideTheRows(t *testing.T) {
	db := pgtest.New(t)
	b := userlogtest.Setup(t, db)
	who := userlogtest.Principal()
	for range 3 {
		b.Do(t, who, task.Create{Draft: userlogtest.Draft("kept")})
	}
	cache := redistest.New(t)
	client, err := redis.Open(redis.Config{URL: cache.URL})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	t.Setenv("DATABASE_URL", db.Owner)
	t.Setenv("REDIS_URL", cache.URL)
	owner := b.Connect(t, "taskwire_owner", uuid.Nil)
	if _, err := owner.Exec(t.Context(), `UPDATE task_event SET occurred_at = now() - interval '2 hours' WHERE seq = 1`); err != nil {
		t.Fatal(err)
	}
	// All events are published.
	if _, err := owner.Exec(t.Context(), `DELETE FROM outbox`); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "backup.zip")
	if err := run(t.Context(), []string{"backup", file}); err != nil {
		t.Fatal(err)
	}
	for name, args := range map[string][]string{
		"restore":   {"restore", file, "--force", "--republish", "1h"},
		"recovered": {"recovered", "--to", time.Now().UTC().Format(time.RFC3339), "--republish", "1h"},
	} {
		if err := client.Set(t.Context(), "user-prefs:lost", "x", 0).Err(); err != nil {
			t.Fatal(err)
		}
		var before, after string
		const epoch = `SELECT epoch FROM user_stream WHERE user_id = $1`
		if err := owner.QueryRow(t.Context(), epoch, who.UserID).Scan(&before); err != nil {
			t.Fatal(err)
		}
		if _, err := owner.Exec(t.Context(), `DELETE FROM outbox`); err != nil {
			t.Fatal(err)
		}
		if err := run(t.Context(), args); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := owner.QueryRow(t.Context(), epoch, who.UserID).Scan(&after); err != nil || after == before {
			t.Errorf("%s: epoch %s as before, %v", name, after, err)
		}
		if n := client.DBSize(t.Context()).Val(); n != 0 {
			t.Errorf("%s: %d keys are left in Redis", name, n)
		}
		var events int
		if err := owner.QueryRow(t.Context(), `SELECT count(*) FROM outbox WHERE topic = 'task-events'`).Scan(&events); err != nil || events != 2 {
			t.Errorf("%s: %d events are published again, want the 2 of the last hour: %v", name, events, err)
		}
	}

	cache.Stop()
	if err := run(t.Context(), []string{"restore", file, "--force"}); err == nil || !strings.Contains(err.Error(), "connect to Redis") {
		t.Errorf("without Redis: %v", err)
	}
	var tasks int
	if err := owner.QueryRow(t.Context(), `SELECT count(*) FROM task`).Scan(&tasks); err != nil || tasks != 3 {
		t.Errorf("%d tasks: %v", tasks, err)
	}
}

// A function that is connected would go on with what it knows of changes that are lost.
func TestRecovered_RefusesConnectedFunctions(t *testing.T) {
	db := pgtest.New(t)
	t.Setenv("DATABASE_URL", db.Owner)
	t.Setenv("REDIS_URL", redistest.New(t).URL)
	// Tests become a role after a login as another user; what counts is who has logged in.
	login, err := url.Parse(db.Direct("taskwire_app"))
	if err != nil {
		t.Fatal(err)
	}
	login.User = url.User("taskwire_app")
	function, err := pgx.Connect(t.Context(), login.String())
	if err != nil {
		t.Fatal(err)
	}
	defer function.Close(t.Context())
	err = run(t.Context(), []string{"recovered", "--to", time.Now().UTC().Format(time.RFC3339)})
	if err == nil || !strings.Contains(err.Error(), "taskwire_app (1)") {
		t.Errorf("%v", err)
	}
}

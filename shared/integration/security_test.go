package integration

import (
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"

	"taskwire.dev/migrations"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/preference"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
)

// ownTables are the tables whose rows belong to one user and that the role taskwire_app can read.
var ownTables = []string{"task", "task_event", "user_stream", "preference", "idempotency_key"}

func TestRowLevelSecurityHoldsWhenTheQueryForgetsItsWhere(t *testing.T) {
	t.Parallel()
	b := setup(t)
	alice, mallory := principal(), principal()
	key, err := idempotency.FromHeader("k", "POST", "/", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.execute(t.Context(), alice, key, task.Create{Draft: draft("secret")}, ok); err != nil {
		t.Fatal(err)
	}
	if err := b.setPreferences(t.Context(), alice, preference.Default()); err != nil {
		t.Fatal(err)
	}
	for _, table := range ownTables {
		if n := count(t, b.Connect(t, "taskwire_app", alice.UserID), table); n != 1 {
			t.Errorf("%s: its owner sees %d rows, want 1", table, n)
		}
		if n := count(t, b.Connect(t, "taskwire_app", mallory.UserID), table); n != 0 {
			t.Errorf("%s: another user sees %d rows", table, n)
		}
		if n := count(t, b.Connect(t, "taskwire_app", uuid.Nil), table); n != 0 {
			t.Errorf("%s: nobody sees %d rows", table, n)
		}
	}
	conn := b.Connect(t, "taskwire_app", mallory.UserID)
	for _, change := range []string{
		`UPDATE task SET title = 'mine'`, `UPDATE user_stream SET seq = 0`, `UPDATE preference SET timezone = 'UTC'`,
	} {
		tag, err := conn.Exec(t.Context(), change)
		if err != nil || tag.RowsAffected() != 0 {
			t.Errorf("%s: %d rows, %v", change, tag.RowsAffected(), err)
		}
	}
	// Writing as another user is impossible, too.
	for _, insert := range []string{
		`INSERT INTO user_stream (user_id) VALUES (gen_random_uuid())`,
		`INSERT INTO outbox (shard, user_id, topic, payload) VALUES (0, gen_random_uuid(), 't', '')`,
		`INSERT INTO idempotency_key (user_id, key, request_hash, status, header, body) VALUES (gen_random_uuid(), 'k', '', 200, '{}', '')`,
		`INSERT INTO preference VALUES (gen_random_uuid(), 'UTC', 'PT1H', true, 'monday', now())`,
	} {
		if _, err := conn.Exec(t.Context(), insert); !denied(err) {
			t.Errorf("%s: %v", insert, err)
		}
	}
}

func TestARevokedTokenChangesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	who := token.Principal{UserID: uuid.New(), TokenID: uuid.New(), Personal: true}
	if err := b.setPreferences(t.Context(), who, preference.Default()); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("%v", err)
	}
	if n := count(t, b.Connect(t, "taskwire_app", who.UserID), "preference"); n != 0 {
		t.Error("it was refused, and done")
	}
}

func TestRolesCanDoNoMoreThanTheyNeed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	who := principal()
	b.Do(t, who, task.Create{Draft: draft("kept for ever")})
	for role, statements := range map[string][]string{
		"taskwire_app": {
			`UPDATE task_event SET actor = 'x'`, `DELETE FROM task_event`, `TRUNCATE task_event`, `SELECT FROM outbox`,
			`DELETE FROM outbox`, `SELECT email FROM app_user`, `SELECT FROM refresh_token`, `SELECT name FROM access_token`,
			`ALTER TABLE task DISABLE ROW LEVEL SECURITY`, `CREATE TABLE x ()`, `SELECT FROM processed_event`,
		},
		"taskwire_worker": {
			`UPDATE task_event SET actor = 'x'`, `DELETE FROM task_event`, `DELETE FROM task`, `SELECT FROM app_user`, `SELECT FROM outbox`,
			`SELECT FROM session`, `SELECT FROM password_reset`, `SELECT FROM mail_queue`, `DELETE FROM account_notice`,
		},
		"taskwire_outbox": {`SELECT FROM task`, `SELECT FROM task_event`, `UPDATE outbox SET topic = 'x'`, `SELECT FROM app_user`, `SELECT body FROM idempotency_key`},
		"taskwire_auth": {
			`SELECT FROM task`, `SELECT FROM task_event`, `SELECT FROM outbox`, `DELETE FROM app_user`, `DELETE FROM access_token`,
			`UPDATE app_user SET role = 'admin'`, `UPDATE app_user SET password_hash = 'x'`, `UPDATE app_user SET email = 'x'`,
			`INSERT INTO app_user (id, email, name, role, password_hash, created_at) VALUES (gen_random_uuid(), 'x', 'x', 'admin', 'x', now())`,
			`UPDATE access_token SET scopes = '{mcp}'`, `UPDATE access_token SET user_id = gen_random_uuid()`,
			`UPDATE refresh_token SET user_id = gen_random_uuid()`, `UPDATE refresh_token SET family_id = gen_random_uuid()`,
			`UPDATE session SET user_id = gen_random_uuid()`, `UPDATE session SET ends_at = now() + interval '1 year'`,
			`UPDATE password_reset SET user_id = gen_random_uuid()`, `SELECT FROM account_notice`, `SELECT timezone FROM preference`,
			`INSERT INTO outbox (shard, user_id, topic, payload) VALUES (0, gen_random_uuid(), 'task-events', '')`,
		},
		"taskwire_deadletter": {
			`SELECT FROM task`, `SELECT FROM task_event`, `SELECT payload FROM outbox`, `SELECT user_id FROM outbox`, `DELETE FROM outbox`, `SELECT email FROM app_user`,
			`UPDATE app_user SET role = 'admin'`, `SELECT name FROM access_token`, `SELECT FROM refresh_token`, `DELETE FROM processed_event`,
		},
		"taskwire_stream": {
			`SELECT FROM task`, `SELECT FROM outbox`, `SELECT FROM app_user`, `INSERT INTO user_stream (user_id) VALUES (gen_random_uuid())`,
			`UPDATE user_stream SET seq = 0`, `DELETE FROM task_event`, `SELECT name FROM access_token`, `SELECT device FROM session`,
		},
	} {
		conn := b.Connect(t, role, who.UserID)
		for _, s := range statements {
			if _, err := conn.Exec(t.Context(), s); !denied(err) {
				t.Errorf("%s: %s: %v", role, s, err)
			}
		}
	}
}

// Users may delete their tasks for good once they are in the trash, and no other.
func TestTheAppDeletesOnlyWhatIsInTheTrash(t *testing.T) {
	t.Parallel()
	b := setup(t)
	who, another := principal(), principal()
	b.Do(t, who, task.Create{Draft: draft("open")})
	b.Do(t, who, task.Delete{ID: b.Do(t, who, task.Create{Draft: draft("of a series")}).TaskID})
	b.Exec(t, `UPDATE task SET series_id = id WHERE deleted_at IS NOT NULL`)
	b.Do(t, who, task.Delete{ID: b.Do(t, who, task.Create{Draft: draft("in the trash")}).TaskID})
	for user, want := range map[uuid.UUID]int64{another.UserID: 0, who.UserID: 1} {
		tag, err := b.Connect(t, "taskwire_app", user).Exec(t.Context(), `DELETE FROM task`)
		if err != nil || tag.RowsAffected() != want {
			t.Errorf("%d tasks deleted, %v; want %d", tag.RowsAffected(), err, want)
		}
	}
	if n := count(t, b.Connect(t, "taskwire_owner", uuid.Nil), "task"); n != 2 {
		t.Errorf("%d tasks are left, want 2", n)
	}
}

// denied reports whether the database said "insufficient privilege" (42501), as row-level security does too.
func denied(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "42501"
}

func TestMigrationsGoUpAndDownAndUpAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	provider, err := migrations.Provider(b.Owner)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = provider.Close() })
	if _, err := provider.DownTo(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	conn := b.Connect(t, "taskwire_owner", uuid.Nil)
	var left int
	const ours = `SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'goose_db_version'`
	if err := conn.QueryRow(t.Context(), ours).Scan(&left); err != nil || left != 0 {
		t.Fatalf("%d tables left, %v", left, err)
	}
	if _, err := provider.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.Do(t, principal(), task.Create{Draft: draft("works again")})
}

func TestEveryTableHasRowLevelSecurity(t *testing.T) {
	t.Parallel()
	conn := setup(t).Connect(t, "taskwire_owner", uuid.Nil)
	var bare []string
	const without = `SELECT coalesce(array_agg(relname::text), '{}') FROM pg_class
		WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND NOT relrowsecurity AND relname <> 'goose_db_version'`
	if err := conn.QueryRow(t.Context(), without).Scan(&bare); err != nil || len(bare) > 0 {
		t.Errorf("without row-level security: %v, %v", bare, err)
	}
}

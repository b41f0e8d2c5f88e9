// Package pgtest gives every test its own migrated PostgreSQL database, and drops it at the end. The databases are copies of
// a template, which the first process on the server migrates, and which stays there for later ones.
//
// TEST_POOLER=1 puts a PgBouncer in transaction mode in between, to run a package's tests as with a managed pooler. The server must
// not ask its roles for passwords.
//
// TEST_DATABASE_URL names a server that it may use, with a role that may create databases and roles. Without
// it the first test of a process starts a throwaway server from the PostgreSQL that is installed. TEST_DATABASE_DIR names
// a folder for that server's data, so that the databases of Kept are there in the next run too; of processes that name the
// same folder only one may run at a time.
package pgtest

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"taskwire.dev/migrations"
)

// Database is a database of one test.
type Database struct {
	// Owner is the URL for the role that owns the database; it is no superuser, as with a managed PostgreSQL.
	Owner  string
	base   *url.URL
	server *url.URL
}

// URL returns the URL for one of the login roles, such as "taskwire_app". With TEST_POOLER set it is that of a PgBouncer in
// transaction mode, for all but the owner.
func (d Database) URL(role string) string {
	if os.Getenv("TEST_POOLER") != "" && role != ownerRole {
		return d.Pooled(role)
	}
	return d.Direct(role)
}

// Direct returns the URL for a role without a pooler, for tests that keep something in their session.
func (d Database) Direct(role string) string { return as(d.base, role) }

// Connect opens a connection of a role, which sees what row-level security shows to user, an id; "" is nobody.
func (d Database) Connect(t testing.TB, role, user string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), d.Direct(role))
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	if user != "" {
		if _, err := conn.Exec(t.Context(), `SELECT set_config('app.user_id', $1, false)`, user); err != nil {
			t.Fatalf("pgtest: %v", err)
		}
	}
	return conn
}

// ownerRole owns the databases.
const ownerRole = "taskwire_owner"

// lock is the advisory lock, in the database that TEST_DATABASE_URL names, under which roles and templates are made: they
// belong to the server, and other processes test on it as well.
const lock = 0x7457

// connect returns the server, and a connection to it as its superuser.
func connect(t testing.TB) (*url.URL, *pgx.Conn) {
	t.Helper()
	server, err := serverURL()
	if err != nil {
		t.Fatalf("pgtest: no PostgreSQL to test on: %v", err)
	}
	admin, err := pgx.Connect(t.Context(), server.String())
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	return server, admin
}

// New returns a fresh, migrated database. It is safe to call from parallel tests.
func New(t testing.TB) Database {
	t.Helper()
	ctx := t.Context()
	server, admin := connect(t)
	defer func() { _ = admin.Close(context.WithoutCancel(ctx)) }()
	original, err := template(ctx, server)
	if err != nil {
		t.Fatalf("pgtest: template: %v", err)
	}
	db := at(server, "pgtest_"+strings.ToLower(rand.Text()[:16]))
	t.Cleanup(func() { db.Drop(t) })
	if err := db.copy(ctx, admin, original); err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	return db
}

// create makes the owner and an empty database. It keeps the lock until admin closes.
func create(ctx context.Context, admin *pgx.Conn, server *url.URL, name string) (Database, error) {
	const owner = `
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'taskwire_owner') THEN CREATE ROLE taskwire_owner LOGIN CREATEROLE; END IF;
  IF current_user <> 'taskwire_owner' THEN GRANT taskwire_owner TO CURRENT_USER; END IF;
END $$`
	if _, err := admin.Exec(ctx, "SELECT pg_advisory_lock($1)", lock); err != nil {
		return Database{}, err
	}
	if _, err := admin.Exec(ctx, owner); err != nil {
		return Database{}, fmt.Errorf("owner role: %w", err)
	}
	// template0, for nobody can be connected to it, which would make CREATE DATABASE fail.
	if _, err := admin.Exec(ctx, "CREATE DATABASE "+name+" OWNER taskwire_owner TEMPLATE template0"); err != nil {
		return Database{}, err
	}
	return at(server, name), nil
}

func (d Database) name() string { return strings.TrimPrefix(d.base.Path, "/") }

func at(server *url.URL, name string) Database {
	base := *server
	base.Path = "/" + name
	return Database{Owner: as(&base, ownerRole), base: &base, server: server}
}

// as lets the connection take the role at its start (the setting "role"): privileges and row-level security
// are the role's, and no role needs a password that another process might change.
func as(base *url.URL, role string) string {
	u := *base
	q := u.Query()
	q.Set("role", role)
	u.RawQuery = q.Encode()
	return u.String()
}

func migrate(ctx context.Context, owner string) error {
	provider, err := migrations.Provider(owner)
	if err != nil {
		return err
	}
	defer provider.Close()
	_, err = provider.Up(ctx)
	return err
}

// lend makes the server's user a member of the login roles, unless it may take them as a superuser.
func lend(ctx context.Context, admin *pgx.Conn) error {
	const grant = `
DO $$
DECLARE
  login name;
BEGIN
  IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN RETURN; END IF;
  FOR login IN SELECT rolname FROM pg_roles WHERE rolname LIKE 'taskwire\_%' AND rolname <> current_user LOOP
    EXECUTE format('GRANT %I TO %I', login, current_user);
  END LOOP;
END $$`
	_, err := admin.Exec(ctx, grant)
	return err
}

// Drop drops the database even if clients are connected. It is also called when the test ends.
func (d Database) Drop(t testing.TB) {
	t.Helper()
	ctx := context.Background() // the test's own may be done by now
	admin, err := pgx.Connect(ctx, d.server.String())
	if err != nil {
		t.Errorf("pgtest: %v", err)
		return
	}
	defer func() { _ = admin.Close(ctx) }()
	// FORCE closes what a killed function has left open.
	if _, err := admin.Exec(ctx, "DROP DATABASE IF EXISTS "+d.name()+" WITH (FORCE)"); err != nil {
		t.Errorf("pgtest: %v", err)
	}
}

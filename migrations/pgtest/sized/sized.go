// Package sized gives tests a database at size: one user with very many tasks beside thousands who have a hundred each, with
// their audit logs, reminders and notifications. It reads the plans of the statements that a function runs on it.
//
// The database is made once and kept (pgtest.Kept). TEST_SIZE_USERS is how many users have a hundred tasks; the one user has
// as many as all of them together.
package sized

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"os"
	"strconv"
	"testing"

	"github.com/google/uuid"

	"taskwire.dev/migrations/pgtest"
	"taskwire.dev/shared/schema"
)

// fewUsers is how many there are when every change is tested.
const fewUsers = 500

// Heavy is the user with very many tasks.
var Heavy = uuid.MustParse("01950000-0000-7000-8000-000000000001")

//go:embed fill.go
var fillGo string

// Database is a filled database.
type Database struct {
	pgtest.Database
	// Users is the number of users with a hundred tasks each, and Tasks that of the one user's.
	Users, Tasks int
}

// URL returns the URL for a role without a pooler, which would take no settings for the plans of its statements.
func (d Database) URL(role string) string { return d.Direct(role) }

// Open returns the database, which it makes if it is not there yet.
func Open(t testing.TB) Database {
	t.Helper()
	if testing.Short() {
		t.Skip("makes a large database")
	}
	if os.Getenv("TEST_POOLER") != "" {
		t.Skip("plans are the same behind a pooler, which takes no setting to return them; the run without one reads them")
	}
	users := fewUsers
	if given, err := strconv.Atoi(os.Getenv("TEST_SIZE_USERS")); err == nil {
		users = given
	}
	how := sha256.Sum256([]byte(fillSQL + madeSQL + fillGo))
	key := strconv.Itoa(users) + "_" + strconv.FormatInt(schema.Newest, 10) + "_" + hex.EncodeToString(how[:4])
	db := pgtest.Kept(t, "sized", key, func(ctx context.Context, db pgtest.Database) error { return fill(ctx, db, users) })
	return Database{Database: db, Users: users, Tasks: 100 * users}
}

// Light returns one of the users with a hundred tasks.
func (d Database) Light(n int) uuid.UUID { return ID("0196", n%d.Users) }

// ID returns the id of the nth row of a kind, as in made.sql: "0197" is a task of Heavy, "0198" one of the others, "019a" a
// notification.
func ID(kind string, n int) uuid.UUID {
	return uuid.MustParse(fmt.Sprintf("%s%08x70008%015x", kind, n, n))
}

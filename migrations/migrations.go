// Package migrations holds the schema of Taskwire's database, forward and back.
package migrations

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed *.sql
var files embed.FS

// Digest identifies the SQL of all migrations: it is another one after any change of them.
func Digest() (string, error) {
	sum := sha256.New()
	paths, err := fs.Glob(files, "*.sql")
	if err != nil {
		return "", err
	}
	for _, path := range paths {
		text, err := files.ReadFile(path)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(sum, "%s %d\n%s", path, len(text), text)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// Provider returns the goose provider for the database at url, which must be the owner's. Only one process
// migrates at a time: the others wait for a PostgreSQL advisory lock. The caller closes the provider.
func Provider(url string) (*goose.Provider, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(connector{stdlib.GetConnector(*config)})
	return goose.NewProvider(goose.DialectPostgres, db, files, goose.WithSessionLocker(locker),
		goose.WithGoMigrations(foldTasks()), goose.WithDisableGlobalRegistry(true))
}

// roles are the login roles that the migrations create, and the environment variable that holds each one's password.
var roles = map[string]string{
	"taskwire_app":    "TASKWIRE_APP_PASSWORD",
	"taskwire_worker": "TASKWIRE_WORKER_PASSWORD",
	"taskwire_auth":   "TASKWIRE_AUTH_PASSWORD",
	"taskwire_outbox": "TASKWIRE_OUTBOX_PASSWORD",
	"taskwire_stream": "TASKWIRE_STREAM_PASSWORD",

	"taskwire_deadletter": "TASKWIRE_DEADLETTER_PASSWORD",
	"taskwire_backup":     "TASKWIRE_BACKUP_PASSWORD",
}

// SetPasswords gives every role the password in its environment variable; a missing one is an error, so that
// no role is left without by oversight.
func SetPasswords(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	for role, variable := range roles {
		password := os.Getenv(variable)
		if password == "" {
			return fmt.Errorf("%s is not set: it is the password of role %s", variable, role)
		}
		// ALTER ROLE takes no parameters; format with %L quotes the password on the server.
		var statement string
		err := conn.QueryRow(ctx, "SELECT format('ALTER ROLE %I PASSWORD %L', $1::text, $2::text)", role, password).Scan(&statement)
		if err != nil {
			return fmt.Errorf("password of %s: %w", role, err)
		}
		if _, err := conn.Exec(ctx, statement); err != nil {
			return fmt.Errorf("password of %s: %w", role, err)
		}
	}
	return nil
}

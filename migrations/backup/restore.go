package backup

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/pressly/goose/v3"

	"taskwire.dev/migrations"
)

// ErrNotEmpty is why Restore without replace refuses a database that has data.
var ErrNotEmpty = errors.New("the database has data, which a restore replaces")

// Restore replaces the contents of the database at url, the owner's, with the backup, and migrates them to the newest schema. No
// function may be connected. Without replace it refuses a database that has data.
//
// Every user gets a new epoch: sequence numbers after the backup are used again, for other changes.
//
// A failure before the rows are committed leaves the database as it was or, if its schema is not the backup's, empty. Restore
// can be called again.
func (b *Backup) Restore(ctx context.Context, url string, replace bool, report Report) error {
	provider, err := migrations.Provider(url)
	if err != nil {
		return err
	}
	defer provider.Close()
	if err := b.checkSchema(ctx, provider); err != nil {
		return err
	}
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if err := checkIdle(ctx, conn); err != nil {
		return err
	}
	if !replace {
		if err := b.checkEmpty(ctx, conn); err != nil {
			return err
		}
	}
	if err := b.prepareSchema(ctx, provider, conn); err != nil {
		return fmt.Errorf("bring the schema to version %d: %w", b.Schema, err)
	}
	if err := b.load(ctx, conn, report); err != nil {
		return err
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("the rows are restored, but not migrated (`migrate up` goes on): %w", err)
	}
	// Without statistics the first queries would read whole tables.
	_, err = conn.Exec(ctx, `ANALYZE`)
	return err
}

// checkSchema refuses a backup, and a database, of a later release.
func (b *Backup) checkSchema(ctx context.Context, provider *goose.Provider) error {
	sources := provider.ListSources()
	newest := sources[len(sources)-1].Version
	if !slices.ContainsFunc(sources, func(s *goose.Source) bool { return s.Version == b.Schema }) {
		return fmt.Errorf("the backup is of release %s with schema %d, and this program knows schemas up to %d: restore it with that release or a later one",
			b.Release, b.Schema, newest)
	}
	current, err := provider.GetDBVersion(ctx)
	if err == nil && current > newest {
		err = fmt.Errorf("the database has schema %d, and this program knows schemas up to %d: restore with the release that made it or a later one", current, newest)
	}
	return err
}

// checkIdle refuses a database that functions are connected to: they would write to it, and what they know of it would be wrong.
func checkIdle(ctx context.Context, conn *pgx.Conn) error {
	const connected = `
SELECT usename::text, count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename LIKE 'taskwire\_%' AND usename <> current_user
GROUP BY usename ORDER BY usename`
	rows, err := conn.Query(ctx, connected)
	if err != nil {
		return err
	}
	var who []string
	var role string
	var n int
	_, err = pgx.ForEachRow(rows, []any{&role, &n}, func() error {
		who = append(who, fmt.Sprintf("%s (%d)", role, n))
		return nil
	})
	if err == nil && len(who) > 0 {
		err = fmt.Errorf("functions are connected to the database; stop them first. Roles and their connections: %s", strings.Join(who, ", "))
	}
	return err
}

// checkEmpty refuses a database with users or changes, and says how much there is.
func (b *Backup) checkEmpty(ctx context.Context, conn *pgx.Conn) error {
	var there bool
	if err := conn.QueryRow(ctx, `SELECT to_regclass('public.user_stream') IS NOT NULL`).Scan(&there); err != nil || !there {
		return err
	}
	var users, changes int64
	const count = `SELECT (SELECT count(*) FROM app_user), (SELECT coalesce(sum(seq), 0)::bigint FROM user_stream)`
	if err := conn.QueryRow(ctx, count).Scan(&users, &changes); err != nil || users == 0 && changes == 0 {
		return err
	}
	return fmt.Errorf("%w: it has %d users and %d changes, the backup of %s has %d and %d",
		ErrNotEmpty, users, changes, b.Taken.Format("2006-01-02 15:04:05 MST"), b.Manifest.Rows("app_user"), b.Manifest.Rows("task_event"))
}

// prepareSchema brings the schema to the backup's version. Where that is another one, it empties the tables first: migrations
// refuse to go back where the audit log has entries that the earlier version cannot read.
func (b *Backup) prepareSchema(ctx context.Context, provider *goose.Provider, conn *pgx.Conn) error {
	current, err := provider.GetDBVersion(ctx)
	if err != nil || current == b.Schema {
		return err
	}
	if err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error { return empty(ctx, tx) }); err != nil {
		return err
	}
	if current > b.Schema {
		_, err = provider.DownTo(ctx, b.Schema)
	} else {
		_, err = provider.UpTo(ctx, b.Schema)
	}
	return err
}

// empty deletes all rows. It fails if somebody holds a lock on a table.
func empty(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, `SET LOCAL lock_timeout = '10s'`); err != nil {
		return err
	}
	all, err := tables(ctx, tx)
	if err != nil || len(all) == 0 {
		return err
	}
	_, err = tx.Exec(ctx, `TRUNCATE `+strings.Join(quoted(all), ", "))
	return err
}

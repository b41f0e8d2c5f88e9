package backup

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// querier is a connection or a transaction.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// tables returns all tables with their columns, except for goose's, which belongs to the schema. A backup has every table without
// a list of them, so that none is forgotten.
func tables(ctx context.Context, q querier) ([]Table, error) {
	const all = `
SELECT c.relname::text, array_agg(a.attname::text ORDER BY a.attnum)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> 'goose_db_version'
GROUP BY c.relname ORDER BY c.relname`
	rows, err := q.Query(ctx, all)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (t Table, err error) {
		return t, row.Scan(&t.Name, &t.Columns)
	})
}

// lockTables keeps migrations out until tx ends: after a table was rewritten, an older snapshot would find it empty. It comes before
// the snapshot, so that a migration that has just ended is in it. It returns the tables as they are then.
func lockTables(ctx context.Context, tx pgx.Tx, expected []Table) ([]Table, error) {
	if len(expected) == 0 {
		return nil, errors.New("the database has no tables: has it been migrated?")
	}
	names := quoted(expected)
	if _, err := tx.Exec(ctx, `LOCK TABLE `+strings.Join(names, ", ")+` IN ACCESS SHARE MODE`); err != nil {
		return nil, fmt.Errorf("lock the tables against migrations: %w", err)
	}
	now, err := tables(ctx, tx)
	if err == nil && !slices.Equal(quoted(now), names) {
		err = errors.New("a migration added or removed tables just now; try again")
	}
	return now, err
}

func quoted(all []Table) []string {
	names := make([]string, len(all))
	for i, t := range all {
		names[i] = quote(t.Name)
	}
	return names
}

// checkVisible fails if row-level security hides rows from the role: a backup without them would look complete.
func checkVisible(ctx context.Context, tx pgx.Tx) error {
	const hidden = `
SELECT c.relname::text FROM pg_class c, pg_roles me
WHERE me.rolname = current_user AND NOT me.rolsuper AND NOT me.rolbypassrls
  AND c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relrowsecurity
  AND (c.relforcerowsecurity OR c.relowner <> me.oid)
  AND (EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND NOT p.polpermissive AND p.polcmd IN ('r', '*'))
    OR NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polcmd IN ('r', '*') AND me.oid = ANY (p.polroles)
      AND pg_get_expr(p.polqual, p.polrelid) = 'true'))
ORDER BY c.relname`
	rows, err := tx.Query(ctx, hidden)
	if err != nil {
		return err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err == nil && len(names) > 0 {
		err = fmt.Errorf("the role does not see all rows of %s: use taskwire_backup or the owner", strings.Join(names, ", "))
	}
	return err
}

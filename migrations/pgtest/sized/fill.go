package sized

import (
	"context"
	_ "embed"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"taskwire.dev/migrations/pgtest"
	"taskwire.dev/shared/search"
)

var (
	//go:embed fill.sql
	fillSQL string
	//go:embed made.sql
	madeSQL string
)

// repeats is how many tasks of one user have the same text.
const repeats = 20

// fill loads all tables, each of them without its indexes, which are built afterwards. Tasks are loaded beside the rest.
func fill(ctx context.Context, db pgtest.Database, users int) error {
	phrases := 100 * users / repeats
	start := time.Now().Add(-730 * 24 * time.Hour).UTC().Format(time.RFC3339)
	given := strings.NewReplacer("«users»", strconv.Itoa(users), "«phrases»", strconv.Itoa(phrases), "«heavy»", Heavy.String(),
		"«start»", "timestamptz '"+start+"'")
	conn, err := pgx.Connect(ctx, db.Owner)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if err := addPhrases(ctx, conn, phrases); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, given.Replace(madeSQL)); err != nil {
		return err
	}
	tables := strings.Split(given.Replace(fillSQL), "\n-- table ")[1:]
	var group errgroup.Group
	group.Go(func() error { return load(ctx, db, tables[:1]) })
	group.Go(func() error { return load(ctx, db, tables[1:]) })
	if err := group.Wait(); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "DROP VIEW made, people; DROP FUNCTION fill_id, fill_position; DROP TABLE fill_phrase"); err != nil {
		return err
	}
	// When no transaction is left for which a row might not be there, not even that of an autovacuum.
	if _, err := conn.Exec(ctx, "VACUUM ANALYZE"); err != nil {
		return err
	}
	for _, table := range tables {
		name, _, _ := strings.Cut(table, "\n")
		if _, err := conn.Exec(ctx, "ALTER TABLE "+name+" RESET (autovacuum_enabled)"); err != nil {
			return err
		}
	}
	return nil
}

// addPhrases makes the texts of tasks. One word is in a single text; two are in a tenth of the texts each, and in one together.
func addPhrases(ctx context.Context, conn *pgx.Conn, n int) error {
	const table = `CREATE UNLOGGED TABLE fill_phrase (
  number bigint, title text, description text, project text, tags text[], search text, names text[], keys integer[])`
	if _, err := conn.Exec(ctx, table); err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same texts each time
	words := strings.Fields("invoice dentist garden report school train meeting review budget window kitchen ladder music paper river stone")
	pick := func() string { return words[random.IntN(len(words))] }
	columns := []string{"number", "title", "description", "project", "tags", "search", "names", "keys"}
	rows := pgx.CopyFromSlice(n, func(i int) ([]any, error) {
		title := fmt.Sprintf("%s the %s %s %d", []string{"Call", "Buy", "Fix", "Write"}[random.IntN(4)], pick(), pick(), random.IntN(100_000))
		switch {
		case i == 7:
			title += " xylophone"
		case i == 8:
			title += " alpha omega"
		case i%10 == 1:
			title += " alpha"
		case i%10 == 2:
			title += " omega"
		case i%50 == 3:
			title = "明日の会議の準備"
		}
		description := ""
		if i%5 == 0 {
			description = strings.Repeat(pick()+" "+pick()+" ", 5+random.IntN(60))
		}
		var project *string
		tags := []string{}
		if i%7 == 0 {
			name := fmt.Sprintf("Project %d", i%1000)
			project, tags = &name, append(tags, pick(), fmt.Sprintf("t%d", i%5000))
		}
		row := search.RowOf(Heavy, true, title, description, project, tags)
		return []any{int64(i), title, description, project, tags, row.Text, row.Names, row.Keys}, nil
	})
	if _, err := conn.CopyFrom(ctx, pgx.Identifier{"fill_phrase"}, columns, rows); err != nil {
		return err
	}
	_, err := conn.Exec(ctx, "ANALYZE fill_phrase")
	return err
}

// load fills tables in the order that is given. Each one's transaction begins with emptying it, so that PostgreSQL need not log
// the rows.
func load(ctx context.Context, db pgtest.Database, tables []string) error {
	conn, err := pgx.Connect(ctx, db.Owner)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	const settings = `SET work_mem = '512MB'; SET maintenance_work_mem = '512MB'; SET jit = off; SET max_parallel_workers_per_gather = 0;
SET max_parallel_maintenance_workers = 0; SET timezone = 'UTC'`
	if _, err := conn.Exec(ctx, settings); err != nil {
		return err
	}
	for _, one := range tables {
		table, insert, _ := strings.Cut(one, "\n")
		drop, build, err := indexes(ctx, conn, table)
		if err != nil {
			return err
		}
		statements := append([]string{"ALTER TABLE " + table + " SET (autovacuum_enabled = off)", "BEGIN", "TRUNCATE " + table + " CASCADE"}, drop...)
		statements = append(append(append(statements, insert), build...), "COMMIT")
		for _, statement := range statements {
			if _, err := conn.Exec(ctx, statement); err != nil {
				return fmt.Errorf("%s: %w", statement, err)
			}
		}
	}
	return nil
}

// indexes returns the statements that drop and build the indexes of a table. Tables without many rows keep theirs: others
// refer to their keys.
func indexes(ctx context.Context, conn *pgx.Conn, table string) (drop, build []string, err error) {
	const all = `
SELECT coalesce('ALTER TABLE ' || i.indrelid::regclass || ' DROP CONSTRAINT ' || quote_ident(c.conname), 'DROP INDEX ' || i.indexrelid::regclass),
  coalesce('ALTER TABLE ' || i.indrelid::regclass || ' ADD CONSTRAINT ' || quote_ident(c.conname) || ' ' || pg_get_constraintdef(c.oid), pg_get_indexdef(i.indexrelid))
FROM pg_index i LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype IN ('p', 'u')
WHERE i.indrelid = $1::text::regclass AND NOT EXISTS (SELECT FROM pg_constraint f WHERE f.confrelid = i.indrelid)`
	rows, err := conn.Query(ctx, all, table)
	if err != nil {
		return nil, nil, err
	}
	var down, up string
	_, err = pgx.ForEachRow(rows, []any{&down, &up}, func() error {
		drop, build = append(drop, down), append(build, up)
		return nil
	})
	return drop, build, err
}

package backup

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// load replaces all rows in one transaction.
func (b *Backup) load(ctx context.Context, conn *pgx.Conn, report Report) error {
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if err := empty(ctx, tx); err != nil {
			return err
		}
		indexes, err := dropIndexes(ctx, tx)
		if err != nil {
			return err
		}
		order, err := b.order(ctx, tx)
		if err != nil {
			return err
		}
		for _, t := range order {
			if err := b.loadTable(ctx, tx, t, report); err != nil {
				return fmt.Errorf("table %s: %w", t.Name, err)
			}
		}
		// Building an index is cheaper than filling it row by row.
		if _, err := tx.Exec(ctx, `SET LOCAL maintenance_work_mem = '256MB'`); err != nil {
			return err
		}
		for i, index := range indexes {
			report(Progress{Stage: "indexed", Rows: int64(i), Of: int64(len(indexes))})
			if _, err := tx.Exec(ctx, index); err != nil {
				return fmt.Errorf("%s: %w", index, err)
			}
		}
		if err := advanceSequences(ctx, tx); err != nil {
			return err
		}
		return newEpochs(ctx, tx)
	})
}

// newEpochs gives every user's stream a new epoch, so that clients reload: the sequence numbers that they know are used again, for
// other changes.
func newEpochs(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, `UPDATE user_stream SET epoch = encode(substring(uuid_send(gen_random_uuid()) FROM 1 FOR 6), 'hex')`)
	return err
}

// Renew gives every user a new epoch in the database at url, the owner's: after it was put back to an earlier time by other means than
// Restore. As for that, no function may be connected: it would go on with the old epochs, and with what it knows of lost changes.
func Renew(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if err := checkIdle(ctx, conn); err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error { return newEpochs(ctx, tx) })
}

func (b *Backup) loadTable(ctx context.Context, tx pgx.Tx, t Table, report Report) error {
	reader, writer := io.Pipe()
	defer reader.Close() // ends the goroutine if COPY fails
	go func() { writer.CloseWithError(b.copyTo(writer, t, "restored", report)) }()
	tag, err := tx.Conn().PgConn().CopyFrom(ctx, reader, fmt.Sprintf(`COPY %s (%s) FROM STDIN`, quote(t.Name), t.columns()))
	if err == nil && tag.RowsAffected() != t.Rows {
		err = fmt.Errorf("%d rows were restored, want %d", tag.RowsAffected(), t.Rows)
	}
	return err
}

// dropIndexes drops the indexes that no constraint needs, and returns the statements that make them again.
func dropIndexes(ctx context.Context, tx pgx.Tx) (again []string, err error) {
	const all = `
SELECT c.relname::text, pg_get_indexdef(i.indexrelid)
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
WHERE c.relnamespace = 'public'::regnamespace AND NOT c.relispartition AND t.relname <> 'goose_db_version'
  AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)
ORDER BY t.relname, c.relname`
	rows, err := tx.Query(ctx, all)
	if err != nil {
		return nil, err
	}
	var name, definition string
	var names []string
	_, err = pgx.ForEachRow(rows, []any{&name, &definition}, func() error {
		names, again = append(names, quote(name)), append(again, definition)
		return nil
	})
	if err != nil || len(names) == 0 {
		return nil, err
	}
	_, err = tx.Exec(ctx, `DROP INDEX `+strings.Join(names, ", "))
	return again, err
}

// order returns the tables so that each comes after those that its foreign keys refer to.
func (b *Backup) order(ctx context.Context, tx pgx.Tx) (sorted []Table, err error) {
	const keys = `
SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint
WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND conrelid <> confrelid`
	rows, err := tx.Query(ctx, keys)
	if err != nil {
		return nil, err
	}
	needs := map[string][]string{}
	var from, to string
	_, err = pgx.ForEachRow(rows, []any{&from, &to}, func() error {
		needs[from] = append(needs[from], to)
		return nil
	})
	if err != nil {
		return nil, err
	}
	placed := map[string]bool{}
	for rest := slices.Clone(b.Tables); len(rest) > 0; {
		at := slices.IndexFunc(rest, func(t Table) bool {
			return !slices.ContainsFunc(needs[t.Name], func(other string) bool { return !placed[other] })
		})
		if at < 0 {
			return nil, fmt.Errorf("foreign keys form a circle among %s", strings.Join(quoted(rest), ", "))
		}
		placed[rest[at].Name] = true
		sorted = append(sorted, rest[at])
		rest = slices.Delete(rest, at, at+1)
	}
	return sorted, nil
}

// advanceSequences makes sure that identity columns do not give out the number of a restored row. They never go back.
func advanceSequences(ctx context.Context, tx pgx.Tx) error {
	const identities = `
SELECT table_name::text, column_name::text, pg_get_serial_sequence(quote_ident(table_name), column_name)
FROM information_schema.columns WHERE table_schema = 'public' AND is_identity = 'YES' AND table_name <> 'goose_db_version'`
	rows, err := tx.Query(ctx, identities)
	if err != nil {
		return err
	}
	var table, column, sequence string
	var statements []string
	_, err = pgx.ForEachRow(rows, []any{&table, &column, &sequence}, func() error {
		statements = append(statements, fmt.Sprintf(`SELECT setval('%[1]s', greatest((SELECT max(%[2]s) FROM %[3]s), (SELECT last_value FROM %[1]s)))`,
			sequence, quote(column), quote(table)))
		return nil
	})
	if err != nil {
		return err
	}
	for _, statement := range statements {
		if _, err := tx.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

package migrations

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/pressly/goose/v3"

	"taskwire.dev/shared/search"
)

// foldBatch is how many tasks are folded in one transaction: few, so that a write of one of them waits for milliseconds.
const foldBatch = 200

// foldTasks is the migration that computes, for the tasks that are there, what lists and searches read of them.
func foldTasks() *goose.Migration {
	return goose.NewGoMigration(20261126220100, &goose.GoFunc{RunDB: func(ctx context.Context, db *sql.DB) error {
		session, err := db.Conn(ctx)
		if err != nil {
			return err
		}
		defer session.Close()
		return session.Raw(func(driver any) error {
			// Twice, for those that functions of an earlier release wrote in between. They go on writing until they are replaced, so
			// it would not end if it waited for a walk that finds none; Fold repairs the rest.
			for range 2 {
				if folded, err := fold(ctx, driver.(conn).Conn.Conn(), false); err != nil || folded == 0 {
					return err
				}
			}
			return nil
		})
	}}, &goose.GoFunc{RunDB: func(context.Context, *sql.DB) error { return nil }})
}

// Fold computes it again where it is missing or wrong, and returns for how many tasks: functions of an earlier release
// write tasks without it while they are being replaced. The database at url is the owner's.
func Fold(ctx context.Context, url string) (int64, error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return 0, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	return fold(ctx, conn, true)
}

// fold walks through all tasks in the order of their key. Without all it leaves those out that have been folded.
func fold(ctx context.Context, conn *pgx.Conn, all bool) (folded int64, err error) {
	section := "NULL::text" // the migration that folds first comes before sections
	if all {
		section = "t.section"
	}
	// primary keys of task and user_stream
	next := `
SELECT t.user_id, t.id, t.version, t.title, t.description, t.project, ` + section + `, t.tags, coalesce(u.seq, 9223372036854775807), t.search, t.names, t.keys, t.indexed
FROM task t LEFT JOIN user_stream u ON u.user_id = t.user_id
WHERE (t.user_id, t.id) > ($1, $2) AND ($3 OR t.search IS NULL) ORDER BY t.user_id, t.id LIMIT $4`
	// In the order of ids, which is that of creation as far as the ids are UUIDv7.
	const spell = `INSERT INTO task_name (user_id, name, spelling) SELECT $1, * FROM unnest($2::text[], $3::text[]) ON CONFLICT DO NOTHING`
	// A task that has changed since it was read was written by a function, which folds it.
	const save = `UPDATE task SET search = $4, names = $5, keys = $6, indexed = $7 WHERE user_id = $1 AND id = $2 AND version = $3`
	var user, id uuid.UUID
	for {
		rows, err := conn.Query(ctx, next, user, id, all, foldBatch)
		if err != nil {
			return folded, err
		}
		n, b := 0, &pgx.Batch{}
		var version, seq int64
		var title, description string
		var project, section, was *string
		var tags, names []string
		var keys []int32
		var indexed bool
		_, err = pgx.ForEachRow(rows, []any{&user, &id, &version, &title, &description, &project, &section, &tags, &seq, &was, &names, &keys, &indexed}, func() error {
			n++
			row := search.RowOf(user, was != nil && indexed || was == nil && search.Indexed(seq), title, description, project, tags)
			if !row.Equal(was, names, keys, indexed) {
				b.Queue(save, user, id, version, row.Text, row.Names, row.Keys, row.Indexed)
				folded++
				names, spellings := row.Names, search.Spellings(project, tags)
				if project != nil && section != nil {
					names, spellings = append(names, search.SectionName(*project, *section)), append(spellings, *section)
				}
				if names != nil {
					b.Queue(spell, user, names, spellings)
				}
			}
			return nil
		})
		if err != nil {
			return folded, err
		}
		if n == 0 {
			return folded, nil
		}
		if err := conn.SendBatch(ctx, b).Close(); err != nil {
			return folded, fmt.Errorf("fold tasks: %w", err)
		}
	}
}

package migrations

import (
	"context"
	_ "embed"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Difference is a task, or a user's log, that is not as the audit log says.
type Difference struct {
	UserID string
	TaskID string // empty where it is about the log as a whole
	What   string
}

func (d Difference) String() string {
	if d.TaskID == "" {
		return fmt.Sprintf("user %s: %s", d.UserID, d.What)
	}
	return fmt.Sprintf("user %s, task %s: %s", d.UserID, d.TaskID, d.What)
}

// Progress is how far a check has come.
type Progress struct{ Users, Events, Tasks, Differences int64 }

// Users are checked some at a time: about so many events, and at most so many users, in one short transaction.
const (
	rebuildEvents = 20_000
	rebuildUsers  = 500
)

var (
	//go:embed rebuild/empty.sql
	emptyTable string
	//go:embed rebuild/relabeled.sql
	readRelabeled string
	//go:embed rebuild/replay.sql
	replayLog string
	//go:embed rebuild/broken_events.sql
	brokenEvents string
	//go:embed rebuild/broken_logs.sql
	brokenLogs string
	//go:embed rebuild/differences.sql
	differences string
	//go:embed rebuild/views.sql
	brokenViews string
	//go:embed rebuild/comments.sql
	brokenComments string
)

// CheckRebuild replays task_event into an empty table of task's own structure, and reports every task and every log
// that differs from the live tables. It keeps little in memory and holds nobody up: each batch of users is one
// REPEATABLE READ transaction, which sees log and tasks at the same moment and is rolled back. The database at url is
// the owner's; the table is temporary.
func CheckRebuild(ctx context.Context, url string, found func(Difference), progress func(Progress)) (Progress, error) {
	var done Progress
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return done, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, "SET timezone = 'UTC'; "+emptyTable); err != nil {
		return done, err
	}
	for after := ""; ; {
		users, err := nextUsers(ctx, conn, after)
		if err != nil || len(users) == 0 {
			return done, err
		}
		if err := checkUsers(ctx, conn, users, &done, found); err != nil {
			return done, err
		}
		after = users[len(users)-1]
		progress(done)
	}
}

// nextUsers returns the users behind after: those who have a log, and those who only have tasks, which nobody should. Those whose
// account is being erased are left out.
func nextUsers(ctx context.Context, conn *pgx.Conn, after string) (users []string, err error) {
	// primary keys of user_stream and of task
	const next = `
SELECT user_id::text, max(seq) FROM (
  (SELECT user_id, seq FROM user_stream WHERE $1 = '' OR user_id > nullif($1, '')::uuid ORDER BY user_id LIMIT $2)
  UNION ALL
  (SELECT DISTINCT user_id, 0 FROM task WHERE $1 = '' OR user_id > nullif($1, '')::uuid ORDER BY user_id LIMIT $2)
) AS u WHERE NOT EXISTS (SELECT FROM account_deletion d WHERE d.user_id = u.user_id AND d.closed_at IS NOT NULL)
GROUP BY user_id ORDER BY user_id LIMIT $2`
	rows, err := conn.Query(ctx, next, after, rebuildUsers)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var events int64
	for rows.Next() && events < rebuildEvents {
		var user string
		var seq int64
		if err := rows.Scan(&user, &seq); err != nil {
			return nil, err
		}
		users, events = append(users, user), events+seq
	}
	rows.Close()
	return users, rows.Err()
}

func checkUsers(ctx context.Context, conn *pgx.Conn, users []string, done *Progress, found func(Difference)) error {
	tx, err := conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead})
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }() // leaves the table empty for the next
	if _, err := tx.Exec(ctx, readRelabeled, users); err != nil {
		return fmt.Errorf("relabeled tasks: %w", err)
	}
	tag, err := tx.Exec(ctx, replayLog, users)
	if err != nil {
		return fmt.Errorf("replay: %w", err)
	}
	done.Tasks += tag.RowsAffected()
	for _, query := range []string{brokenLogs, brokenEvents, differences, brokenViews, brokenComments} {
		rows, err := tx.Query(ctx, query, users)
		if err != nil {
			return err
		}
		var d Difference
		_, err = pgx.ForEachRow(rows, []any{&d.UserID, &d.TaskID, &d.What}, func() error {
			done.Differences++
			found(d)
			return nil
		})
		if err != nil {
			return err
		}
	}
	done.Users += int64(len(users))
	var events int64
	// primary key of task_event
	err = tx.QueryRow(ctx, `SELECT count(*) FROM task_event WHERE user_id = ANY ($1::uuid[])`, users).Scan(&events)
	done.Events += events
	return err
}

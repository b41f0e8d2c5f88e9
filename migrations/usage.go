package migrations

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5"
)

// CountUsage counts again what each user keeps, and returns for how many users the counters were wrong.
func CountUsage(ctx context.Context, url string) (wrong int64, err error) {
	err = connected(ctx, url, func(conn *pgx.Conn) error {
		return conn.QueryRow(ctx, `CALL count_usage(0)`).Scan(&wrong)
	})
	return wrong, err
}

// Bound is a bound of a user; 0 is the configured one, and Unchanged leaves it.
type Bound int64

// Unchanged leaves a bound as it is.
const Unchanged Bound = -1

// SetQuota sets how many tasks an account may keep, and how many bytes of titles, descriptions and comments.
func SetQuota(ctx context.Context, url, email string, tasks, bytes Bound) error {
	var attrs []slog.Attr
	if tasks != Unchanged {
		attrs = append(attrs, slog.Int64("max_tasks", int64(tasks)))
	}
	if bytes != Unchanged {
		attrs = append(attrs, slog.Int64("max_bytes", int64(bytes)))
	}
	return changeUser(ctx, url, email, "quota", func(ctx context.Context, tx pgx.Tx, u User) error {
		// primary key of user_stream
		const set = `
UPDATE user_stream SET
  max_tasks = CASE WHEN $2 = -1 THEN max_tasks ELSE nullif($2, 0) END, max_bytes = CASE WHEN $3 = -1 THEN max_bytes ELSE nullif($3, 0) END
WHERE user_id = $1`
		tag, err := tx.Exec(ctx, set, u.ID, int64(tasks), int64(bytes))
		if err == nil && tag.RowsAffected() == 0 {
			err = pgx.ErrNoRows
		}
		if err != nil {
			return fmt.Errorf("quota of %s: %w", email, err)
		}
		return nil
	}, attrs...)
}

package migrations

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/telemetry"
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
	return changeUser(ctx, url, email, func(ctx context.Context, tx pgx.Tx, u User) error {
		// primary key of user_stream
		const set = `
UPDATE user_stream SET
  max_tasks = CASE WHEN $2 = -1 THEN max_tasks ELSE nullif($2, 0) END, max_bytes = CASE WHEN $3 = -1 THEN max_bytes ELSE nullif($3, 0) END
WHERE user_id = $1 RETURNING coalesce(max_tasks, 0), coalesce(max_bytes, 0)`
		var maxTasks, maxBytes int64
		if err := tx.QueryRow(ctx, set, u.ID, int64(tasks), int64(bytes)).Scan(&maxTasks, &maxBytes); err != nil {
			return fmt.Errorf("quota of %s: %w", email, err)
		}
		telemetry.Audit(ctx, telemetry.AdminAction, slog.String("action", "quota"), slog.String("account", u.ID.String()), slog.String("by", operator()),
			slog.Int64("max_tasks", maxTasks), slog.Int64("max_bytes", maxBytes))
		return nil
	})
}

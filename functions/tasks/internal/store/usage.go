package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
)

// Usage returns how much who keeps, and the bounds that the operator has set for the user; 0 is the default.
func (s *Tasks) Usage(ctx context.Context, who token.Principal) (used, own task.Usage, err error) {
	// primary key of user_stream
	const usage = `SELECT tasks, bytes, coalesce(max_tasks, 0), coalesce(max_bytes, 0) FROM user_stream WHERE user_id = $1`
	err = postgres.Read(ctx, s.pool, who, func(b *pgx.Batch) {
		b.Queue(usage, who.UserID).Query(func(rows pgx.Rows) error {
			_, err := pgx.ForEachRow(rows, []any{&used.Tasks, &used.Bytes, &own.Tasks, &own.Bytes}, func() error { return nil })
			return err
		})
	})
	return used, own, err
}

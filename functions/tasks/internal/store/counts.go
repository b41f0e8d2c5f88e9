package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
)

// Counts counts who's open tasks. It is one statement and so sees one snapshot, which means that seq is that of the
// last change that is counted.
func (s *Tasks) Counts(ctx context.Context, who token.Principal) (task.Counts, error) {
	// primary key of user_stream; task_by_priority, without reading the tasks; task_first
	const count = `
SELECT coalesce((SELECT seq FROM user_stream WHERE user_id = $1), 0), priority, n
FROM (SELECT 1) one LEFT JOIN (
  SELECT priority, count(*) AS n FROM (
    SELECT priority FROM task WHERE user_id = $1 AND deleted_at IS NULL AND indexed AND (CASE WHEN completed_at IS NULL THEN 0 ELSE 1 END) = 0
    UNION ALL
    SELECT priority FROM task WHERE user_id = $1 AND deleted_at IS NULL AND NOT indexed AND completed_at IS NULL
  ) AS tasks GROUP BY priority
) open ON true`
	counts := task.NewCounts()
	err := postgres.Read(ctx, s.pool, who, func(b *pgx.Batch) {
		// For the average user's few tasks any index is as good, for many tasks only one that has the whole answer.
		b.Queue(judgeArguments).Exec(postgres.Discard)
		b.Queue(count, who.UserID).Query(func(rows pgx.Rows) error {
			for rows.Next() {
				var priority *int16 // nil when nothing is open
				var n *int64
				if err := rows.Scan(&counts.Seq, &priority, &n); err != nil {
					return err
				}
				if n != nil {
					counts.ByPriority[task.Priority(*priority).String()] = *n
					counts.Open += *n
				}
			}
			return rows.Err()
		})
	})
	return counts, err
}

package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/memory"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
)

// A change of many tasks holds each of them several times: as it was and is, its event, and the answer.
const (
	maxTouched    = 4 << 20 // bytes of text of all tasks that one change reads
	smallTouched  = 64 << 10
	touchedFactor = 6
)

// reserve has the request of ctx reserve memory for a change of several tasks: a batch of a hundred ids is small, and what
// it names may have megabytes. A single task is small enough.
func (s *Tasks) reserve(ctx context.Context, who token.Principal, needs task.Needs) error {
	if len(needs.Tasks)+len(needs.Chosen) < 2 && !needs.Family {
		return nil
	}
	var bytes int64
	add := func(row pgx.Row) error {
		var more int64
		err := row.Scan(&more)
		bytes += more
		return err
	}
	// As queueTasks reads them. The length of a text is known without reading it.
	const named = `SELECT coalesce(sum(octet_length(title) + octet_length(description)), 0) FROM task WHERE user_id = $1 AND id = ANY ($2)`
	const family = relatives + `SELECT coalesce(sum(octet_length(title) + octet_length(description)), 0) FROM task
WHERE user_id = $1 AND id IN (SELECT id FROM up UNION SELECT id FROM down)`
	// As queueChosen.
	const created = `SELECT coalesce(sum(octet_length(after_task->>'title') + octet_length(after_task->>'description')), 0)
FROM task_event WHERE user_id = $1 AND task_id = ANY ($2) AND event_type = 'task.created'`
	query := named
	if needs.Family {
		query = family
	}
	err := Read(ctx, s.pool, who, func(b *pgx.Batch) {
		b.Queue(query, who.UserID, needs.Tasks).QueryRow(add)
		if len(needs.Chosen) > 0 {
			b.Queue(created, who.UserID, needs.Chosen).QueryRow(add)
		}
	})
	switch {
	case err != nil:
		return err
	case bytes > maxTouched:
		return fault.New(fault.TooLarge, "this would read %d bytes of tasks at once, and at most %d are read; change fewer tasks at a time", bytes, maxTouched)
	case bytes > smallTouched:
		return memory.Reserve(ctx, bytes*touchedFactor)
	default:
		return nil
	}
}

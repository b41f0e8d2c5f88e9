package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/memory"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
)

// A change of many tasks holds each of them several times: before and after, its event, and the answer.
const (
	maxTouched    = 4 << 20 // bytes of text of all tasks that one change names
	smallTouched  = 64 << 10
	touchedFactor = 6
	touchedRow    = 2 << 10 // bytes that a task takes without its text
)

// reserve reserves memory in the request of ctx for a change of several tasks: a batch of a hundred ids is small, and
// their tasks may have megabytes. A single task is small enough, and relatives are changed in stages of bounded size.
func (s *Tasks) reserve(ctx context.Context, who token.Principal, needs task.Needs) error {
	named := len(needs.Tasks) + len(needs.Chosen)
	if named < 2 {
		return nil
	}
	bytes, err := s.weigh(ctx, who, needs)
	switch {
	case err != nil:
		return err
	case bytes > maxTouched:
		return fault.New(fault.TooLarge, "this would read %d bytes of tasks at once, and at most %d are read; change fewer tasks at a time", bytes, maxTouched)
	}
	if bytes += int64(named) * touchedRow; bytes > smallTouched {
		return memory.Reserve(ctx, bytes*touchedFactor)
	}
	return nil
}

// weigh returns the size in bytes of the text of the tasks that a change names, without reading them.
func (s *Tasks) weigh(ctx context.Context, who token.Principal, needs task.Needs) (bytes int64, err error) {
	// As package userlog reads them. The length of a text is known without reading the text.
	const named = `SELECT coalesce(sum(octet_length(title) + octet_length(description)), 0) FROM task WHERE user_id = $1 AND id = ANY ($2)`
	const created = `SELECT coalesce(sum(octet_length(after_task->>'title') + octet_length(after_task->>'description')), 0)
FROM task_event WHERE user_id = $1 AND task_id = ANY ($2) AND event_type = 'task.created'`
	add := func(row pgx.Row) error {
		var more int64
		err := row.Scan(&more)
		bytes += more
		return err
	}
	err = postgres.Read(ctx, s.pool, who, func(b *pgx.Batch) {
		b.Queue(named, who.UserID, needs.Tasks).QueryRow(add)
		if len(needs.Chosen) > 0 {
			b.Queue(created, who.UserID, needs.Chosen).QueryRow(add)
		}
	})
	return bytes, err
}

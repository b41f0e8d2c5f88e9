package postgres

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
)

// eventColumns is what scanEvent reads. Only what is about all notifications at once has no task_id.
const eventColumns = `id, seq, event_type, coalesce(task_id, '00000000-0000-0000-0000-000000000000') AS task_id, user_id, actor, occurred_at,
  after_task, changed_fields, traceparent, notification`

func scanEvent(row pgx.CollectableRow) (task.Event, error) {
	var e task.Event
	err := row.Scan(&e.ID, &e.Seq, &e.EventType, &e.TaskID, &e.UserID, &e.Actor, &e.Time, &e.Task, &e.ChangedFields, &e.Traceparent, &e.Notification)
	return e, err
}

// History returns the audit events of who's with seq > after, oldest first, at most limit.
func (s *Tasks) History(ctx context.Context, who token.Principal, after int64, limit int) ([]task.Event, error) {
	// primary key of task_event
	const all = `SELECT ` + eventColumns + ` FROM task_event WHERE user_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`
	return s.events(ctx, who, all, who.UserID, after, limit)
}

// TaskHistory returns the audit events of one task of who's, deleted or not. A task that never was is NotFound.
func (s *Tasks) TaskHistory(ctx context.Context, who token.Principal, id uuid.UUID, after int64, limit int) ([]task.Event, error) {
	// task_event_task
	const one = `SELECT ` + eventColumns + ` FROM task_event WHERE user_id = $1 AND task_id = $2 AND seq > $3 ORDER BY seq LIMIT $4`
	events, err := s.events(ctx, who, one, who.UserID, id, after, limit)
	if err == nil && len(events) == 0 && after == 0 {
		return nil, errGone
	}
	return events, err
}

func (s *Tasks) events(ctx context.Context, who token.Principal, query string, args ...any) ([]task.Event, error) {
	var events []task.Event
	err := read(ctx, s.pool, who, func(b *pgx.Batch) {
		b.Queue(query, args...).Query(func(rows pgx.Rows) (err error) {
			events, err = pgx.CollectRows(rows, scanEvent)
			return err
		})
	})
	return events, err
}

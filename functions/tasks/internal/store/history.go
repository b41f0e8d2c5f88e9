package store

import (
	"context"
	"log/slog"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/memory"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
)

// Span selects a page of audit events by their sequence: After < seq < Before.
type Span struct {
	After, Before int64
	NewestFirst   bool
	Limit         int
}

// primary key of task_event
const (
	inSpan      = `SELECT ` + userlog.EventColumns + ` FROM task_event WHERE user_id = $1 AND seq > $2 AND seq < $3 `
	oldestFirst = inSpan + `ORDER BY seq LIMIT $4`
	newestFirst = inSpan + `ORDER BY seq DESC LIMIT $4`
)

// History returns a page of who's audit events, and whether there are more: as many as the limit, or fewer if they are
// long (memory.Page).
func (s *Tasks) History(ctx context.Context, who token.Principal, span Span) ([]task.Event, bool, error) {
	query := oldestFirst
	if span.NewestFirst {
		query = newestFirst
	}
	events, more, err := s.eventPage(ctx, who, span.Limit, memory.MaxPage, query, who.UserID, span.After, span.Before, span.Limit+1)
	reportGap(ctx, who, span, events)
	return events, more, err
}

// reportGap logs that entries are missing. The rest of the history is still worth reading, but an append-only log has no
// gaps.
func reportGap(ctx context.Context, who token.Principal, span Span, events []task.Event) {
	for i, e := range events {
		want := span.After + int64(i) + 1
		if span.NewestFirst {
			want = events[0].Seq - int64(i)
		}
		if e.Seq != want {
			slog.ErrorContext(ctx, "entries are missing in the audit log", "user", who.UserID, "want", want, "got", e.Seq)
			return
		}
	}
}

// TaskHistory is History of one task of who, deleted or not. A task that never existed is NotFound.
func (s *Tasks) TaskHistory(ctx context.Context, who token.Principal, id uuid.UUID, span Span) ([]task.Event, bool, error) {
	// task_event_task
	const one = `SELECT ` + userlog.EventColumns + ` FROM task_event WHERE user_id = $1 AND task_id = $2 AND seq > $3 AND seq < $4 `
	query := one + `ORDER BY seq LIMIT $5`
	if span.NewestFirst {
		query = one + `ORDER BY seq DESC LIMIT $5`
	}
	events, more, err := s.eventPage(ctx, who, span.Limit, memory.MaxPage, query, who.UserID, id, span.After, span.Before, span.Limit+1)
	if err != nil || len(events) > 0 {
		return events, more, err
	}
	return nil, false, s.existed(ctx, who, id)
}

// existed returns a NotFound fault for a task of which who's log has no event: the page behind the last event is empty as well.
func (s *Tasks) existed(ctx context.Context, who token.Principal, id uuid.UUID) error {
	return postgres.Read(ctx, s.pool, who, func(b *pgx.Batch) {
		// task_event_task
		b.Queue(`SELECT EXISTS (SELECT FROM task_event WHERE user_id = $1 AND task_id = $2)`, who.UserID, id).QueryRow(func(row pgx.Row) error {
			exists := false
			if err := row.Scan(&exists); err != nil || exists {
				return err
			}
			return errGone
		})
	})
}

// eventPage runs a query for one event more than limit, and stops after most bytes.
func (s *Tasks) eventPage(ctx context.Context, who token.Principal, limit int, most int64, query string, args ...any) (events []task.Event, more bool, err error) {
	room := memory.NewPage(ctx, most)
	err = postgres.Read(ctx, s.pool, who, func(b *pgx.Batch) {
		b.Queue(query, args...).Query(func(rows pgx.Rows) error {
			for rows.Next() {
				if more = len(events) == limit || !room.Add(postgres.RowSize(rows)); more {
					break
				}
				e, err := userlog.ScanEvent(rows)
				if err != nil {
					return err
				}
				events = append(events, e)
			}
			rows.Close()
			return rows.Err()
		})
	})
	return events, more, err
}

// maxUndone is how many events can be undone at once: deleting a task deletes all its subtasks. A larger deletion is undone by
// restoring the task, or by undoing its first event.
const maxUndone = 2 * task.MaxSubtasks

// Change returns the audit event with this id, or all events of the change that it belongs to, oldest first. One change
// is one transaction, which gives all its events the same time, actor and trace, and consecutive sequences.
func (s *Tasks) Change(ctx context.Context, who token.Principal, id uuid.UUID, whole bool) ([]task.Event, error) {
	var events []task.Event
	var more bool
	var err error
	if whole {
		// The size is known only after reading.
		if err := memory.Reserve(ctx, maxTouched*touchedFactor); err != nil {
			return nil, err
		}
		events, more, err = s.wholeChange(ctx, who, id)
	} else {
		// unique key of task_event
		const one = `SELECT ` + userlog.EventColumns + ` FROM task_event WHERE user_id = $1 AND id = $2 AND event_type NOT LIKE 'notification.%'`
		events, more, err = s.eventPage(ctx, who, 1, maxTouched, one, who.UserID, id)
	}
	switch {
	case err != nil:
		return nil, err
	case len(events) == 0:
		return nil, s.nothingToUndo(ctx, who, id)
	case more:
		return nil, fault.New(fault.TooLarge, "the change has too many or too long events to undo at once; undo them one by one")
	}
	return events, nil
}

// nothingToUndo returns the fault of an event that is no change: one about a notification, or none at all.
func (s *Tasks) nothingToUndo(ctx context.Context, who token.Principal, id uuid.UUID) error {
	exists := false
	err := postgres.Read(ctx, s.pool, who, func(b *pgx.Batch) {
		b.Queue(`SELECT EXISTS (SELECT FROM task_event WHERE user_id = $1 AND id = $2)`, who.UserID, id).QueryRow(func(row pgx.Row) error {
			return row.Scan(&exists)
		})
	})
	switch {
	case err != nil:
		return err
	case exists:
		return fault.New(fault.Conflict, "an event about a notification cannot be undone")
	}
	return fault.New(fault.NotFound, "there is no such event")
}

// wholeChange returns the events of the change that the event with this id belongs to, without those of notifications. It first
// looks for the neighbours that belong to other changes: with their sequences as arguments the planner knows how few events lie between them.
func (s *Tasks) wholeChange(ctx context.Context, who token.Principal, id uuid.UUID) ([]task.Event, bool, error) {
	// the unique key and the primary key of task_event. The conditions of the neighbours are subqueries and not joins, so that they
	// bound the scans of the index; a join is tried with each event of the user's log.
	const neighbours = `
WITH one AS MATERIALIZED (SELECT seq, occurred_at, actor, traceparent FROM task_event WHERE user_id = $1 AND id = $2 AND event_type NOT LIKE 'notification.%')
SELECT coalesce((
  SELECT e.seq FROM task_event e WHERE e.user_id = $1 AND e.seq < (SELECT seq FROM one)
    AND (e.occurred_at, e.actor, e.traceparent) <> (SELECT occurred_at, actor, traceparent FROM one) ORDER BY e.seq DESC LIMIT 1), 0), coalesce((
  SELECT e.seq FROM task_event e WHERE e.user_id = $1 AND e.seq > (SELECT seq FROM one)
    AND (e.occurred_at, e.actor, e.traceparent) <> (SELECT occurred_at, actor, traceparent FROM one) ORDER BY e.seq LIMIT 1), 9223372036854775807)
FROM one`
	var span *Span
	err := postgres.Read(ctx, s.pool, who, func(b *pgx.Batch) {
		b.Queue(neighbours, who.UserID, id).Query(func(rows pgx.Rows) error {
			var after, before int64
			_, err := pgx.ForEachRow(rows, []any{&after, &before}, func() error {
				span = &Span{After: after, Before: before, Limit: maxUndone}
				return nil
			})
			return err
		})
	})
	if err != nil || span == nil {
		return nil, false, err
	}
	events, more, err := s.eventPage(ctx, who, span.Limit, maxTouched, oldestFirst, who.UserID, span.After, span.Before, span.Limit+1)
	return slices.DeleteFunc(events, ofNotification), more, err
}

// ofNotification reports whether an event is about a notification, such as one that a change of its task resolved.
func ofNotification(e task.Event) bool {
	t := e.EventType
	return !t.OfTask() && !t.OfLabel() && !t.OfView() && !t.OfComment()
}

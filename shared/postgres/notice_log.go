package postgres

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/notification"
	"taskwire.dev/shared/outbox"
	"taskwire.dev/shared/task"
)

// noticeLog adds entries about notifications to a user's log, under the user's lock: they take the next numbers of the
// one sequence, as changes of tasks do.
type noticeLog struct {
	user        uuid.UUID
	actor       string
	traceparent string
	now         time.Time

	seq    int64
	events []task.Event
}

// lock takes the user's lock. Whoever has a notification has a stream.
func (l *noticeLog) lock(b *pgx.Batch) {
	// primary key of user_stream
	b.Queue(`SELECT seq FROM user_stream WHERE user_id = $1 FOR UPDATE`, l.user).Query(func(rows pgx.Rows) error {
		for rows.Next() {
			if err := rows.Scan(&l.seq); err != nil {
				return err
			}
		}
		return rows.Err()
	})
}

// record appends an entry about one notification as it is now, or about all of them when that is nil.
func (l *noticeLog) record(kind task.EventType, n *notification.Notification) {
	l.seq++
	e := task.Event{
		ID: NewID(), Seq: l.seq, EventType: kind, UserID: l.user, Actor: l.actor, Time: l.now,
		ChangedFields: map[string]task.Change{}, Traceparent: l.traceparent,
	}
	if n != nil {
		e.TaskID = n.TaskID
		e.Notification, _ = json.Marshal(n) // a struct of plain values always marshals
	}
	l.events = append(l.events, e)
}

// queue writes the entries and their CloudEvents, which go to open screens alone, and the user's place in the log.
func (l *noticeLog) queue(b *pgx.Batch) error {
	const save = `
WITH audit AS (
  INSERT INTO task_event (user_id, seq, id, task_id, event_type, actor, occurred_at, changed_fields, traceparent, notification)
  VALUES ($1, $2, $3, $4, $5, $6, $7, '{}', $8, $9)
), out AS (
  INSERT INTO outbox (shard, user_id, topic, payload) VALUES ($10, $1, $11, $12)
)
UPDATE user_stream SET seq = $2 WHERE user_id = $1`
	for _, e := range l.events {
		var about *uuid.UUID
		if e.TaskID != uuid.Nil {
			about = &e.TaskID
		}
		b.Queue(save, e.UserID, e.Seq, e.ID, about, string(e.EventType), e.Actor, e.Time, e.Traceparent, e.Notification,
			outbox.Shard(e.UserID), cloudevent.TopicTaskUpdates, cloudevent.NotificationUpdate(e))
	}
	return nil
}

package userlog

import (
	"encoding/json"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/outbox"
	"taskwire.dev/shared/preference"
	"taskwire.dev/shared/search"
	"taskwire.dev/shared/task"
)

// The parts of the statement that writes an audit event.
const (
	addAudit = `
INSERT INTO task_event (user_id, seq, id, task_id, event_type, actor, occurred_at, after_task, changed_fields, traceparent, notification)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`
	moveOn   = `UPDATE user_stream SET seq = $2, last_position = $12 WHERE user_id = $1`
	countOn  = `UPDATE user_stream SET seq = $2, last_position = $12, tasks = $44, bytes = $45 WHERE user_id = $1`
	countIn  = `UPDATE user_stream SET seq = $2, last_position = $12, bytes = $16 WHERE user_id = $1`
	saveTask = `
INSERT INTO task (user_id, ` + savedColumns + `, search, names, keys, indexed)
VALUES ($1, $4, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $46,
  coalesce($40, lower(($18::text || E'\n' || $19::text) COLLATE "C")), $41, $42, $43)
ON CONFLICT (user_id, id) DO UPDATE SET
  title = EXCLUDED.title, description = EXCLUDED.description, completed_at = EXCLUDED.completed_at,
  priority = EXCLUDED.priority, project = EXCLUDED.project, tags = EXCLUDED.tags, due_at = EXCLUDED.due_at,
  timezone = EXCLUDED.timezone, reminders = EXCLUDED.reminders, recurrence = EXCLUDED.recurrence,
  series_id = EXCLUDED.series_id, occurrence = EXCLUDED.occurrence, parent_id = EXCLUDED.parent_id,
  position = EXCLUDED.position, version = EXCLUDED.version, created_at = EXCLUDED.created_at, updated_at = EXCLUDED.updated_at,
  deleted_at = EXCLUDED.deleted_at, series = EXCLUDED.series, due_date = EXCLUDED.due_date,
  no_reminders = EXCLUDED.no_reminders, overdue_reminders = EXCLUDED.overdue_reminders, section = EXCLUDED.section,
  search = EXCLUDED.search, names = EXCLUDED.names, keys = EXCLUDED.keys, indexed = EXCLUDED.indexed`

	// In the order of addAudit's arguments, since the other parts of the statement go on after them.
	addLabelAudit = `
INSERT INTO task_event (user_id, seq, id, label, event_type, actor, occurred_at, relabeled, changed_fields, traceparent, notification)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`

	deleteTask = `DELETE FROM task WHERE user_id = $1 AND id = $4` // and, by the foreign key, its comments

	// An occurrence that is deleted for good keeps its row.
	deleteComments = `WITH comments AS (DELETE FROM comment WHERE user_id = $1 AND task_id = $2)
UPDATE task SET comments = 0, comment_bytes = 0 WHERE user_id = $1 AND id = $2`

	writeEvent        = `WITH out AS (` + addUpdate + `), audit AS (` + addAudit + `) ` + moveOn
	writeCommentEvent = `WITH out AS (` + addUpdate + `), audit AS (` + addAudit + `) ` + countIn
	writeLabelEvent   = `WITH out AS (` + addUpdate + `), audit AS (` + addLabelAudit + `) ` + moveOn
	writePurge        = `WITH out AS (` + addTaskEvent + `), audit AS (` + addAudit + `), row AS (` + deleteTask + `) ` + moveOn
	writeTaskEvent    = `WITH out AS (` + addTaskEvent + `), audit AS (` + addAudit + `), row AS (` + saveTask + `) ` + countOn

	// The same, but the user's row is left to the last event of the change: each update of a row has to walk all versions that the same
	// transaction has made of it, and ten thousand of them took longer than all other writes.
	writePurgeOn     = `WITH out AS (` + addTaskEvent + `), audit AS (` + addAudit + `), row AS (` + deleteTask + `) SELECT $12::text`
	writeTaskEventOn = `WITH out AS (` + addTaskEvent + `), audit AS (` + addAudit + `), row AS (` + saveTask + `) SELECT $12::text, $44::bigint, $45::bigint`
)

// queueEvent writes one audit event: its row, the outgoing CloudEvents, the user's last sequence and, for an event
// about a task, the task's row and the user's usage. It is one statement because each costs PostgreSQL some 50 µs to start
// and end, which is more than any of these four writes; separate statements took a third longer. Only the last event of a change
// writes the user's sequence and usage.
func queueEvent(b *pgx.Batch, e task.Event, p preference.Preferences, lastPosition string, usage task.Usage, last bool) {
	t := e.Row()
	if e.EventType.OfLabel() {
		b.Queue(writeLabelEvent,
			e.UserID, e.Seq, e.ID, e.Label, string(e.EventType), e.Actor, e.Time, e.Relabeled, e.Changes(), e.Traceparent, nil, lastPosition,
			outbox.Shard(e.UserID), cloudevent.TopicTaskUpdates, update(e))
		return
	}
	if e.EventType.OfComment() {
		b.Queue(writeCommentEvent,
			e.UserID, e.Seq, e.ID, e.TaskID, string(e.EventType), e.Actor, e.Time, nil, e.Changes(), e.Traceparent, nil, lastPosition,
			outbox.Shard(e.UserID), cloudevent.TopicTaskUpdates, update(e), usage.Bytes)
		return
	}
	if t == nil {
		var about *uuid.UUID // nil for an event about all notifications
		if e.TaskID != uuid.Nil {
			about = &e.TaskID
		}
		b.Queue(writeEvent,
			e.UserID, e.Seq, e.ID, about, string(e.EventType), e.Actor, e.Time, nil, e.Changes(), e.Traceparent, e.Notification, lastPosition,
			outbox.Shard(e.UserID), cloudevent.TopicTaskUpdates, update(e))
		return
	}
	purge, save := writePurge, writeTaskEvent
	if !last {
		purge, save = writePurgeOn, writeTaskEventOn
	}
	if t.Gone() {
		b.Queue(purge,
			e.UserID, e.Seq, e.ID, e.TaskID, string(e.EventType), e.Actor, e.Time, nil, e.Changes(), e.Traceparent, nil, lastPosition,
			outbox.Shard(e.UserID), cloudevent.TopicTaskEvents, cloudevent.TaskEvent(e), cloudevent.TopicTaskUpdates, update(e))
		return
	}
	var snapshot json.RawMessage // nil for a deleted task
	if e.Task != nil {
		snapshot = e.Snapshot()
	}
	found := search.RowOf(e.UserID, search.Indexed(e.Seq), t.Title, t.Description, t.Project, t.Tags)
	text := &found.Text
	if search.Lowered(t.Title, t.Description) {
		text = nil // a batch of long tasks need not hold and send it as well
	}
	given, none := reminders(t)
	b.Queue(save,
		e.UserID, e.Seq, e.ID, e.TaskID, string(e.EventType), e.Actor, e.Time, snapshot, e.Changes(), e.Traceparent, nil, lastPosition,
		outbox.Shard(e.UserID), cloudevent.TopicTaskEvents, cloudevent.TaskEvent(e), cloudevent.TopicTaskUpdates, update(e),
		t.Title, t.Description, t.CompletedAt, int16(t.Priority), t.Project, t.Tags, t.DueAt, t.Timezone, given, t.Recurrence,
		t.SeriesID, t.Occurrence, t.ParentID, t.Position, t.Version, t.CreatedAt, t.UpdatedAt, t.DeletedAt, t.Series,
		column(t.DueDate), none, t.OverdueReminders,
		text, found.Names, found.Keys, found.Indexed, usage.Tasks, usage.Bytes, t.Section)
	queueReminders(b, e, p)
	if t.Purged() && t.Comments > 0 {
		b.Queue(deleteComments, e.UserID, t.ID)
	}
}

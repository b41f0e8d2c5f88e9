package userlog

import (
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/task"
)

// TaskColumns are the columns that ScanTask reads.
const TaskColumns = `id, title, description, completed_at, priority, project, tags, due_at, timezone, reminders,
  recurrence, series_id, occurrence, parent_id, position, version, created_at, updated_at, deleted_at, series`

// ScanTask reads a row of the table task.
func ScanTask(row pgx.CollectableRow) (*task.Task, error) {
	var t task.Task
	err := row.Scan(&t.ID, &t.Title, &t.Description, &t.CompletedAt, (*int16)(&t.Priority), &t.Project, &t.Tags, &t.DueAt,
		&t.Timezone, &t.Reminders, &t.Recurrence, &t.SeriesID, &t.Occurrence, &t.ParentID, &t.Position, &t.Version,
		&t.CreatedAt, &t.UpdatedAt, &t.DeletedAt, &t.Series)
	t.Completed = t.CompletedAt != nil
	return &t, err
}

// EventColumns are the columns that ScanEvent reads. Only an audit event about all notifications at once has no
// task_id.
const EventColumns = `id, seq, event_type, coalesce(task_id, '00000000-0000-0000-0000-000000000000') AS task_id, user_id, actor, occurred_at,
  after_task, changed_fields, traceparent, notification`

// ScanEvent reads a row of the table task_event.
func ScanEvent(row pgx.CollectableRow) (task.Event, error) {
	var e task.Event
	err := row.Scan(&e.ID, &e.Seq, &e.EventType, &e.TaskID, &e.UserID, &e.Actor, &e.Time, &e.Task, &e.ChangedFields, &e.Traceparent, &e.Notification)
	return e, err
}

package userlog

import (
	"time"

	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/task"
)

// TaskColumns are the columns that ScanTask reads.
const TaskColumns = savedColumns + `, comments, comment_bytes`

// savedColumns are those that an event about a task writes; the others change with its comments.
const savedColumns = `id, title, description, completed_at, priority, project, tags, due_at, timezone, reminders,
  recurrence, series_id, occurrence, parent_id, position, version, created_at, updated_at, deleted_at, series,
  due_date, no_reminders, overdue_reminders, section`

// ScanTask reads a row of the table task.
func ScanTask(row pgx.CollectableRow) (*task.Task, error) {
	var t task.Task
	var dueDate *time.Time
	var noReminders bool
	err := row.Scan(&t.ID, &t.Title, &t.Description, &t.CompletedAt, (*int16)(&t.Priority), &t.Project, &t.Tags, &t.DueAt,
		&t.Timezone, &t.Reminders, &t.Recurrence, &t.SeriesID, &t.Occurrence, &t.ParentID, &t.Position, &t.Version,
		&t.CreatedAt, &t.UpdatedAt, &t.DeletedAt, &t.Series, &dueDate, &noReminders, &t.OverdueReminders, &t.Section,
		&t.Comments, &t.CommentBytes)
	t.Completed = t.CompletedAt != nil
	t.DueDate = DateOf(dueDate)
	if len(t.Reminders) == 0 && !noReminders {
		t.Reminders = nil
	}
	return &t, err
}

// DateOf returns the day of a column of type date.
func DateOf(column *time.Time) *task.Date {
	if column == nil {
		return nil
	}
	d := task.DateOf(*column)
	return &d
}

// column returns the value of a column of type date.
func column(d *task.Date) *time.Time {
	if d == nil {
		return nil
	}
	midnight := d.Midnight()
	return &midnight
}

// reminders returns the values of the columns reminders, which is not NULL, and no_reminders.
func reminders(t *task.Task) (given []task.Reminder, none bool) {
	if len(t.Reminders) == 0 {
		return []task.Reminder{}, t.Reminders != nil
	}
	return t.Reminders, false
}

// EventColumns are the columns that ScanEvent reads. Other readers call FromFirstForm if first_form is true. Only an
// audit event about all notifications at once, or about a project, a section or a tag, has no task_id. It reads at most label.MaxListed tasks of
// an entry.
const EventColumns = `id, seq, event_type, coalesce(task_id, '00000000-0000-0000-0000-000000000000') AS task_id, user_id, actor, occurred_at,
  after_task, changed_fields, traceparent, notification, label, CASE WHEN cardinality(relabeled) <= 1000 THEN relabeled END AS relabeled,
  NOT coalesce(after_task ? 'due_date', true) AS first_form`

// ScanEvent reads a row of the table task_event.
func ScanEvent(row pgx.CollectableRow) (task.Event, error) {
	var e task.Event
	var firstForm bool
	err := row.Scan(&e.ID, &e.Seq, &e.EventType, &e.TaskID, &e.UserID, &e.Actor, &e.Time, &e.Task, &e.ChangedFields, &e.Traceparent, &e.Notification,
		&e.Label, &e.Relabeled, &firstForm)
	if firstForm {
		FromFirstForm(&e)
	}
	return e, err
}

// FromFirstForm converts an event from before tasks had a due_date. Its tasks had either reminders or the user's
// reminder_lead, which was an empty list.
func FromFirstForm(e *task.Event) {
	if e.Task != nil && len(e.Task.Reminders) == 0 {
		e.Task.Reminders = nil
	}
	if c, ok := e.ChangedFields["reminders"]; ok {
		e.ChangedFields["reminders"] = task.Change{From: noEmptyList(c.From), To: noEmptyList(c.To)}
	}
}

func noEmptyList(v any) any {
	if list, ok := v.([]any); ok && len(list) == 0 {
		return nil
	}
	return v
}

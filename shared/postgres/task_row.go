package postgres

import (
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/task"
)

// taskColumns is what scanTask reads.
const taskColumns = `id, title, description, completed_at, priority, project, tags, due_at, timezone, reminders,
  recurrence, series_id, occurrence, parent_id, position, version, created_at, updated_at, deleted_at`

func scanTask(row pgx.CollectableRow) (*task.Task, error) {
	var t task.Task
	err := row.Scan(&t.ID, &t.Title, &t.Description, &t.CompletedAt, (*int16)(&t.Priority), &t.Project, &t.Tags, &t.DueAt,
		&t.Timezone, &t.Reminders, &t.Recurrence, &t.SeriesID, &t.Occurrence, &t.ParentID, &t.Position, &t.Version,
		&t.CreatedAt, &t.UpdatedAt, &t.DeletedAt)
	t.Completed = t.CompletedAt != nil
	return &t, err
}

package postgres

import (
	"github.com/google/uuid"
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

// saveTask writes the whole row: a change is decided in the domain, not in SQL.
func saveTask(b *pgx.Batch, user uuid.UUID, t *task.Task) {
	const upsert = `
INSERT INTO task (user_id, ` + taskColumns + `)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
ON CONFLICT (user_id, id) DO UPDATE SET
  title = EXCLUDED.title, description = EXCLUDED.description, completed_at = EXCLUDED.completed_at,
  priority = EXCLUDED.priority, project = EXCLUDED.project, tags = EXCLUDED.tags, due_at = EXCLUDED.due_at,
  timezone = EXCLUDED.timezone, reminders = EXCLUDED.reminders, recurrence = EXCLUDED.recurrence,
  series_id = EXCLUDED.series_id, occurrence = EXCLUDED.occurrence, parent_id = EXCLUDED.parent_id,
  position = EXCLUDED.position, version = EXCLUDED.version, updated_at = EXCLUDED.updated_at, deleted_at = EXCLUDED.deleted_at`
	b.Queue(upsert, user, t.ID, t.Title, t.Description, t.CompletedAt, int16(t.Priority), t.Project, t.Tags, t.DueAt, t.Timezone,
		t.Reminders, t.Recurrence, t.SeriesID, t.Occurrence, t.ParentID, t.Position, t.Version, t.CreatedAt, t.UpdatedAt, t.DeletedAt)
}

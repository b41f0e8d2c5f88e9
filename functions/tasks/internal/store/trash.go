package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/memory"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
)

// Trashed is a deleted task that can still be restored.
type Trashed struct {
	Task      *task.Task `json:"task"`
	DeletedAt time.Time  `json:"deleted_at"`
	// Subtasks is how many tasks directly below it were deleted with it; restoring it restores them too.
	Subtasks int `json:"subtasks"`
}

// TrashKey is the place of a task in the trash; the zero TrashKey is before all.
type TrashKey struct {
	DeletedAt time.Time
	ID        uuid.UUID
}

// inTrash is the condition of the tasks that a user $1 sees in the trash: subtasks that were deleted with their parent are restored
// with it, and skipped occurrences were not deleted by their user.
const inTrash = `user_id = $1 AND deleted_at > now() - interval '30 days'
  AND NOT coalesce((series ->> 'skipped')::boolean, false) AND NOT coalesce((series ->> 'purged')::boolean, false)
  AND NOT EXISTS (SELECT FROM task AS above WHERE above.user_id = $1 AND above.id = task.parent_id AND above.deleted_at = task.deleted_at)`

// Trash returns a page of the tasks that who deleted in the last 30 days, latest first, and whether there are more.
func (s *Tasks) Trash(ctx context.Context, who token.Principal, after TrashKey, limit int) (page []Trashed, more bool, err error) {
	// task_trash; task_parent and the primary key of task for each row
	const query = `
SELECT ` + userlog.TaskColumns + `, (SELECT count(*) FROM task AS below
  WHERE below.user_id = $1 AND below.parent_id = task.id AND below.deleted_at = task.deleted_at) AS subtasks
FROM task
WHERE ` + inTrash + `
  AND ($2::timestamptz IS NULL OR (deleted_at, id) < ($2, $3))
ORDER BY deleted_at DESC, id DESC LIMIT $4`
	var before *time.Time
	if !after.DeletedAt.IsZero() {
		before = &after.DeletedAt
	}
	room := memory.NewPage(ctx, memory.MaxPage)
	err = postgres.Read(ctx, s.pool, who, func(b *pgx.Batch) {
		b.Queue(query, who.UserID, before, after.ID, limit+1).Query(func(rows pgx.Rows) error {
			for rows.Next() {
				if more = len(page) == limit || !room.Add(postgres.RowSize(rows)); more {
					break
				}
				found, err := scanTrashed(rows)
				if err != nil {
					return err
				}
				page = append(page, found)
			}
			rows.Close()
			return rows.Err()
		})
	})
	return page, more, err
}

// Oldest returns the tasks that have been in the trash longest, and whether there are more than limit.
func (s *Tasks) Oldest(ctx context.Context, who token.Principal, limit int) (ids []uuid.UUID, more bool, err error) {
	// as Trash
	const query = `SELECT id FROM task WHERE ` + inTrash + ` ORDER BY deleted_at, id LIMIT $2`
	err = postgres.Read(ctx, s.pool, who, func(b *pgx.Batch) {
		b.Queue(query, who.UserID, limit+1).Query(func(rows pgx.Rows) (err error) {
			ids, err = pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
			return err
		})
	})
	if more = len(ids) > limit; more {
		ids = ids[:limit]
	}
	return ids, more, err
}

// scanTrashed reads the columns of a task and the count after them.
func scanTrashed(rows pgx.Rows) (Trashed, error) {
	var subtasks int
	t, err := userlog.ScanTask(userlog.WithLast{Rows: rows, Last: &subtasks})
	if err != nil {
		return Trashed{}, err
	}
	return Trashed{Task: t, DeletedAt: *t.DeletedAt, Subtasks: subtasks}, nil
}

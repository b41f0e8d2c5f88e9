package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/comment"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/memory"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/token"
)

const commentColumns = `id, task_id, text, actor, created_at, edited_at`

func noComment() error { return fault.New(fault.NotFound, "there is no such comment") }

// CommentKey is the place of a comment in its thread; the zero CommentKey is before all.
type CommentKey struct {
	CreatedAt time.Time
	ID        uuid.UUID
}

// Comments returns a page of the comments on one of who's tasks, oldest or newest first, and whether there are more.
func (s *Tasks) Comments(ctx context.Context, who token.Principal, taskID uuid.UUID, after CommentKey, newestFirst bool, limit int) (page []comment.Comment, more bool, err error) {
	// comment_task
	const (
		of     = `SELECT ` + commentColumns + ` FROM comment WHERE user_id = $1 AND task_id = $2 AND ($3::timestamptz IS NULL OR `
		oldest = of + `(created_at, id) > ($3, $4)) ORDER BY created_at, id LIMIT $5`
		newest = of + `(created_at, id) < ($3, $4)) ORDER BY created_at DESC, id DESC LIMIT $5`
	)
	query := oldest
	if newestFirst {
		query = newest
	}
	var from *time.Time
	if !after.CreatedAt.IsZero() {
		from = &after.CreatedAt
	}
	found := false
	room := memory.NewPage(ctx, memory.MaxPage)
	err = postgres.Read(ctx, s.pool, who, func(b *pgx.Batch) {
		// primary key of task
		b.Queue(`SELECT EXISTS (SELECT FROM task WHERE user_id = $1 AND id = $2 AND deleted_at IS NULL)`, who.UserID, taskID).
			QueryRow(func(row pgx.Row) error { return row.Scan(&found) })
		b.Queue(query, who.UserID, taskID, from, after.ID, limit+1).Query(func(rows pgx.Rows) error {
			for rows.Next() {
				if more = len(page) == limit || !room.Add(postgres.RowSize(rows)); more {
					break
				}
				c, err := scanComment(rows)
				if err != nil {
					return err
				}
				page = append(page, c)
			}
			rows.Close()
			return rows.Err()
		})
	})
	if err == nil && !found {
		return nil, false, errGone
	}
	return page, more, err
}

// CommentCount is how many comments a task has.
type CommentCount struct {
	TaskID   uuid.UUID `json:"task_id"`
	Comments int       `json:"comments"`
}

// CommentCounts returns a page of who's tasks that have comments, by their ids, and whether there are more. Tasks in the trash are
// among them.
func (s *Tasks) CommentCounts(ctx context.Context, who token.Principal, after uuid.UUID, limit int) (page []CommentCount, more bool, err error) {
	// comment_task
	const query = `SELECT task_id, count(*) AS comments FROM comment WHERE user_id = $1 AND task_id > $2 GROUP BY task_id ORDER BY task_id LIMIT $3`
	err = postgres.Read(ctx, s.pool, who, func(b *pgx.Batch) {
		b.Queue(query, who.UserID, after, limit+1).Query(func(rows pgx.Rows) (err error) {
			page, err = pgx.CollectRows(rows, pgx.RowToStructByName[CommentCount])
			return err
		})
	})
	if more = len(page) > limit; more {
		page = page[:limit]
	}
	return page, more, err
}

func scanComment(row pgx.CollectableRow) (c comment.Comment, err error) {
	err = row.Scan(&c.ID, &c.TaskID, &c.Text, &c.Actor, &c.CreatedAt, &c.EditedAt)
	return c, err
}

package store

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/functions/tasks/internal/list"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
)

var errGone = fault.New(fault.NotFound, "there is no such task")

// Get returns one of who's tasks.
func (s *Tasks) Get(ctx context.Context, who token.Principal, id uuid.UUID) (*task.Task, error) {
	var found []*task.Task
	// primary key of task
	const byID = `SELECT ` + userlog.TaskColumns + ` FROM task WHERE user_id = $1 AND id = $2 AND deleted_at IS NULL`
	err := postgres.Read(ctx, s.pool, who, func(b *pgx.Batch) {
		b.Queue(byID, who.UserID, id).Query(func(rows pgx.Rows) (err error) {
			found, err = pgx.CollectRows(rows, userlog.ScanTask)
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, errGone
	}
	return found[0], nil
}

// List returns a page of who's tasks that match q: q.Limit of them, or fewer if they are long (pageBudget).
func (s *Tasks) List(ctx context.Context, who token.Principal, q list.Query) (list.Page, error) {
	by := driver(q)
	long := false
	page, err := s.page(ctx, who, q, "", func(b *pgx.Batch) {
		b.Queue(keepOrder).Exec(postgres.Discard)
		if by != "" {
			b.Queue(endless, who.UserID).QueryRow(func(row pgx.Row) error { return row.Scan(&long) })
		}
	})
	if err != nil || page.Next != nil || !long {
		return page, err
	}
	return s.page(ctx, who, q, by, func(b *pgx.Batch) { b.Queue(judgeArguments).Exec(postgres.Discard) })
}

// page reads a page with a walk or, by a driver, exactly.
func (s *Tasks) page(ctx context.Context, who token.Principal, q list.Query, by string, before func(*pgx.Batch)) (list.Page, error) {
	found := list.Page{Tasks: []*task.Task{}}
	room := newPageBudget(ctx, maxPage)
	err := postgres.Read(ctx, s.pool, who, func(b *pgx.Batch) {
		before(b)
		query, args := statementOf(who, q, by)
		b.Queue(query, args...).Query(func(rows pgx.Rows) error {
			for rows.Next() {
				// The query asked for one more than the limit: it shows that there is a next page.
				if len(found.Tasks) == q.Limit || !room.add(wireSize(rows)) {
					found.Next = q.Key(found.Tasks[len(found.Tasks)-1])
					break
				}
				t, err := userlog.ScanTask(rows)
				if err != nil {
					return err
				}
				found.Tasks = append(found.Tasks, t)
			}
			rows.Close()
			return rows.Err()
		})
	})
	return found, err
}

// wireSize returns the size of the current row in bytes.
func wireSize(rows pgx.Rows) (n int) {
	for _, value := range rows.RawValues() {
		n += len(value)
	}
	return n
}

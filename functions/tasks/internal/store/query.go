package store

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/functions/tasks/internal/list"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/memory"
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

// List returns a page of who's tasks that match q: q.Limit of them, or fewer if they are long (memory.Page) or far apart.
func (s *Tasks) List(ctx context.Context, who token.Principal, q list.Query) (list.Page, error) {
	by := driver(q)
	page, cut, err := s.page(ctx, who, q, s.walk, "")
	if err == nil && cut && by != "" {
		page, cut, err = s.page(ctx, who, q, s.exact, by)
	}
	if err == nil && cut {
		page, _, err = s.page(ctx, who, q, s.longWalk, "")
	}
	return page, err
}

// page reads a page with a walk of a length or, by a driver, exactly if that are not more tasks. It reports whether the page
// ends where the walk was cut off, or whether there are more.
func (s *Tasks) page(ctx context.Context, who token.Principal, q list.Query, length int, by string) (found list.Page, cut bool, err error) {
	found = list.Page{Tasks: []*task.Task{}}
	room := memory.NewPage(ctx, memory.MaxPage)
	query, args := statementOf(who, q, length, by)
	settings := postgres.KeepOrder
	if by != "" {
		settings = judgeArguments
	}
	err = postgres.Read(ctx, s.pool, who, func(b *pgx.Batch) {
		b.Queue(settings).Exec(postgres.Discard)
		b.Queue(query, args...).Query(func(rows pgx.Rows) error {
			for rows.Next() {
				mark := markOf(rows)
				if cut = mark > 0; cut && by != "" {
					break
				}
				t, err := userlog.ScanTask(withoutLast{rows})
				if err != nil {
					return err
				}
				// The query asked for one more than the limit: it shows that there is a next page.
				if mark != markedOther && (len(found.Tasks) == q.Limit || !room.Add(postgres.RowSize(rows))) {
					found.Next, cut = q.Key(found.Tasks[len(found.Tasks)-1]), false
					break
				}
				if mark != markedOther {
					found.Tasks = append(found.Tasks, t)
				}
				if cut {
					found.Next = q.Key(t)
					break
				}
			}
			rows.Close()
			return rows.Err()
		})
	})
	return found, cut, err
}

// markedOther is the mark of a task that does not match.
const markedOther = 1

// markOf returns the last column of a row, which is not NULL and small.
func markOf(row pgx.Rows) byte {
	values := row.RawValues()
	last := values[len(values)-1]
	return last[len(last)-1]
}

// withoutLast is a row of which the last column, whether it is a mark, is not read.
type withoutLast struct{ pgx.CollectableRow }

func (r withoutLast) Scan(targets ...any) error {
	return r.CollectableRow.Scan(append(targets, nil)...)
}

package export

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/task"
)

// Event is an entry of the log as it is in an archive.
type Event struct {
	Seq           int64           `json:"seq"`
	ID            uuid.UUID       `json:"id"`
	Type          task.EventType  `json:"event_type"`
	TaskID        *uuid.UUID      `json:"task_id"`
	Actor         string          `json:"actor"`
	Time          time.Time       `json:"time"`
	Task          json.RawMessage `json:"task"` // after the change; null when it is deleted
	ChangedFields json.RawMessage `json:"changed_fields"`
	Notification  json.RawMessage `json:"notification,omitempty"`
	Label         json.RawMessage `json:"label,omitempty"`     // of entries about projects and tags
	Relabeled     []uuid.UUID     `json:"relabeled,omitempty"` // the tasks that such an entry changed
}

// A page is read at once, so that a slow reader of the archive keeps no connection to the database.
const (
	pageRows  = 500
	pageTasks = 100 // whose comments are read
	pageBytes = 4 << 20
)

// events calls each with the events of the next page, in order.
func (a *Archive) events(ctx context.Context, at *place, each func(Event) error) (more bool, err error) {
	// primary key of task_event
	const query = `
SELECT seq, id, event_type, task_id, actor, occurred_at, after_task, changed_fields, notification, label, relabeled
FROM task_event WHERE user_id = $1 AND seq > $2 AND seq <= $3 ORDER BY seq LIMIT $4`
	queue := func(b *pgx.Batch) *pgx.QueuedQuery { return b.Queue(query, a.user, at.after.seq, a.seq, pageRows) }
	page, err := readPage(ctx, a.read, queue, func(rows pgx.Rows) (Event, int, error) {
		var e Event
		err := rows.Scan(&e.Seq, &e.ID, &e.Type, &e.TaskID, &e.Actor, &e.Time, &e.Task, &e.ChangedFields, &e.Notification, &e.Label, &e.Relabeled)
		e.Time = e.Time.UTC()
		return e, len(e.Task) + len(e.ChangedFields) + len(e.Notification) + len(e.Label) + 40*len(e.Relabeled), err
	})
	if err != nil || len(page) == 0 {
		return false, err
	}
	for _, e := range page {
		if err := each(e); err != nil {
			return false, err
		}
	}
	at.after.seq = page[len(page)-1].Seq
	return at.after.seq < a.seq, nil
}

// tasks calls each with the tasks of the next page that are not deleted, as the log has them, by id.
func (a *Archive) tasks(ctx context.Context, at *place, each func(json.RawMessage) error) (more bool, err error) {
	page, err := a.taskPage(ctx, at.after.task)
	if err != nil || len(page) == 0 {
		return false, err
	}
	for _, r := range page {
		if r.task == nil {
			continue
		}
		task, err := a.relabeled(ctx, r, at.after.task)
		if err != nil {
			return false, err
		}
		if err := each(task); err != nil {
			return false, err
		}
	}
	at.after.task = page[len(page)-1].id
	return true, nil
}

// taskRow is a task after its own last entry.
type taskRow struct {
	id   uuid.UUID
	seq  int64
	task json.RawMessage // nil if it is deleted
}

// taskPage reads the next tasks after one.
func (a *Archive) taskPage(ctx context.Context, after uuid.UUID) ([]taskRow, error) {
	// task_event_task for each task: sorting the rows of all tasks, as DISTINCT ON does, would take longer with each task. Tasks that
	// are newer than the archive are in no page, so that its pages stay the same.
	const query = `
WITH RECURSIVE page AS (
  (SELECT task_id, 1 AS n FROM task_event WHERE user_id = $1 AND task_id > $2 AND seq <= $3 ORDER BY task_id LIMIT 1)
  UNION ALL
  (SELECT next.task_id, n + 1
  FROM page p, LATERAL (SELECT task_id FROM task_event WHERE user_id = $1 AND task_id > p.task_id AND seq <= $3 ORDER BY task_id LIMIT 1) AS next WHERE n < $4)
)
SELECT p.task_id, coalesce(e.seq, 0), e.after_task
FROM page p LEFT JOIN LATERAL (
  SELECT seq, after_task FROM task_event
  WHERE user_id = $1 AND task_id = p.task_id AND seq <= $3 AND event_type LIKE 'task.%' ORDER BY seq DESC LIMIT 1
) AS e ON true ORDER BY p.task_id`
	queue := func(b *pgx.Batch) *pgx.QueuedQuery { return b.Queue(query, a.user, after, a.seq, pageRows) }
	return readPage(ctx, a.read, queue, func(rows pgx.Rows) (taskRow, int, error) {
		var r taskRow
		err := rows.Scan(&r.id, &r.seq, &r.task)
		return r, len(r.task), err
	})
}

// comments calls each with the comments of the next page on tasks that are not deleted, as the log has them, by task and id.
func (a *Archive) comments(ctx context.Context, at *place, each func(json.RawMessage) error) (more bool, err error) {
	// task_event_task for each task; one without comments has a row without an id
	const query = `
WITH RECURSIVE page AS (
  (SELECT task_id, 1 AS n FROM task_event WHERE user_id = $1 AND task_id >= $2 AND seq <= $4 ORDER BY task_id LIMIT 1)
  UNION ALL
  (SELECT next.task_id, n + 1
  FROM page p, LATERAL (SELECT task_id FROM task_event WHERE user_id = $1 AND task_id > p.task_id AND seq <= $4 ORDER BY task_id LIMIT 1) AS next WHERE n < $5)
)
SELECT p.task_id, coalesce(c.id, ''), c.comment, coalesce(t.kept, false)
FROM page p LEFT JOIN LATERAL (
  SELECT DISTINCT ON (id) coalesce(changed_fields #>> '{comment,to,id}', changed_fields #>> '{comment,from,id}') AS id,
    nullif(changed_fields #> '{comment,to}', 'null') AS comment
  FROM task_event WHERE user_id = $1 AND task_id = p.task_id AND seq <= $4 AND event_type LIKE 'comment.%' ORDER BY id, seq DESC
) AS c ON true LEFT JOIN LATERAL (
  SELECT after_task IS NOT NULL AS kept FROM task_event
  WHERE user_id = $1 AND task_id = p.task_id AND seq <= $4 AND event_type LIKE 'task.%' ORDER BY seq DESC LIMIT 1
) AS t ON c.id IS NOT NULL
WHERE (p.task_id, coalesce(c.id, '')) > ($2, $3) ORDER BY 1, 2 LIMIT $6`
	type row struct {
		task    uuid.UUID
		id      string
		comment json.RawMessage
		kept    bool // the task is not deleted
	}
	queue := func(b *pgx.Batch) *pgx.QueuedQuery {
		return b.Queue(query, a.user, at.after.task, at.after.comment, a.seq, pageTasks, pageRows)
	}
	page, err := readPage(ctx, a.read, queue, func(rows pgx.Rows) (row, int, error) {
		var r row
		err := rows.Scan(&r.task, &r.id, &r.comment, &r.kept)
		return r, len(r.comment), err
	})
	if err != nil || len(page) == 0 {
		return false, err
	}
	for _, r := range page {
		if r.comment == nil || !r.kept {
			continue
		}
		if err := each(r.comment); err != nil {
			return false, err
		}
	}
	last := page[len(page)-1]
	at.after.task, at.after.comment = last.task, last.id
	return true, nil
}

// readPage reads rows until they have pageBytes.
func readPage[T any](ctx context.Context, read Read, queue func(*pgx.Batch) *pgx.QueuedQuery, scan func(pgx.Rows) (row T, size int, err error)) (page []T, err error) {
	err = read(ctx, func(b *pgx.Batch) {
		queue(b).Query(func(rows pgx.Rows) error {
			page = nil
			for total := 0; total < pageBytes && rows.Next(); {
				row, size, err := scan(rows)
				if err != nil {
					return err
				}
				page, total = append(page, row), total+size
			}
			rows.Close()
			return rows.Err()
		})
	})
	return page, err
}

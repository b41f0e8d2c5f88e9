package store

import (
	"context"
	"time"

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

// List returns a page of who's tasks that match q, for a user in that zone: q.Limit of them, or fewer if they are long (pageBudget).
func (s *Tasks) List(ctx context.Context, who token.Principal, q list.Query, zone *time.Location) (list.Page, error) {
	// primary key of task, by its first column: one user's tasks are filtered and sorted in memory. Their words are
	// stored; row-level security keeps $8 from using task_search, since @@ is not leakproof. Only one of the three keys
	// differs between rows, so one statement serves every sort. (Without its own name, by_number in ORDER BY would mean
	// the number as text.)
	const found = `
WITH keyed AS (
  SELECT *,
    CASE $10::text
      WHEN 'due_at' THEN coalesce(extract(epoch FROM due_at),
        extract(epoch FROM due_date::timestamp) - ($21::int[])[1 + width_bucket(due_date, $20::date[])], CASE WHEN $11 THEN '-Infinity'::numeric ELSE 'Infinity' END)
      WHEN 'created_at' THEN extract(epoch FROM created_at)
      WHEN 'updated_at' THEN extract(epoch FROM updated_at)
      WHEN 'priority' THEN priority
      ELSE 0 END AS by_number,
    CASE WHEN $10 = 'title' THEN lower(title) ELSE '' END COLLATE "und-x-icu" AS by_text,
    CASE WHEN $10 = 'position' THEN position ELSE '' END COLLATE "C" AS by_position
  FROM task
  WHERE user_id = $1 AND deleted_at IS NULL
    AND ($2::boolean IS NULL OR (completed_at IS NOT NULL) = $2)
    AND ($3::smallint IS NULL OR priority = $3)
    AND ($4::text IS NULL OR project = $4)
    AND tags @> $5::text[]
    AND ($6::uuid IS NULL OR parent_id = $6)
    AND (NOT $7 OR due_at >= coalesce($9::timestamptz, '-infinity') AND due_at < coalesce($17::timestamptz, 'infinity')
      OR due_date >= coalesce($18::date, '-infinity') AND due_date < coalesce($19::date, 'infinity'))
    AND ($8::text IS NULL OR words @@ to_tsquery('simple', $8))
)
SELECT ` + userlog.TaskColumns + `, by_number::text AS number, by_text, by_position FROM keyed
WHERE $12::text IS NULL
  OR NOT $11 AND (by_number, by_text, by_position, id) > ($12::numeric, $13::text, $14::text, $15::uuid)
  OR $11 AND (by_number, by_text, by_position, id) < ($12::numeric, $13::text, $14::text, $15::uuid)
ORDER BY
  CASE WHEN NOT $11 THEN by_number END, CASE WHEN NOT $11 THEN by_text END,
  CASE WHEN NOT $11 THEN by_position END, CASE WHEN NOT $11 THEN id END,
  by_number DESC, by_text DESC, by_position DESC, id DESC
LIMIT $16`
	after := list.SortKey{}
	var afterNumber *string
	if q.After != nil {
		after, afterNumber = *q.After, &q.After.Number
	}
	due, restricts := q.Range(zone)
	offsets := list.OffsetsOf(zone)
	page := list.Page{Tasks: []*task.Task{}}
	room := newPageBudget(ctx, maxPage)
	err := postgres.Read(ctx, s.pool, who, func(b *pgx.Batch) {
		b.Queue(found, who.UserID, q.Completed, (*int16)(q.Priority), q.Project, q.Tags, q.ParentID, restricts, words(q.Text), due.From,
			q.Sort, q.Descending, afterNumber, after.Text, after.Position, after.ID, q.Limit+1,
			due.To, due.FromDay, due.ToDay, offsets.From, offsets.Offset,
		).Query(func(rows pgx.Rows) error {
			var last list.SortKey
			for rows.Next() {
				// The query asked for one more than the limit: it shows that there is a next page.
				if len(page.Tasks) == q.Limit || !room.add(wireSize(rows)) {
					page.Next = &last
					break
				}
				var key list.SortKey
				t, err := userlog.ScanTask(withKey{rows, &key})
				if err != nil {
					return err
				}
				key.ID = t.ID
				page.Tasks, last = append(page.Tasks, t), key
			}
			rows.Close()
			return rows.Err()
		})
	})
	return page, err
}

// wireSize returns the size of the current row in bytes.
func wireSize(rows pgx.Rows) (n int) {
	for _, value := range rows.RawValues() {
		n += len(value)
	}
	return n
}

// withKey scans the sort key after the columns of a task.
type withKey struct {
	pgx.Rows
	key *list.SortKey
}

func (r withKey) Scan(dest ...any) error {
	return r.Rows.Scan(append(dest, &r.key.Number, &r.key.Text, &r.key.Position)...)
}

// words returns a tsquery that matches tasks in which every word is the prefix of a word.
func words(text *string) *string {
	if text == nil {
		return nil
	}
	q := task.SearchWords(*text)
	var out []byte
	for i, w := range q {
		if i > 0 {
			out = append(out, " & "...)
		}
		out = append(out, w...)
		out = append(out, ":*"...)
	}
	s := string(out)
	return &s
}

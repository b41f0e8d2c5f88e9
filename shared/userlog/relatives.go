package userlog

import (
	"math"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/task"
)

// relatives is the beginning of a query of the tasks $2 of the user $1, with all their ancestors ("up") and descendants
// ("down").
//
// Lists of ids are looked up one by one, in a subquery that OFFSET keeps apart. With id = ANY ($2), or a join, the plan that is
// made once for all users reads all tasks of the user, because the average user has few.
const relatives = `
WITH RECURSIVE up AS (
  SELECT t.* FROM unnest($2::uuid[]) AS asked (id), LATERAL (SELECT id, parent_id FROM task WHERE user_id = $1 AND id = asked.id OFFSET 0) AS t
  UNION SELECT t.* FROM up, LATERAL (SELECT id, parent_id FROM task WHERE user_id = $1 AND id = up.parent_id OFFSET 0) AS t
), down AS (
  SELECT t.* FROM unnest($2::uuid[]) AS asked (id), LATERAL (SELECT id FROM task WHERE user_id = $1 AND id = asked.id OFFSET 0) AS t
  UNION SELECT t.* FROM down, LATERAL (SELECT id FROM task WHERE user_id = $1 AND parent_id = down.id OFFSET 0) AS t
)
`

// What a change may read of a family when it shares its transaction with others. A longer task is a stub, and a change of a
// larger family, or of a stub, needs its own transaction.
const (
	maxRelatives = 200
	maxRelative  = 8 << 10 // bytes of texts
)

// stubColumns are the columns of a stub, in the order of TaskColumns, and the number of bytes that it leaves out.
const (
	stubColumns = `id, '', '', completed_at, priority, project, '{}'::text[], due_at, timezone, reminders, recurrence, series_id, occurrence,
  parent_id, position, version, created_at, updated_at, deleted_at, series - 'differs', due_date, no_reminders, overdue_reminders, section,
  comments, comment_bytes, ` + textBytes
	textBytes = `octet_length(title) + octet_length(description) + octet_length(tags::text) + coalesce(octet_length(series::text), 0)`
)

// queueFamily reads tasks with their ancestors and descendants into the ledger, and of those with the ids also. Only named tasks are
// always read in full. If there are more relatives than a shared transaction may read, it sets large and reads no further, unless all
// is set.
func queueFamily(b *pgx.Batch, user uuid.UUID, named, also []uuid.UUID, all bool, ledger *task.Ledger, large *bool) {
	const family = relatives + `
, asked AS MATERIALIZED (
  SELECT both_ways.id, NOT both_ways.id = ANY ($3) AND (row_number() OVER () > $4 OR t.bytes > $5) AS stub
  FROM (SELECT id FROM up UNION (SELECT id FROM down LIMIT $6)) AS both_ways, LATERAL (
    SELECT ` + textBytes + ` AS bytes FROM task WHERE user_id = $1 AND id = both_ways.id OFFSET 0) AS t
)
SELECT t.* FROM asked, LATERAL (SELECT ` + TaskColumns + `, NULL::integer FROM task WHERE user_id = $1 AND id = asked.id OFFSET 0) AS t WHERE NOT stub
UNION ALL
SELECT t.* FROM asked, LATERAL (SELECT ` + stubColumns + ` FROM task WHERE user_id = $1 AND id = asked.id OFFSET 0) AS t WHERE stub`
	limit := int64(math.MaxInt64)
	if !all {
		limit = int64(maxRelatives + len(named) + len(also) + 1)
	}
	asked := append(named[:len(named):len(named)], also...)
	b.Queue(family, user, asked, named, maxRelatives, maxRelative, limit).Query(func(rows pgx.Rows) error {
		n := int64(0)
		for ; rows.Next(); n++ {
			if err := loadRelative(rows, ledger); err != nil {
				return err
			}
		}
		*large = *large || n >= limit
		return rows.Err()
	})
}

// loadRelative scans the columns of a task and the bytes that are left out of it, which are NULL for a whole one.
func loadRelative(rows pgx.Rows, ledger *task.Ledger) error {
	var bytes *int64
	t, err := ScanTask(WithLast{rows, &bytes})
	switch {
	case err != nil:
		return err
	case bytes != nil:
		ledger.LoadStub(t, *bytes)
	default:
		ledger.Load(t)
	}
	return nil
}

// WithLast scans one more column than its caller asks for.
type WithLast struct {
	pgx.Rows
	Last any
}

// Scan reads the columns into dest, and the last one.
func (w WithLast) Scan(dest ...any) error { return w.Rows.Scan(append(dest, w.Last)...) }

// maxMoved bounds how many tasks of a family are read to know its size. There can be more only of those that do not count, which
// are in the trash or done occurrences.
const maxMoved = 5 * task.MaxSubtasks

// queueParents reads what task.Needs.Parents and task.Needs.Moved ask for.
func queueParents(b *pgx.Batch, user uuid.UUID, needs task.Needs, ledger *task.Ledger) {
	if len(needs.Parents) == 0 {
		return
	}
	const (
		ancestors = relatives + `
SELECT t.* FROM (SELECT id FROM up) AS asked, LATERAL (SELECT ` + stubColumns + ` FROM task WHERE user_id = $1 AND id = asked.id OFFSET 0) AS t`
		descendants = relatives + `
SELECT t.* FROM (SELECT id FROM down LIMIT $3) AS asked, LATERAL (SELECT ` + stubColumns + ` FROM task WHERE user_id = $1 AND id = asked.id OFFSET 0) AS t`
		sizes = relatives + `
SELECT top.id, (
  WITH RECURSIVE below AS (
    SELECT top.id, false AS counts
    UNION ALL
    SELECT t.* FROM below, LATERAL (
      SELECT id, deleted_at IS NULL AND (completed_at IS NULL OR series_id IS NULL) FROM task WHERE user_id = $1 AND parent_id = below.id OFFSET 0) AS t
  )
  SELECT count(*) FILTER (WHERE counts) FROM (SELECT counts FROM below LIMIT $3) AS read)
FROM (SELECT DISTINCT id FROM up WHERE parent_id IS NULL) AS top`
	)
	load := func(rows pgx.Rows) error {
		for rows.Next() {
			if err := loadRelative(rows, ledger); err != nil {
				return err
			}
		}
		return rows.Err()
	}
	b.Queue(ancestors, user, append(needs.Parents[:len(needs.Parents):len(needs.Parents)], needs.Moved...)).Query(load)
	if len(needs.Moved) > 0 {
		b.Queue(descendants, user, needs.Moved, maxMoved).Query(load)
	}
	b.Queue(sizes, user, needs.Parents, maxMoved).Query(func(rows pgx.Rows) error {
		var top uuid.UUID
		var subtasks int
		_, err := pgx.ForEachRow(rows, []any{&top, &subtasks}, func() error {
			ledger.LoadFamily(top, subtasks)
			return nil
		})
		return err
	})
}

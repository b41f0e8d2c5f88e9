package export

import (
	"context"
	"encoding/json"
	"io"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/postgres"
)

// names is a fingerprint of the rows of a user's projects, sections and tags. The log does not have their current state, and their number
// has no bound, so they are read while their file is written, and must not have changed since the archive was prepared.
type names struct {
	count int64
	sum   string // of the hashes of all rows
}

// namesSum is the sum over the rows so far.
type namesSum struct {
	names
	last *uuid.UUID // nil after the last row
}

func newNamesSum() *namesSum { return &namesSum{names{sum: "0"}, &uuid.UUID{}} }

// namesAtOnce is how many rows one statement sums up, in some 10 ms.
const namesAtOnce = 5_000

// queue adds the next rows.
func (s *namesSum) queue(b *pgx.Batch, user uuid.UUID) {
	// the unique key (user_id, id) of task_name
	const next = `
SELECT $4 + count(*), ($5::numeric + coalesce(sum(hash_record_extended(page, 0)), 0))::text, (array_agg(id))[$3]
FROM (SELECT * FROM task_name WHERE user_id = $1 AND id > $2 ORDER BY id LIMIT $3) AS page`
	b.Queue(postgres.KeepOrder).Exec(postgres.Discard)
	b.Queue(next, user, *s.last, namesAtOnce, s.count, s.sum).QueryRow(func(row pgx.Row) error { return row.Scan(&s.count, &s.sum, &s.last) })
}

// finish adds the remaining rows.
func (s *namesSum) finish(ctx context.Context, read Read, user uuid.UUID) (names, error) {
	for s.last != nil {
		if err := read(ctx, func(b *pgx.Batch) { s.queue(b, user) }); err != nil {
			return names{}, err
		}
	}
	return s.names, nil
}

// errNamesChanged aborts an archive whose projects or tags have changed since it was prepared. The next request gets a new one.
var errNamesChanged = &fault.Error{
	Code: fault.Preparing, Detail: "a project or a tag was changed while the export was made; send the request again", RetryAfter: time.Second,
}

// writeNames writes the next page of the rows, by id.
func (a *Archive) writeNames(ctx context.Context, to io.Writer, at *place) (bool, error) {
	if a.names.count == 0 {
		return false, nil
	}
	type row struct {
		id   uuid.UUID
		name json.RawMessage
	}
	// the unique key (user_id, id) of task_name
	const query = `SELECT id, to_jsonb(n) - 'user_id' FROM task_name n WHERE user_id = $1 AND id > $2 ORDER BY id LIMIT $3`
	queue := func(b *pgx.Batch) *pgx.QueuedQuery {
		b.Queue(postgres.KeepOrder).Exec(postgres.Discard)
		return b.Queue(query, a.user, at.after.name, pageRows)
	}
	page, err := readPage(ctx, a.read, queue, func(rows pgx.Rows) (row, int, error) {
		var r row
		err := rows.Scan(&r.id, &r.name)
		return r, len(r.name), err
	})
	if err != nil {
		return false, err
	}
	for _, r := range page {
		if err := line(to, r.name); err != nil {
			return false, err
		}
		at.after.name = r.id
	}
	if len(page) > 0 {
		return true, nil
	}
	now, err := newNamesSum().finish(ctx, a.read, a.user)
	if err == nil && now != a.names {
		err = errNamesChanged
	}
	return false, err
}

// Package store reads the users' audit logs from PostgreSQL.
package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/functions/gateway/internal/stream"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
)

// Log reads the audit logs, in the role taskwire_stream. It implements stream.Log.
type Log struct{ pool *postgres.Pool }

// NewLog returns a Log on the pool.
func NewLog(pool *postgres.Pool) *Log { return &Log{pool: pool} }

// Read implements stream.Log. All users are read in one statement, so each head and its events are of one
// snapshot.
func (l *Log) Read(ctx context.Context, cursors []stream.Cursor, limit stream.Limit) ([]stream.Page, error) {
	return l.read(ctx, postgres.Platform, cursors, limit)
}

// Replay implements stream.Log.
func (l *Log) Replay(ctx context.Context, c stream.Cursor, limit stream.Limit) (stream.Page, error) {
	pages, err := l.read(ctx, postgres.OfUser(c.UserID), []stream.Cursor{c}, limit)
	if err != nil {
		return stream.Page{}, err
	}
	return pages[0], nil
}

// logs reads pages. A page ends in the statement, so that PostgreSQL does not send what nobody will keep: with the event that brings
// its size to the limit. Of a compressed value the size is not known without reading all of it; text is rarely compressed to less than
// a sixteenth, and values of more than 64 KB are rare.
//
// It uses the primary keys of user_stream and task_event; a user who has changed nothing has no row in either.
const logs = `
SELECT c.user_id, coalesce(s.epoch, $4), coalesce(s.seq, 0), e.*
FROM unnest($1::uuid[], $2::bigint[]) AS c (user_id, seq)
LEFT JOIN user_stream s ON s.user_id = c.user_id
LEFT JOIN LATERAL (
  SELECT ` + userlog.EventColumns + ` FROM (
    SELECT t.*, sum(
      CASE WHEN pg_column_compression(after_task) IS NULL THEN coalesce(pg_column_size(after_task), 0) ELSE least(16 * pg_column_size(after_task), 65536) END
      + CASE WHEN pg_column_compression(changed_fields) IS NULL THEN pg_column_size(changed_fields) ELSE least(16 * pg_column_size(changed_fields), 65536) END
      + CASE WHEN pg_column_compression(label) IS NULL THEN coalesce(pg_column_size(label), 0) ELSE least(16 * pg_column_size(label), 65536) END
    ) OVER (ORDER BY t.seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS bytes_before
    FROM (SELECT * FROM task_event WHERE user_id = c.user_id AND seq > c.seq ORDER BY seq LIMIT $3) t
  ) t WHERE coalesce(bytes_before, 0) < $5
) e ON true
ORDER BY c.user_id, e.seq`

func (l *Log) read(ctx context.Context, who postgres.Party, cursors []stream.Cursor, limit stream.Limit) ([]stream.Page, error) {
	ctx, cancel := context.WithTimeout(ctx, postgres.Timeout)
	defer cancel()
	users, seqs, _ := columns(cursors)
	conn, err := l.pool.Acquire(ctx, who)
	if err != nil {
		return nil, err
	}
	defer conn.Release()
	rows, err := conn.Query(ctx, logs, users, seqs, limit.Events, stream.NoEpoch, limit.Bytes)
	if err != nil {
		return nil, postgres.Fault(err)
	}
	defer rows.Close()
	pages, size := make([]stream.Page, 0, len(cursors)), 0
	for rows.Next() {
		var r logRow
		if size >= limit.Bytes { // the last page is full: what the statement took for smaller is not decoded
			if err := rows.Scan(r.userOnly()...); err != nil {
				return nil, postgres.Fault(err)
			}
			if r.user == pages[len(pages)-1].UserID {
				continue
			}
		}
		if err := rows.Scan(r.targets()...); err != nil {
			return nil, postgres.Fault(err)
		}
		if n := len(pages); n == 0 || pages[n-1].UserID != r.user {
			pages, size = append(pages, stream.Page{UserID: r.user, Head: r.head}), 0
		}
		if r.id != nil {
			page := &pages[len(pages)-1]
			page.Events = append(page.Events, r.event())
			size += postgres.RowSize(rows)
		}
	}
	return pages, postgres.Fault(rows.Err())
}

// logRow is a row of Read; without an event all but the first three columns are NULL.
type logRow struct {
	user                          uuid.UUID
	head                          stream.Head
	id, taskID, owner             *uuid.UUID
	seq                           *int64
	eventType, actor, traceparent *string
	at                            *time.Time
	task                          *task.Task
	changed                       map[string]task.Change
	notification, label           json.RawMessage
	relabeled                     []uuid.UUID
	firstForm                     *bool
}

func (r *logRow) targets() []any {
	return []any{
		&r.user, &r.head.Epoch, &r.head.Seq,
		&r.id, &r.seq, &r.eventType, &r.taskID, &r.owner, &r.actor, &r.at, &r.task, &r.changed, &r.traceparent,
		&r.notification, &r.label, &r.relabeled, &r.firstForm,
	}
}

// userOnly returns the scan targets for a row of which only the user matters.
func (r *logRow) userOnly() []any {
	targets := r.targets()
	clear(targets[1:])
	return targets
}

func (r *logRow) event() task.Event {
	e := task.Event{
		ID: *r.id, Seq: *r.seq, EventType: task.EventType(*r.eventType), TaskID: *r.taskID, UserID: *r.owner, Actor: *r.actor,
		Time: *r.at, Task: r.task, ChangedFields: r.changed, Traceparent: *r.traceparent, Notification: r.notification,
		Label: r.label, Relabeled: r.relabeled,
	}
	if *r.firstForm {
		userlog.FromFirstForm(&e)
	}
	return e
}

// Moved implements stream.Log.
func (l *Log) Moved(ctx context.Context, cursors []stream.Cursor) ([]uuid.UUID, error) {
	ctx, cancel := context.WithTimeout(ctx, postgres.Timeout)
	defer cancel()
	users, seqs, epochs := columns(cursors)
	// primary key of user_stream
	const moved = `
SELECT s.user_id
FROM unnest($1::uuid[], $2::bigint[], $3::text[]) AS c (user_id, seq, epoch)
JOIN user_stream s ON s.user_id = c.user_id
WHERE s.seq <> c.seq OR s.epoch <> c.epoch`
	return l.ids(ctx, postgres.Platform, moved, users, seqs, epochs)
}

// Revoked implements stream.Log. A token whose row is gone is revoked.
func (l *Log) Revoked(ctx context.Context, tokens []uuid.UUID) ([]uuid.UUID, error) {
	return l.revoked(ctx, postgres.Platform, tokens)
}

func (l *Log) revoked(ctx context.Context, who postgres.Party, tokens []uuid.UUID) ([]uuid.UUID, error) {
	ctx, cancel := context.WithTimeout(ctx, postgres.Timeout)
	defer cancel()
	// primary key of access_token
	const revoked = `
SELECT c.id FROM unnest($1::uuid[]) AS c (id)
LEFT JOIN access_token t ON t.id = c.id
WHERE t.id IS NULL OR t.revoked_at IS NOT NULL`
	return l.ids(ctx, who, revoked, tokens)
}

// Ended implements stream.Log.
func (l *Log) Ended(ctx context.Context, while time.Duration) ([]uuid.UUID, error) {
	ctx, cancel := context.WithTimeout(ctx, postgres.Timeout)
	defer cancel()
	return l.ids(ctx, postgres.Platform, `SELECT id FROM session WHERE ended_at > now() - $1::interval`, while) // session_ended
}

// Accept reports a fault when who's token was revoked, or its session has ended.
func (l *Log) Accept(ctx context.Context, who token.Principal) error {
	if who.SessionID != uuid.Nil {
		// primary key of session
		const open = `SELECT id FROM session WHERE id = $1 AND ended_at IS NULL AND expires_at > now()`
		found, err := l.ids(ctx, postgres.OfUser(who.UserID), open, who.SessionID)
		if err == nil && len(found) == 0 {
			return fault.New(fault.Unauthenticated, "the session has ended: sign in again")
		}
		return err
	}
	if !who.Personal {
		return nil
	}
	revoked, err := l.revoked(ctx, postgres.OfUser(who.UserID), []uuid.UUID{who.TokenID})
	if err == nil && len(revoked) > 0 {
		return fault.New(fault.Unauthenticated, "the token was revoked")
	}
	return err
}

func (l *Log) ids(ctx context.Context, who postgres.Party, query string, args ...any) ([]uuid.UUID, error) {
	return postgres.Collect(ctx, l.pool, who, pgx.RowTo[uuid.UUID], query, args...)
}

func columns(cursors []stream.Cursor) (users []uuid.UUID, seqs []int64, epochs []string) {
	for _, c := range cursors {
		users, seqs, epochs = append(users, c.UserID), append(seqs, c.Seq), append(epochs, c.Epoch)
	}
	return users, seqs, epochs
}

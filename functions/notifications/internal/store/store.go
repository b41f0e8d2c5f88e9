// Package store reads and changes the caller's notifications.
package store

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/memory"
	"taskwire.dev/shared/notification"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/reminder"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
	"taskwire.dev/shared/wallclock"
)

// Notifications are the caller's, in the role taskwire_app.
type Notifications struct {
	pool *postgres.Pool
	log  *userlog.Log
}

// New returns the store.
func New(pool *postgres.Pool, log *userlog.Log) *Notifications {
	return &Notifications{pool: pool, log: log}
}

// columns are the columns that scan reads.
const columns = `id, kind, task_id, title, body, content, created_at, read_at, resolved_at, snoozed_until`

func scan(row pgx.CollectableRow) (n notification.Notification, err error) {
	return n, row.Scan(&n.ID, &n.Kind, &n.TaskID, &n.Title, &n.Body, &n.Content, &n.CreatedAt, &n.ReadAt, &n.ResolvedAt, &n.SnoozedUntil)
}

// List returns a page of those that are not snoozed, newest first: p.Limit of them, or fewer if they are long (memory.Page). It
// reports whether there are more.
func (s *Notifications) List(ctx context.Context, who token.Principal, p Page) (list []notification.Notification, more bool, err error) {
	// notification_listed and notification_unread. With a cursor the statement differs, so that
	// the index begins there; as a condition that may be NULL it would only filter.
	const (
		shown  = `SELECT ` + columns + ` FROM notification WHERE user_id = $1 AND snoozed_until IS NULL AND digest_id IS NULL AND ($3::boolean IS NULL OR (resolved_at IS NOT NULL) = $3)`
		unread = ` AND read_at IS NULL`
		after  = ` AND (created_at, id) < ($4, $5)`
		page   = ` ORDER BY created_at DESC, id DESC LIMIT $2`
	)
	query, args := shown, []any{who.UserID, p.Limit + 1, p.Resolved}
	if p.Unread {
		query += unread
	}
	if p.After != nil {
		query += after
		args = append(args, p.After.CreatedAt, p.After.ID)
	}
	err = postgres.Read(ctx, s.pool, who, func(b *pgx.Batch) {
		b.Queue(postgres.KeepOrder).Exec(postgres.Discard)
		b.Queue(query+page, args...).Query(func(rows pgx.Rows) (err error) {
			list, err = pgx.CollectRows(rows, scan)
			return err
		})
	})
	if err != nil {
		return nil, false, err
	}
	if more = len(list) > p.Limit; more {
		list = list[:p.Limit]
	}
	room := memory.NewPage(ctx, memory.MaxPage)
	for _, n := range list {
		room.Add(n.Size()) // without their lists they are bounded by the limit
	}
	for from := 0; from < len(list); from += listedAtOnce {
		fit, err := s.listItems(ctx, who, list[from:min(from+listedAtOnce, len(list))], from == 0, room)
		if err != nil {
			return nil, false, err
		}
		if end := from + fit; end < min(from+listedAtOnce, len(list)) {
			return list[:end], true, nil
		}
	}
	return list, more, nil
}

// listedAtOnce is of how many notifications the lists are read at once. What a page has no room for is not read.
const listedAtOnce = 20

// listItems reads the lists of the digests, and returns how many notifications fit in room. The first one of the page does.
func (s *Notifications) listItems(ctx context.Context, who token.Principal, list []notification.Notification, first bool, room *memory.Page) (fit int, err error) {
	place := map[uuid.UUID]int{}
	var digests []uuid.UUID
	for i, n := range list {
		if n.Kind == reminder.DigestKind {
			digests, place[n.ID] = append(digests, n.ID), i
		}
	}
	fit = len(list)
	if len(digests) == 0 {
		return fit, nil
	}
	items, due := map[uuid.UUID][]notification.Item{}, map[uuid.UUID]notification.Due{}
	err = postgres.Read(ctx, s.pool, who, func(b *pgx.Batch) {
		userlog.QueueItems(b, who.UserID, digests, func(digest uuid.UUID, item notification.Item) {
			at := place[digest]
			if at >= fit {
				return
			}
			if !room.Add(item.Size()) && (at > 0 || !first) {
				fit = at
				return
			}
			items[digest] = append(items[digest], item)
		})
	})
	if err != nil {
		return 0, err
	}
	var long []uuid.UUID
	for digest, read := range items {
		if len(read) < notification.MaxListed {
			due[digest] = notification.DueOf(read)
		} else {
			long = append(long, digest) // there may be more
		}
	}
	if len(long) > 0 {
		err = postgres.Read(ctx, s.pool, who, func(b *pgx.Batch) { userlog.QueueDue(b, who.UserID, long, nil, due) })
	}
	for i, n := range list[:fit] {
		if n.Kind == reminder.DigestKind {
			list[i].List(due[n.ID], items[n.ID])
		}
	}
	return fit, err
}

// Unread returns how many are neither read nor snoozed. Resolved ones are read.
func (s *Notifications) Unread(ctx context.Context, who token.Principal) (n int64, err error) {
	err = postgres.Read(ctx, s.pool, who, func(b *pgx.Batch) { queueUnread(b, who.UserID, &n) })
	return n, err
}

func queueUnread(b *pgx.Batch, user uuid.UUID, n *int64) {
	// notification_unread
	const count = `SELECT count(*) FROM notification WHERE user_id = $1 AND snoozed_until IS NULL AND read_at IS NULL`
	b.Queue(count, user).QueryRow(func(row pgx.Row) error { return row.Scan(n) })
}

// Read marks one as read. It is idempotent: if it is already read there is no audit event.
func (s *Notifications) Read(ctx context.Context, who token.Principal, id uuid.UUID,
	render func(notification.Notification) idempotency.Answer,
) (idempotency.Answer, error) {
	return s.change(ctx, who, idempotency.Key{}, id, func(tx *userlog.Tx, n notification.Notification) error {
		if n.ReadAt == nil {
			n.ReadAt = &tx.Now
			// primary key of notification
			tx.Queue(`UPDATE notification SET read_at = $3 WHERE user_id = $1 AND id = $2`, who.UserID, id, n.ReadAt)
			tx.Append(notification.Event(notification.Read, &n))
		}
		tx.Answer = render(n)
		return nil
	})
}

// ReadAll marks all visible ones as read. That is one audit event, however many they are.
func (s *Notifications) ReadAll(ctx context.Context, who token.Principal, key idempotency.Key,
	render func(updated int64) idempotency.Answer,
) (idempotency.Answer, error) {
	var unread int64
	return s.log.Do(ctx, userlog.Change{
		User: who, Key: key,
		Read: func(b *pgx.Batch) { queueUnread(b, who.UserID, &unread) },
		Apply: func(tx *userlog.Tx) error {
			if unread > 0 {
				// notification_unread
				const all = `UPDATE notification SET read_at = $2 WHERE user_id = $1 AND snoozed_until IS NULL AND read_at IS NULL`
				tx.Queue(all, who.UserID, tx.Now)
				tx.Append(notification.Event(notification.Read, nil))
			}
			tx.Answer = render(unread)
			return nil
		},
	})
}

// Snooze hides one for a duration, by the rules of reminders: P1D is the same time tomorrow in the user's zone. It
// counts as read until it comes back.
func (s *Notifications) Snooze(ctx context.Context, who token.Principal, key idempotency.Key, id uuid.UUID, d string,
	render func(notification.Notification) idempotency.Answer,
) (idempotency.Answer, error) {
	return s.change(ctx, who, key, id, func(tx *userlog.Tx, n notification.Notification) error {
		until := reminder.After(tx.Now, d, wallclock.Zone(tx.Preferences.Timezone))
		n.SnoozedUntil = &until
		if n.ReadAt == nil {
			n.ReadAt = &tx.Now
		}
		// primary key of notification
		const snooze = `UPDATE notification SET snoozed_until = $3, read_at = $4 WHERE user_id = $1 AND id = $2`
		tx.Queue(snooze, who.UserID, id, n.SnoozedUntil, n.ReadAt)
		tx.Append(notification.Event(notification.Read, &n))
		tx.Answer = render(n)
		return nil
	})
}

// change applies a change to one notification, if it exists.
func (s *Notifications) change(ctx context.Context, who token.Principal, key idempotency.Key, id uuid.UUID,
	apply func(*userlog.Tx, notification.Notification) error,
) (idempotency.Answer, error) {
	var found []notification.Notification
	var items []notification.Item
	due := map[uuid.UUID]notification.Due{}
	return s.log.Do(ctx, userlog.Change{
		User: who, Key: key, Needs: task.Needs{Preferences: true},
		Read: func(b *pgx.Batch) {
			// primary key of notification
			const one = `SELECT ` + columns + ` FROM notification WHERE user_id = $1 AND id = $2 AND digest_id IS NULL`
			b.Queue(one, who.UserID, id).Query(func(rows pgx.Rows) (err error) {
				found, err = pgx.CollectRows(rows, scan)
				return err
			})
			items = nil
			clear(due)
			userlog.QueueItems(b, who.UserID, []uuid.UUID{id}, func(_ uuid.UUID, item notification.Item) { items = append(items, item) })
			userlog.QueueDue(b, who.UserID, []uuid.UUID{id}, nil, due)
		},
		Apply: func(tx *userlog.Tx) error {
			if len(found) == 0 {
				return fault.New(fault.NotFound, "there is no such notification")
			}
			if found[0].Kind == reminder.DigestKind {
				found[0].List(due[id], items)
			}
			return apply(tx, found[0])
		},
	})
}

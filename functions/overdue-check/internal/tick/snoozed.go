package tick

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/notification"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/preference"
	"taskwire.dev/shared/reminder"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
)

// name is this function's name in the log.
const name = "overdue-check"

// returnUsers and returnEach bound how much is brought back at once.
const (
	returnUsers = 200
	returnEach  = 100
	partsAtOnce = 200 // reminders of a digest
)

// Notifications are those of all users, in the role taskwire_worker. It implements Snoozed.
type Notifications struct {
	pool *postgres.Pool
	log  *userlog.Log
}

// NewNotifications returns them.
func NewNotifications(pool *postgres.Pool, log *userlog.Log) *Notifications {
	return &Notifications{pool: pool, log: log}
}

// Return implements Snoozed: it brings back notifications whose snooze has ended, unread and at the top of the list, with
// the title and the due time that the task has now. One that is no longer true of its task is resolved instead, without
// an audit event, since no screen shows it.
//
// A user who fails, such as one whose lock is busy, is left to the next tick and delays no other.
func (s *Notifications) Return(ctx context.Context, now time.Time) (n int, err error) {
	failed := []uuid.UUID{}
	idle := map[uuid.UUID]bool{}
	var first error
	for {
		users, err := s.snoozers(ctx, now, failed)
		if err != nil || len(users) == 0 {
			return n, errors.Join(err, first)
		}
		for _, user := range users {
			rows, back, err := s.returnTo(ctx, user, now)
			n += back
			// One round may find nothing because another tick was faster; then the next one does not find the user.
			if err == nil && rows == 0 && idle[user] {
				err = errors.New("they stay due")
			}
			if idle[user] = rows == 0; err != nil {
				failed = append(failed, user)
				first = cmp.Or(first, fmt.Errorf("snoozed notifications of user %s: %w", user, err))
			}
		}
	}
}

// snoozers returns users with a notification whose snooze has ended, without those that are left out.
func (s *Notifications) snoozers(ctx context.Context, now time.Time, without []uuid.UUID) ([]uuid.UUID, error) {
	ctx, cancel := context.WithTimeout(ctx, postgres.Timeout)
	defer cancel()
	// notification_snoozed
	const snoozers = `
SELECT DISTINCT user_id FROM (
  SELECT user_id FROM notification WHERE snoozed_until <= $1 AND user_id <> ALL ($3) ORDER BY snoozed_until LIMIT $2) AS due`
	return postgres.Collect(ctx, s.pool, postgres.Platform, pgx.RowTo[uuid.UUID], snoozers, now, returnUsers, without)
}

// returnTo works under the user's lock, as snoozing does: of two ticks the second waits, and finds nothing. It returns
// how many rows are no longer due, and how many of those came back.
//
// A digest may have any number of parts, so they are judged before, a few at a time. No screen shows them until then.
func (s *Notifications) returnTo(ctx context.Context, user uuid.UUID, now time.Time) (moved, back int, err error) {
	digests, err := s.endedDigests(ctx, user, now)
	if err != nil {
		return 0, 0, err
	}
	for _, id := range digests {
		if err := s.judgeParts(ctx, user, id, now); err != nil {
			return 0, 0, err
		}
	}
	var ended []snoozed
	due := map[uuid.UUID]notification.Due{}
	_, err = s.log.Do(ctx, userlog.Change{
		User: token.Principal{UserID: user}, Actor: userlog.System(name),
		Read: func(b *pgx.Batch) {
			clear(due)
			queueSnoozed(b, user, now, &ended)
			userlog.QueueDue(b, user, digests, nil, due)
		},
		Apply: func(tx *userlog.Tx) error {
			moved, back = 0, 0
			for _, d := range ended {
				n := d.judge(now)
				if d.Kind == reminder.DigestKind {
					if !slices.Contains(digests, d.ID) {
						continue // another tick has made room for it; the next round judges its parts
					}
					n = judgeDigest(d.Notification, due[d.ID], now)
				}
				// primary key of notification
				const wake = `
UPDATE notification SET snoozed_until = NULL, title = $3, body = $4, created_at = $5, read_at = $6, resolved_at = $7, content = $8
WHERE user_id = $1 AND id = $2`
				tx.Queue(wake, user, n.ID, n.Title, n.Body, n.CreatedAt, n.ReadAt, n.ResolvedAt, n.Content)
				moved++
				if n.ReadAt == nil {
					tx.Append(notification.Event(notification.Created, &n))
					back++
				}
			}
			return nil
		},
	})
	if err != nil {
		return 0, 0, err
	}
	return moved, back, nil
}

// snoozed is a notification whose snooze has ended, with its reminder and its task as it is now, if that exists.
type snoozed struct {
	notification.Notification
	sent   reminder.Sent
	digest *uuid.UUID // of which it is a part
	task   *task.Task
	prefs  preference.Preferences
}

// judge returns the notification as it comes back at now.
func (s snoozed) judge(now time.Time) notification.Notification {
	n := s.Notification
	n.SnoozedUntil = nil
	if n.Kind == notification.Account { // it is about no task, and comes back as it was
		n.CreatedAt, n.ReadAt, n.ResolvedAt = now, nil, nil
		return n
	}
	if s.task == nil || !s.sent.StillDue(s.task, s.prefs, now) {
		n.ResolvedAt = cmp.Or(n.ResolvedAt, &now)
		return n
	}
	n.CreatedAt, n.ReadAt, n.ResolvedAt = now, nil, nil
	n.Title = s.task.Title
	n.Body, n.Content = notification.Body(n.Kind, reminder.DueOf(s.task, s.prefs), now)
	return n
}

// judgeDigest returns a digest as it comes back at now: with what is still due of it.
func judgeDigest(d notification.Notification, due notification.Due, now time.Time) notification.Notification {
	d.SnoozedUntil = nil
	if due.Count() == 0 {
		d.ResolvedAt = cmp.Or(d.ResolvedAt, &now)
		return d
	}
	d.CreatedAt, d.ReadAt, d.ResolvedAt = now, nil, nil
	d.List(due, nil)
	d.Summarize(due)
	return d
}

// endedDigests returns the digests among the first returnEach notifications of a user whose snooze has ended.
func (s *Notifications) endedDigests(ctx context.Context, user uuid.UUID, now time.Time) ([]uuid.UUID, error) {
	ctx, cancel := context.WithTimeout(ctx, postgres.Timeout)
	defer cancel()
	// notification_snoozed
	const ended = `
SELECT id FROM (SELECT id, kind FROM notification WHERE user_id = $1 AND snoozed_until <= $2 ORDER BY snoozed_until, id LIMIT $3) AS n
WHERE kind = 'digest'`
	return postgres.Collect(ctx, s.pool, postgres.Platform, pgx.RowTo[uuid.UUID], ended, user, now, returnEach)
}

// judgeParts updates the parts of a digest as they are at now.
func (s *Notifications) judgeParts(ctx context.Context, user, digest uuid.UUID, now time.Time) error {
	var after uuid.UUID
	for {
		var parts []snoozed
		_, err := s.log.Do(ctx, userlog.Change{
			User: token.Principal{UserID: user}, Actor: userlog.System(name),
			Read: func(b *pgx.Batch) { queueParts(b, user, digest, after, &parts) },
			Apply: func(tx *userlog.Tx) error {
				for _, p := range parts {
					n := p.judge(now)
					// primary key of notification
					const update = `UPDATE notification SET title = $3, body = $4, resolved_at = $5, content = $6 WHERE user_id = $1 AND id = $2`
					tx.Queue(update, user, n.ID, n.Title, n.Body, n.ResolvedAt, n.Content)
				}
				return nil
			},
		})
		if err != nil || len(parts) < partsAtOnce {
			return err
		}
		after = parts[len(parts)-1].ID
	}
}

// scanSnoozed reads selected, of the notifications n that a query selects, joined with tasks.
const (
	selected = `
SELECT n.id, n.kind, n.task_id, n.title, n.body, n.content, n.created_at, n.read_at, n.resolved_at, n.snoozed_until, n.time_window, n.due_at, n.digest_id,
  coalesce(p.timezone, 'UTC'), coalesce(p.day_start, ''), t.title, t.due_at, t.due_date, t.timezone, t.reminders, t.no_reminders, t.overdue_reminders
FROM (SELECT * FROM notification WHERE user_id = $1 AND `
	tasks = `) AS n
LEFT JOIN task t ON t.user_id = $1 AND t.id = n.task_id AND t.completed_at IS NULL AND t.deleted_at IS NULL
LEFT JOIN preference p ON p.user_id = $1
ORDER BY `
)

func queueSnoozed(b *pgx.Batch, user uuid.UUID, now time.Time, ended *[]snoozed) {
	// notification_snoozed, then the primary keys of task and preference
	const query = selected + `snoozed_until <= $2 ORDER BY snoozed_until, id LIMIT $3` + tasks + `n.snoozed_until, n.id`
	queueRows(b, ended, query, user, now, returnEach)
}

func queueParts(b *pgx.Batch, user, digest, after uuid.UUID, parts *[]snoozed) {
	// notification_digest, then the primary keys of task and preference
	const query = selected + `digest_id = $2 AND id > $3 ORDER BY id LIMIT $4` + tasks + `n.id`
	queueRows(b, parts, query, user, digest, after, partsAtOnce)
}

func queueRows(b *pgx.Batch, to *[]snoozed, query string, args ...any) {
	b.Queue(query, args...).Query(func(rows pgx.Rows) (err error) {
		*to, err = pgx.CollectRows(rows, scanSnoozed)
		return err
	})
}

func scanSnoozed(row pgx.CollectableRow) (s snoozed, err error) {
	var t task.Task
	var title *string
	var on *time.Time
	var none *bool
	err = row.Scan(&s.ID, &s.Kind, &s.TaskID, &s.Title, &s.Body, &s.Content, &s.CreatedAt, &s.ReadAt, &s.ResolvedAt, &s.SnoozedUntil, &s.sent.Window, &s.sent.Key,
		&s.digest, &s.prefs.Timezone, &s.prefs.DayStart, &title, &t.DueAt, &on, &t.Timezone, &t.Reminders, &none, &t.OverdueReminders)
	s.sent.Kind = s.Kind
	if title != nil {
		t.Title, t.DueDate = *title, userlog.DateOf(on)
		if len(t.Reminders) == 0 && !*none {
			t.Reminders = nil
		}
		s.task = &t
	}
	return s, err
}

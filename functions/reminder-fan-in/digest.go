package function

import (
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/notification"
	"taskwire.dev/shared/reminder"
	"taskwire.dev/shared/userlog"
)

// digest is what is known of the digest of a tick: another part of it may have come before, since an event has a bound.
type digest struct {
	exists bool
	due    map[uuid.UUID]notification.Due // of the digest, without the tasks of this event
	same   []notification.Item            // of the tasks of this event
}

func queueDigest(b *pgx.Batch, d delivery, known *digest) {
	*known = digest{due: map[uuid.UUID]notification.Due{}}
	// primary key of notification
	b.Queue(`SELECT FROM notification WHERE user_id = $1 AND id = $2`, d.user, d.digest).Query(func(rows pgx.Rows) error {
		known.exists = rows.Next()
		return rows.Err()
	})
	tasks := make([]uuid.UUID, len(d.reminders))
	for i, r := range d.reminders {
		tasks[i] = r.TaskID
	}
	// notification_digest
	const same = `
SELECT task_id, kind, title, body FROM notification
WHERE user_id = $1 AND digest_id = $2 AND resolved_at IS NULL AND task_id = ANY ($3) ORDER BY due_at, id`
	b.Queue(same, d.user, d.digest, tasks).Query(func(rows pgx.Rows) (err error) {
		known.same, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (it notification.Item, err error) {
			return it, row.Scan(&it.TaskID, &it.Kind, &it.Title, &it.Body)
		})
		return err
	})
	userlog.QueueDue(b, d.user, []uuid.UUID{d.digest}, tasks, known.due)
}

// addDigest makes one notification of the reminders, or adds them to the one of their tick, which is then unread again.
func addDigest(tx *userlog.Tx, d delivery, known digest, fresh []item) {
	items := known.same
	for _, it := range fresh {
		it.insert(tx, &d.digest)
		items = append(items, notification.Item{TaskID: it.TaskID, Kind: it.Kind, Title: it.Title, Body: it.Body})
	}
	due := known.due[d.digest].Plus(notification.DueOf(items))
	n := notification.Notification{ID: d.digest, Kind: reminder.DigestKind, CreatedAt: tx.Now}
	n.List(due, nil)
	n.Summarize(due)
	// primary key of notification
	const save = `
INSERT INTO notification (user_id, id, kind, task_id, time_window, due_at, title, body, content, created_at)
VALUES ($1, $2, 'digest', '00000000-0000-0000-0000-000000000000', '', $3, $4, $5, $7, $6)
ON CONFLICT (user_id, id) DO UPDATE SET title = EXCLUDED.title, body = EXCLUDED.body, content = EXCLUDED.content, created_at = EXCLUDED.created_at,
  read_at = NULL, resolved_at = NULL, snoozed_until = NULL`
	tx.Queue(save, d.user, d.digest, d.tick, n.Title, n.Body, n.CreatedAt, n.Content)
	tx.Append(notification.Event(notification.Created, &n))
}

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
	items  []notification.Item
}

func queueDigest(b *pgx.Batch, user, id uuid.UUID, known *digest) {
	*known = digest{}
	// primary key of notification
	b.Queue(`SELECT FROM notification WHERE user_id = $1 AND id = $2`, user, id).Query(func(rows pgx.Rows) error {
		known.exists = rows.Next()
		return rows.Err()
	})
	userlog.QueueItems(b, user, []uuid.UUID{id}, func(_ uuid.UUID, item notification.Item) { known.items = append(known.items, item) })
}

// addDigest makes one notification of the reminders, or adds them to the one of their tick, which is then unread again.
func addDigest(tx *userlog.Tx, d delivery, known digest, fresh []item) {
	items := known.items
	for _, it := range fresh {
		it.insert(tx, &d.digest)
		items = append(items, notification.Item{TaskID: it.TaskID, Kind: it.Kind, Title: it.Title, Body: it.Body, Content: it.Content})
	}
	n := notification.Notification{ID: d.digest, Kind: reminder.DigestKind, CreatedAt: tx.Now}
	n.List(items)
	n.Summarize(items)
	// primary key of notification
	const save = `
INSERT INTO notification (user_id, id, kind, task_id, time_window, due_at, title, body, content, created_at)
VALUES ($1, $2, 'digest', '00000000-0000-0000-0000-000000000000', '', $3, $4, $5, $7, $6)
ON CONFLICT (user_id, id) DO UPDATE SET title = EXCLUDED.title, body = EXCLUDED.body, content = EXCLUDED.content, created_at = EXCLUDED.created_at,
  read_at = NULL, resolved_at = NULL, snoozed_until = NULL`
	tx.Queue(save, d.user, d.digest, d.tick, n.Title, n.Body, n.CreatedAt, n.Content)
	tx.Append(notification.Event(notification.Created, &n))
}

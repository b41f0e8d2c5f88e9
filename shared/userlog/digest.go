package userlog

import (
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/notification"
)

// QueueItems reads the reminders of digests of a user: for each digest those that are not resolved first, then by when
// they are due.
func QueueItems(b *pgx.Batch, user uuid.UUID, digests []uuid.UUID, each func(digest uuid.UUID, item notification.Item)) {
	// notification_digest; for lists see Relatives
	const items = `
SELECT digest_id, task_id, kind, title, body, content, resolved_at FROM unnest($2::uuid[]) AS asked (digest), LATERAL (
  SELECT * FROM notification WHERE user_id = $1 AND digest_id = asked.digest OFFSET 0) AS n
ORDER BY digest_id, resolved_at IS NOT NULL, due_at, id`
	b.Queue(items, user, digests).Query(func(rows pgx.Rows) error {
		var digest uuid.UUID
		var item notification.Item
		_, err := pgx.ForEachRow(rows, []any{&digest, &item.TaskID, &item.Kind, &item.Title, &item.Body, &item.Content, &item.ResolvedAt}, func() error {
			each(digest, item)
			item = notification.Item{}
			return nil
		})
		return err
	})
}

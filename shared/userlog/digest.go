package userlog

import (
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/notification"
)

// QueueItems reads the first notification.MaxListed reminders of digests of a user, in the order of the digests: of each those that
// are not resolved first, then by when they are due.
func QueueItems(b *pgx.Batch, user uuid.UUID, digests []uuid.UUID, each func(digest uuid.UUID, item notification.Item)) {
	// notification_digest; for lists see Relatives
	const items = `
SELECT digest_id, task_id, kind, title, body, content, resolved_at FROM unnest($2::uuid[]) WITH ORDINALITY AS asked (digest, place), LATERAL (
  SELECT * FROM notification WHERE user_id = $1 AND digest_id = asked.digest ORDER BY resolved_at IS NOT NULL, due_at, id LIMIT $3) AS n
ORDER BY place, resolved_at IS NOT NULL, due_at, id`
	b.Queue(items, user, digests, notification.MaxListed).Query(func(rows pgx.Rows) error {
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

// QueueDue reads the tasks of digests of a user that are still due, without the given tasks, into due: all are counted, and the
// first are read by when they are due. A digest without such a task is not in due.
func QueueDue(b *pgx.Batch, user uuid.UUID, digests, without []uuid.UUID, due map[uuid.UUID]notification.Due) {
	// notification_digest; for lists see Relatives
	const tasks = `
SELECT asked.digest, n.task_id, n.kind, n.title, n.body, n.overdue, n.upcoming, n.undated FROM unnest($2::uuid[]) AS asked (digest), LATERAL (
  SELECT *, count(*) FILTER (WHERE kind = 'overdue') OVER () AS overdue, count(*) FILTER (WHERE kind <> 'overdue') OVER () AS upcoming,
    count(*) FILTER (WHERE body = $4) OVER () AS undated
  FROM (
    SELECT DISTINCT ON (task_id) id, task_id, kind, title, body, due_at FROM notification
    WHERE user_id = $1 AND digest_id = asked.digest AND resolved_at IS NULL AND task_id <> ALL ($3)
    ORDER BY task_id, kind = 'overdue' DESC, due_at, id) AS each_task
  ORDER BY due_at, id LIMIT $5) AS n
ORDER BY asked.digest, n.due_at, n.id`
	if without == nil {
		without = []uuid.UUID{} // NULL would be no task at all
	}
	b.Queue(tasks, user, digests, without, notification.Undated, notification.MaxListed).Query(func(rows pgx.Rows) error {
		var digest uuid.UUID
		var item notification.Item
		var d notification.Due
		_, err := pgx.ForEachRow(rows, []any{&digest, &item.TaskID, &item.Kind, &item.Title, &item.Body, &d.Overdue, &d.Upcoming, &d.Undated}, func() error {
			d.First = append(due[digest].First, item)
			due[digest] = d
			return nil
		})
		return err
	})
}

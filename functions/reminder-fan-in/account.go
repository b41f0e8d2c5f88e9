package function

import (
	"context"

	cloudevents "github.com/cloudevents/sdk-go/v2"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/notice"
	"taskwire.dev/shared/notification"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
)

// tell creates the notification of a notice about the user's account.
func tell(ctx context.Context, log *userlog.Log, event cloudevents.Event) error {
	d, err := cloudevent.Data[notice.Data](event)
	if err != nil {
		return err
	}
	var fs fault.Fields
	if d.UserID == uuid.Nil {
		fs.Add("/user_id", "is required")
	}
	if d.NoticeID == uuid.Nil {
		fs.Add("/notice_id", "is required")
	}
	if err := fs.Err(); err != nil {
		return err
	}
	var n *notification.Notification
	notified := false
	_, err = log.Do(ctx, userlog.Change{
		User:  token.Principal{UserID: d.UserID},
		Cause: userlog.Cause{Consumer: name, Source: event.Source(), ID: event.ID()},
		Read: func(b *pgx.Batch) {
			n = nil
			// primary keys of account_notice and notification
			const query = `
SELECT title, body, content, EXISTS (SELECT FROM notification WHERE user_id = $1 AND id = $2) FROM account_notice WHERE user_id = $1 AND id = $2`
			b.Queue(query, d.UserID, d.NoticeID).Query(func(rows pgx.Rows) error {
				for rows.Next() {
					n = &notification.Notification{ID: d.NoticeID, Kind: notification.Account}
					if err := rows.Scan(&n.Title, &n.Body, &n.Content, &notified); err != nil {
						return err
					}
				}
				return rows.Err()
			})
		},
		Apply: func(tx *userlog.Tx) error {
			if n == nil {
				return errNotDue // any client of the broker can write an event
			}
			if notified {
				return nil
			}
			n.CreatedAt = tx.Now
			const add = `
INSERT INTO notification (user_id, id, kind, task_id, time_window, due_at, title, body, content, created_at)
VALUES ($1, $2, $3, '00000000-0000-0000-0000-000000000000', '', $6, $4, $5, $7, $6)`
			tx.Queue(add, d.UserID, n.ID, n.Kind, n.Title, n.Body, n.CreatedAt, n.Content)
			tx.Append(notification.Event(notification.Created, n))
			return nil
		},
	})
	return orNotDue(err)
}

// Package notice is how a user is notified of what happened to the account: a sign-in from a new device, a new access token,
// another password. A notice is committed with its cause, and reminder-fan-in makes a notification of it.
package notice

import (
	"context"
	"time"

	cloudevents "github.com/cloudevents/sdk-go/v2"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/clock"
	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/notification"
	"taskwire.dev/shared/telemetry"
	"taskwire.dev/shared/userlog"
)

// EventType is the type of the event of a notice. It is on the topic of the reminders, since it has the same consumer.
const EventType = "account.notice"

// schema describes its data.
const schema = "account-notice.v1.json"

// Notice is one notice.
type Notice struct {
	ID     uuid.UUID // of the event and of the notification; UUIDv7
	UserID uuid.UUID
	Title  string
	Body   string
	// Content is what both say, for clients that say it in another language.
	Content *notification.Content
	At      time.Time
}

// Data is the data of its event. The text is in the database only: any client of the broker can write an event.
type Data struct {
	UserID   uuid.UUID `json:"user_id"`
	NoticeID uuid.UUID `json:"notice_id"`
}

// Queue adds the notice and its event to a transaction.
func (n Notice) Queue(ctx context.Context, b *pgx.Batch) error {
	b.Queue(`INSERT INTO account_notice (user_id, id, title, body, content, created_at) VALUES ($1, $2, $3, $4, $6, $5)`, n.UserID, n.ID, n.Title, n.Body, n.At, n.Content)
	return QueueEvents(ctx, b, n.UserID, n.ID)
}

// QueueEvents adds the events of notices of a user to a transaction. Events of notices that had theirs before have the same source
// and id, by which consumers know them.
func QueueEvents(ctx context.Context, b *pgx.Batch, user uuid.UUID, ids ...uuid.UUID) error {
	var out userlog.Outgoing
	for _, id := range ids {
		payload, err := encode(ctx, user, id)
		if err != nil {
			return err
		}
		out.Add(user, cloudevent.TopicReminders, payload)
	}
	out.Queue(b)
	return nil
}

func encode(ctx context.Context, user, id uuid.UUID) ([]byte, error) {
	event := cloudevents.NewEvent()
	event.SetID(id.String())
	event.SetSource("/users/" + user.String() + "/account")
	event.SetType(EventType)
	event.SetTime(clock.Now())
	event.SetDataSchema(cloudevent.SchemaBase + schema)
	event.SetExtension("partitionkey", user.String())
	event.SetExtension(telemetry.HeaderTraceparent, telemetry.Traceparent(ctx))
	if err := event.SetData(cloudevents.ApplicationJSON, Data{user, id}); err != nil {
		return nil, err
	}
	return event.MarshalJSON()
}

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
	At     time.Time
}

// Data is the data of its event. The text is in the database only: any client of the broker can write an event.
type Data struct {
	UserID   uuid.UUID `json:"user_id"`
	NoticeID uuid.UUID `json:"notice_id"`
}

// Queue adds the notice and its event to a transaction.
func (n Notice) Queue(ctx context.Context, b *pgx.Batch) error {
	event := cloudevents.NewEvent()
	event.SetID(n.ID.String())
	event.SetSource("/users/" + n.UserID.String() + "/account")
	event.SetType(EventType)
	event.SetTime(clock.Now())
	event.SetDataSchema(cloudevent.SchemaBase + schema)
	event.SetExtension("partitionkey", n.UserID.String())
	event.SetExtension(telemetry.HeaderTraceparent, telemetry.Traceparent(ctx))
	if err := event.SetData(cloudevents.ApplicationJSON, Data{n.UserID, n.ID}); err != nil {
		return err
	}
	payload, err := event.MarshalJSON()
	if err != nil {
		return err
	}
	b.Queue(`INSERT INTO account_notice (user_id, id, title, body, created_at) VALUES ($1, $2, $3, $4, $5)`, n.UserID, n.ID, n.Title, n.Body, n.At)
	var out userlog.Outgoing
	out.Add(n.UserID, cloudevent.TopicReminders, payload)
	out.Queue(b)
	return nil
}

// StateChanged returns the text of a notice about an account that an operator has disabled or enabled. Its user reads both when the
// account is enabled again.
func StateChanged(disabled bool) (title, body string) {
	if disabled {
		return "Account disabled", "An administrator disabled this account. All sessions and access tokens ended; tasks and reminders stayed."
	}
	return "Account enabled", "An administrator enabled this account again. Access tokens have to be created anew in the settings."
}

// RoleChanged returns the text of a notice about an account that has become an administrator's, or no longer is.
func RoleChanged(admin bool) (title, body string) {
	if admin {
		return "You are an administrator", "This account can now manage users and the event pipeline, as soon as you reload the page."
	}
	return "No longer an administrator", "This account can no longer manage users and the event pipeline, and all its sessions have ended."
}

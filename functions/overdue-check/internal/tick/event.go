package tick

import (
	"encoding/json"
	"fmt"
	"time"

	cloudevents "github.com/cloudevents/sdk-go/v2"
	"github.com/google/uuid"

	"taskwire.dev/shared/clock"
	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/reminder"
	"taskwire.dev/shared/telemetry"
	"taskwire.dev/shared/userlog"
)

// outgoing returns the CloudEvents of reminders, which are grouped by user: one for each reminder, or one for all of a
// user's if they are more than a few, or the rest of more than a few.
func outgoing(send []*reminder.Reminder, rest map[uuid.UUID]bool, tick time.Time, traceparent string) (out userlog.Outgoing, err error) {
	for _, of := range byUser(send) {
		user := of[0].UserID
		if len(of) <= reminder.Few && !rest[user] {
			for _, r := range of {
				payload, err := structured(user, r.ID, r.Kind, r.TaskID, "reminder.v1.json", r, traceparent)
				if err != nil {
					return out, err
				}
				out.Add(user, cloudevent.TopicReminders, payload)
			}
			continue
		}
		d := reminder.DigestOf(tick, of)
		payload, err := structured(user, d.EventID(), reminder.DigestKind, uuid.Nil, "reminder-digest.v1.json", d, traceparent)
		if err != nil {
			return out, err
		}
		out.Add(user, cloudevent.TopicReminders, payload)
	}
	return out, nil
}

func byUser(send []*reminder.Reminder) (groups [][]*reminder.Reminder) {
	for i, r := range send {
		if i == 0 || r.UserID != send[i-1].UserID {
			groups = append(groups, nil)
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], r)
	}
	return groups
}

// structured returns the CloudEvent of one or several reminders. It has no sequence, because reminders do not change
// tasks, and a subject only if it is about one task.
func structured(user, id uuid.UUID, kind string, about uuid.UUID, schema string, of any, traceparent string) ([]byte, error) {
	data, err := json.Marshal(of)
	if err != nil {
		return nil, fmt.Errorf("encoding a reminder: %w", err)
	}
	event := cloudevents.NewEvent()
	event.SetID(id.String())
	event.SetSource("/users/" + user.String() + "/tasks")
	event.SetType(reminder.EventPrefix + kind)
	if about != uuid.Nil {
		event.SetSubject(about.String())
	}
	event.SetTime(clock.Now())
	event.SetDataSchema(cloudevent.SchemaBase + schema)
	event.SetExtension("partitionkey", user.String())
	event.SetExtension(telemetry.HeaderTraceparent, traceparent)
	event.SetDataContentType(cloudevents.ApplicationJSON)
	event.DataEncoded = data // SetData would treat bytes as binary data
	return event.MarshalJSON()
}

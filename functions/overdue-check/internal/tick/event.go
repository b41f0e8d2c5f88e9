package tick

import (
	"encoding/json"
	"fmt"

	cloudevents "github.com/cloudevents/sdk-go/v2"

	"taskwire.dev/shared/clock"
	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/reminder"
	"taskwire.dev/shared/telemetry"
)

// structured returns the CloudEvent of a reminder. It has no sequence, because reminders do not change tasks.
func structured(r *reminder.Reminder, traceparent string) ([]byte, error) {
	data, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("encoding a reminder: %w", err)
	}
	event := cloudevents.NewEvent()
	event.SetID(r.ID.String())
	event.SetSource("/users/" + r.UserID.String() + "/tasks")
	event.SetType(reminder.EventPrefix + r.Kind)
	event.SetSubject(r.TaskID.String())
	event.SetTime(clock.Now())
	event.SetDataSchema(cloudevent.SchemaBase + "reminder.v1.json")
	event.SetExtension("partitionkey", r.UserID.String())
	event.SetExtension(telemetry.HeaderTraceparent, traceparent)
	event.SetDataContentType(cloudevents.ApplicationJSON)
	event.DataEncoded = data // SetData would treat bytes as binary data
	return event.MarshalJSON()
}

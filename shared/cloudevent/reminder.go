package cloudevent

import (
	"encoding/json"
	"fmt"

	cloudevents "github.com/cloudevents/sdk-go/v2"

	"taskwire.dev/shared/clock"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/reminder"
	"taskwire.dev/shared/tracecontext"
)

// TopicReminders is the topic of reminders.
const TopicReminders = "reminders"

// reminderType is the type of the event that tells of a reminder of a kind.
const reminderType = "reminder."

// Reminder returns the structured CloudEvent that tells of r. It has no sequence: reminders are no changes of tasks.
func Reminder(r *reminder.Reminder, traceparent string) ([]byte, error) {
	data, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("encoding a reminder: %w", err)
	}
	event := cloudevents.NewEvent()
	event.SetID(r.ID.String())
	event.SetSource("/users/" + r.UserID.String() + "/tasks")
	event.SetType(reminderType + r.Kind)
	event.SetSubject(r.TaskID.String())
	event.SetTime(clock.Now())
	event.SetDataSchema(schemaBase + "reminder.v1.json")
	event.SetExtension("partitionkey", r.UserID.String())
	event.SetExtension(tracecontext.Header, traceparent)
	event.SetDataContentType(cloudevents.ApplicationJSON)
	event.DataEncoded = data // SetData would take bytes for binary data
	return event.MarshalJSON()
}

// ReadReminder reads what Reminder wrote. false says that the event is none that this version knows.
func ReadReminder(event cloudevents.Event) (reminder.Reminder, bool, error) {
	var r reminder.Reminder
	switch event.Type() {
	case reminderType + reminder.Upcoming:
		r.Kind = reminder.Upcoming
	case reminderType + reminder.Overdue:
		r.Kind = reminder.Overdue
	default:
		return r, false, nil
	}
	if err := json.Unmarshal(event.Data(), &r); err != nil {
		return r, true, fault.Wrap(fault.Malformed, err, "the data is no reminder")
	}
	return r, true, r.Check()
}

package cloudevent

import (
	"encoding/json"
	"fmt"

	cloudevents "github.com/cloudevents/sdk-go/v2"

	"taskwire.dev/shared/clock"
	"taskwire.dev/shared/reminder"
)

// TopicReminders is the topic of reminders.
const TopicReminders = "reminders"

// reminderType is the prefix of the types of reminder events; the kind follows.
const reminderType = "reminder."

// Reminder returns the structured CloudEvent of r. It has no sequence, because reminders do not change tasks.
func Reminder(r *reminder.Reminder, traceparent string) ([]byte, error) {
	data, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("encoding a reminder: %w", err)
	}
	event := userEvent(r.ID, r.UserID, reminderType+r.Kind, clock.Now(), "reminder.v1.json", traceparent, data)
	event.SetSubject(r.TaskID.String())
	return event.MarshalJSON()
}

// ReadReminder decodes an event of Reminder. It returns false if this version does not know the event.
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
	kind := r.Kind
	r, err := Data[reminder.Reminder](event)
	if err != nil {
		return r, true, err
	}
	r.Kind = kind
	return r, true, r.Check()
}

package task

import (
	"encoding/json"
	"time"

	"taskwire.dev/shared/wallclock"
)

// Reminder is one entry of a task's reminders: an ISO 8601 duration before the task is due, or a moment in RFC 3339,
// which is an object in JSON: {"at": "2026-12-01T08:00:00Z"}.
type Reminder string

// ReminderAt returns the reminder at a moment.
func ReminderAt(t time.Time) Reminder { return Reminder(t.UTC().Format(time.RFC3339Nano)) }

// At returns the moment, unless the reminder is a duration.
func (r Reminder) At() (time.Time, bool) {
	if r == "" || r[0] == 'P' {
		return time.Time{}, false
	}
	t, err := time.Parse(time.RFC3339Nano, string(r))
	return t, err == nil
}

// MoveDays returns the reminder of a task that is due that many days later: a moment moves with it, as wallclock.MoveDays does, and a
// duration stays.
func (r Reminder) MoveDays(days int, zone *time.Location) Reminder {
	if at, ok := r.At(); ok {
		return ReminderAt(wallclock.MoveDays(at, days, zone))
	}
	return r
}

type reminderAt struct {
	At string `json:"at"`
}

// MarshalJSON returns the duration, or the object with the moment.
func (r Reminder) MarshalJSON() ([]byte, error) {
	if _, ok := r.At(); ok {
		return json.Marshal(reminderAt{string(r)})
	}
	return json.Marshal(string(r))
}

// UnmarshalJSON is the opposite of MarshalJSON.
func (r *Reminder) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '{' {
		var at reminderAt
		err := json.Unmarshal(b, &at)
		*r = Reminder(at.At)
		return err
	}
	return json.Unmarshal(b, (*string)(r))
}

// CanRemind reports whether the task has something to remind of while it is open: a due date, or a reminder at a moment.
func (t *Task) CanRemind() bool {
	if t.DueAt != nil || t.DueDate != nil {
		return true
	}
	for _, r := range t.Reminders {
		if _, ok := r.At(); ok {
			return true
		}
	}
	return false
}

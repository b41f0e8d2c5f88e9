package function

import (
	"strings"
	"time"

	cloudevents "github.com/cloudevents/sdk-go/v2"
	"github.com/google/uuid"

	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/reminder"
	"taskwire.dev/shared/task"
)

// readReminder decodes the event of a reminder. It returns false if this version does not know the event.
func readReminder(event cloudevents.Event) (reminder.Reminder, bool, error) {
	kind, ok := strings.CutPrefix(event.Type(), reminder.EventPrefix)
	if !ok || kind != reminder.Upcoming && kind != reminder.Overdue {
		return reminder.Reminder{}, false, nil
	}
	r, err := cloudevent.Data[reminder.Reminder](event)
	if err != nil {
		return r, true, err
	}
	r.Kind = kind
	return r, true, check(r)
}

// check returns a fault unless r is complete.
func check(r reminder.Reminder) error {
	var fs fault.Fields
	if r.UserID == uuid.Nil {
		fs.Add("/user_id", "is required")
	}
	if r.TaskID == uuid.Nil {
		fs.Add("/task_id", "is required")
	}
	_, atMoment := task.Reminder(r.Window).At()
	atMoment = atMoment && r.Kind == reminder.Upcoming
	if r.DueAt == nil && r.DueDate == nil && !atMoment {
		fs.Add("/due_at", "is required, unless there is a due_date")
	}
	if atMoment {
		return fs.Err()
	}
	if r.Kind == reminder.Upcoming {
		task.CheckDuration(&fs, "/window", r.Window, task.MaxReminder)
	} else if _, err := time.Parse(time.DateOnly, r.Window); err != nil {
		fs.Add("/window", "must be a day")
	}
	return fs.Err()
}

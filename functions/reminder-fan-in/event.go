package function

import (
	"fmt"
	"strings"
	"time"

	cloudevents "github.com/cloudevents/sdk-go/v2"
	"github.com/google/uuid"

	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/reminder"
	"taskwire.dev/shared/task"
)

// delivery is what one event says: a reminder, or all those of a tick for one user.
type delivery struct {
	source, id string
	user       uuid.UUID
	reminders  []reminder.Reminder
	digest     uuid.UUID // the id of their notification if they are more than a few
	tick       time.Time
}

// read decodes an event of reminders. It returns false if this version does not know the event.
func read(event cloudevents.Event) (delivery, bool, error) {
	switch kind := strings.TrimPrefix(event.Type(), reminder.EventPrefix); {
	case kind == event.Type():
		return delivery{}, false, nil
	case kind == reminder.Upcoming || kind == reminder.Overdue:
		d, err := readOne(event, kind)
		return d, true, err
	case kind == reminder.DigestKind:
		d, err := readDigest(event)
		return d, true, err
	default:
		return delivery{}, false, nil
	}
}

func readOne(event cloudevents.Event, kind string) (delivery, error) {
	r, err := cloudevent.Data[reminder.Reminder](event)
	if err != nil {
		return delivery{}, err
	}
	r.Kind = kind
	var fs fault.Fields
	check(&fs, r, "")
	return delivery{source: event.Source(), id: event.ID(), user: r.UserID, reminders: []reminder.Reminder{r}}, fs.Err()
}

// maxReminders is more than one event of overdue-check has.
const maxReminders = 1000

// readDigest also compares the event's id with its contents: another event with the same id would keep this one from
// being handled.
func readDigest(event cloudevents.Event) (delivery, error) {
	d, err := cloudevent.Data[reminder.Digest](event)
	if err != nil {
		return delivery{}, err
	}
	var fs fault.Fields
	if len(d.Reminders) == 0 || len(d.Reminders) > maxReminders {
		fs.Add("/reminders", "must have 1 to %d entries", maxReminders)
		return delivery{}, fs.Err()
	}
	all := d.All()
	for i, r := range all {
		if r.Kind != reminder.Upcoming && r.Kind != reminder.Overdue {
			fs.Add(fmt.Sprintf("/reminders/%d/kind", i), "must be %s or %s", reminder.Upcoming, reminder.Overdue)
			continue
		}
		check(&fs, r, fmt.Sprintf("/reminders/%d", i))
	}
	if err := fs.Err(); err != nil {
		return delivery{}, err
	}
	if event.ID() != d.EventID().String() {
		fs.Add("/id", "is not the id of these reminders")
	}
	return delivery{source: event.Source(), id: event.ID(), user: d.UserID, reminders: all, digest: d.ID(), tick: d.Tick}, fs.Err()
}

// check adds what is missing of the reminder at a pointer.
func check(fs *fault.Fields, r reminder.Reminder, at string) {
	if r.UserID == uuid.Nil {
		fs.Add("/user_id", "is required")
	}
	if r.TaskID == uuid.Nil {
		fs.Add(at+"/task_id", "is required")
	}
	_, atMoment := task.Reminder(r.Window).At()
	atMoment = atMoment && r.Kind == reminder.Upcoming
	if r.DueAt == nil && r.DueDate == nil && !atMoment {
		fs.Add(at+"/due_at", "is required, unless there is a due_date")
	}
	if atMoment {
		return
	}
	if r.Kind == reminder.Upcoming {
		task.CheckDuration(fs, at+"/window", r.Window, task.MaxReminder)
	} else if _, err := time.Parse(time.DateOnly, r.Window); err != nil {
		fs.Add(at+"/window", "must be a day")
	}
}

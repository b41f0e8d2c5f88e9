package reminder

import (
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/task"
)

// Reminder is one reminder to a user, and the data of its CloudEvent.
type Reminder struct {
	ID       uuid.UUID `json:"-"`
	Kind     string    `json:"-"`
	Epoch    string    `json:"-"` // of the user's log when it is sent; empty on received reminders
	TaskID   uuid.UUID `json:"task_id"`
	UserID   uuid.UUID `json:"user_id"`
	Title    string    `json:"title"`
	DueAt    time.Time `json:"due_at"`
	Window   string    `json:"window"` // for Upcoming the duration before DueAt, for Overdue the local day
	RemindAt time.Time `json:"remind_at"`
}

// Check returns a fault unless r is complete, for reminders from another process.
func (r Reminder) Check() error {
	var fs fault.Fields
	if r.UserID == uuid.Nil {
		fs.Add("/user_id", "is required")
	}
	if r.TaskID == uuid.Nil {
		fs.Add("/task_id", "is required")
	}
	if r.DueAt.IsZero() {
		fs.Add("/due_at", "is required")
	}
	if r.Kind == Upcoming {
		task.CheckDuration(&fs, "/window", r.Window, task.MaxReminder)
	} else if _, err := time.Parse(time.DateOnly, r.Window); err != nil {
		fs.Add("/window", "must be a day")
	}
	return fs.Err()
}

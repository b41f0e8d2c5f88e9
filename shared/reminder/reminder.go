package reminder

import (
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/task"
)

// Reminder is one reminder to a user, and the data of its CloudEvent.
type Reminder struct {
	ID       uuid.UUID  `json:"-"`
	Kind     string     `json:"-"`
	Epoch    string     `json:"-"` // of the user's log when it is sent; empty on received reminders
	TaskID   uuid.UUID  `json:"task_id"`
	UserID   uuid.UUID  `json:"user_id"`
	Title    string     `json:"title"`
	DueAt    *time.Time `json:"due_at"`
	DueDate  *task.Date `json:"due_date"`
	Window   string     `json:"window"` // for Upcoming the duration before the task is due or the moment, for Overdue the local day
	RemindAt time.Time  `json:"remind_at"`
}

// Key identifies what the reminder is sent for, as in the ledger: once for a due date, or for a moment.
func (r Reminder) Key() time.Time {
	if at, ok := task.Reminder(r.Window).At(); ok && r.Kind == Upcoming {
		return at
	}
	if r.DueAt == nil && r.DueDate == nil {
		return time.Time{}
	}
	return Due{At: r.DueAt, On: r.DueDate}.Key()
}

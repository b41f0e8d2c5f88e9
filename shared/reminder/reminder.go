package reminder

import (
	"time"

	"github.com/google/uuid"
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

// Package notification describes notifications: a task is due soon, or was due. They are made from reminders, and are part
// of the user's log, so that open screens receive them in order with everything else.
package notification

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/task"
)

// Notification is one as its user sees it.
type Notification struct {
	ID         uuid.UUID  `json:"id"`
	Kind       string     `json:"kind"` // reminder.Upcoming or reminder.Overdue
	TaskID     uuid.UUID  `json:"task_id"`
	Title      string     `json:"title"`
	Body       string     `json:"body"`
	CreatedAt  time.Time  `json:"created_at"` // or when it came back
	ReadAt     *time.Time `json:"read_at"`
	ResolvedAt *time.Time `json:"resolved_at"` // since when its task is done, deleted or no longer due then; it counts as read
	// SnoozedUntil is set while the notification is away.
	SnoozedUntil *time.Time `json:"snoozed_until,omitempty"`
}

// What the log says of notifications.
const (
	Created task.EventType = "notification.created" // or it has come back
	Read    task.EventType = "notification.read"    // one, or all that were there; or one was snoozed or resolved
)

// Event returns the audit event about a notification as it is now, or about all of them when that is nil.
func Event(kind task.EventType, n *Notification) *task.Event {
	e := &task.Event{EventType: kind, ChangedFields: map[string]task.Change{}}
	if n != nil {
		e.TaskID = n.TaskID
		e.Notification, _ = json.Marshal(n) // a struct of plain values always marshals
	}
	return e
}

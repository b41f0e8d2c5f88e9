// Package notification describes notifications: a task is due soon, or was due, or several are, or something happened to the
// account. They are made from reminders and notices, and are part of the user's log, so that open screens receive them in order
// with everything else.
package notification

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/task"
)

// Account is the kind of a notification about the user's account (package notice), which is about no task.
const Account = "account"

// Notification is one as its user sees it.
type Notification struct {
	ID         uuid.UUID  `json:"id"`
	Kind       string     `json:"kind"`    // reminder.Upcoming, reminder.Overdue, reminder.DigestKind or Account
	TaskID     uuid.UUID  `json:"task_id"` // zero of a digest, and of Account; null in JSON
	Title      string     `json:"title"`
	Body       string     `json:"body"`
	Content    *Content   `json:"content,omitempty"` // nil of those from before it existed
	CreatedAt  time.Time  `json:"created_at"`        // or when it came back
	ReadAt     *time.Time `json:"read_at"`
	ResolvedAt *time.Time `json:"resolved_at"` // since when its task is done, deleted or no longer due then; it counts as read
	// SnoozedUntil is set while the notification is away.
	SnoozedUntil *time.Time `json:"snoozed_until,omitempty"`
	// TaskIDs are the tasks of a digest that are still due, and Reminders all its reminders; no more than MaxListed.
	TaskIDs   []uuid.UUID `json:"task_ids,omitempty" db:"-"`
	Reminders []Item      `json:"reminders,omitempty" db:"-"`
}

// MarshalJSON writes a null for the task of a notification that is about none: every notification has all that clients may read.
func (n Notification) MarshalJSON() ([]byte, error) {
	type fields Notification
	all := struct {
		fields
		TaskID *uuid.UUID `json:"task_id"`
	}{fields: fields(n)}
	if n.TaskID != uuid.Nil {
		all.TaskID = &n.TaskID
	}
	return json.Marshal(all)
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
		short := *n
		short.Reminders = nil                   // clients read the list when they show it; the log keeps each event for ever
		e.Notification, _ = json.Marshal(short) // a struct of plain values always marshals
	}
	return e
}

// Size returns about how many bytes the notification takes, without the lists of a digest.
func (n Notification) Size() int { return size(n.Title, n.Body, n.Content) }

// Resolve makes the notification resolved, and so read.
func (n *Notification) Resolve(now time.Time) {
	n.ResolvedAt = &now
	if n.ReadAt == nil {
		n.ReadAt = &now
	}
}

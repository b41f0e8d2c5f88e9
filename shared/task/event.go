package task

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/google/uuid"
)

// EventType is what happened to a task.
type EventType string

// What happens to tasks. An undo is one of these too.
const (
	Created   EventType = "task.created"
	Updated   EventType = "task.updated" // a reopening and a restoring too
	Completed EventType = "task.completed"
	Deleted   EventType = "task.deleted"
)

// ChangeType is the last word of the event type, as the live stream says it.
func (t EventType) ChangeType() string { return string(t)[strings.LastIndexByte(string(t), '.')+1:] }

// OfTask reports whether the event changed a task; the others are about notifications.
func (t EventType) OfTask() bool { return strings.HasPrefix(string(t), "task.") }

// Event is one entry of the audit log and, word for word, the data of the CloudEvent that tells of it.
//
// The log is the user's, not the tasks' alone: entries about notifications (package notification) stand in it too, so
// that all that open screens are told has one order. They change no task: Task is nil, ChangedFields is empty, and
// TaskID is that of the task which the notification is about, or zero.
type Event struct {
	ID            uuid.UUID         `json:"id"`
	Seq           int64             `json:"seq"` // per user, from 1, without gaps, in commit order
	EventType     EventType         `json:"event_type"`
	TaskID        uuid.UUID         `json:"task_id"`
	UserID        uuid.UUID         `json:"user_id"`
	Actor         string            `json:"actor"` // "user:<id>", "token:<id>", "assistant:<name>/<token id>", "system:<function>"
	Time          time.Time         `json:"time"`
	Task          *Task             `json:"task"` // as the change left it; nil when it is deleted
	ChangedFields map[string]Change `json:"changed_fields"`
	Traceparent   string            `json:"-"`
	Next          *Next             `json:"-"` // of the completion of an occurrence only; not kept in the log

	// Notification is what an entry about one tells of it, in JSON.
	Notification json.RawMessage `json:"notification,omitempty"`

	row      *Task
	snapshot json.RawMessage
	changes  json.RawMessage
}

// Row returns the task as the change left it, deleted or not, for whoever keeps it.
func (e Event) Row() *Task { return e.row }

// Snapshot returns Task in JSON. A ledger encodes it once; it goes into the audit log, the CloudEvent and the answer.
func (e Event) Snapshot() json.RawMessage { return encoded(e.snapshot, e.Task) }

// Changes returns ChangedFields in JSON, which a ledger encodes once as well.
func (e Event) Changes() json.RawMessage { return encoded(e.changes, e.ChangedFields) }

func encoded(already json.RawMessage, v any) json.RawMessage {
	if already == nil {
		already, _ = json.Marshal(v) // plain values always marshal
	}
	return already
}

// Change is one field before and after.
type Change struct {
	From any `json:"from"`
	To   any `json:"to"`
}

// ChangedNames lists the names of the changed fields in the order in which a task has them.
func (e Event) ChangedNames() []string {
	names := []string{}
	for _, f := range fields {
		if _, ok := e.ChangedFields[f.name]; ok {
			names = append(names, f.name)
		}
	}
	if _, ok := e.ChangedFields[fieldDeleted]; ok {
		names = append(names, fieldDeleted)
	}
	return names
}

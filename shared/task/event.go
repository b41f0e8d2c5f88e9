package task

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/google/uuid"
)

// EventType is the type of an audit event.
type EventType string

// The types of task events. An undo records one of these too.
const (
	Created   EventType = "task.created"
	Updated   EventType = "task.updated" // also for reopening and restoring
	Completed EventType = "task.completed"
	Deleted   EventType = "task.deleted"
)

// ChangeType is the last word of the event type, as used in the live stream.
func (t EventType) ChangeType() string { return string(t)[strings.LastIndexByte(string(t), '.')+1:] }

// OfTask reports whether the event changed a task; the others are about notifications, projects, sections, tags, saved views and
// comments.
func (t EventType) OfTask() bool { return strings.HasPrefix(string(t), "task.") }

// OfLabel reports whether the event is about a project, a section or a tag (package label).
func (t EventType) OfLabel() bool {
	kind, _, _ := strings.Cut(string(t), ".")
	return kind == "project" || kind == "section" || kind == "tag"
}

// OfView reports whether the event is about a saved view (package view).
func (t EventType) OfView() bool { return strings.HasPrefix(string(t), "view.") }

// OfComment reports whether the event is about a comment (package comment).
func (t EventType) OfComment() bool { return strings.HasPrefix(string(t), "comment.") }

// Event is one entry of the audit log and, unchanged, the data of its CloudEvent.
//
// The log belongs to the user, not to the tasks alone: it also has entries about notifications (package notification), projects,
// sections and tags (package label), saved views (package view), and comments (package comment), so that everything that open
// screens receive has one order. Task is nil in those. Of a notification ChangedFields is empty, and TaskID is the task that it is
// about, or zero. One entry about a label may change many tasks, and has no TaskID. Of a view or a comment ChangedFields has it
// before and after the change; a comment's TaskID is its task.
type Event struct {
	ID            uuid.UUID         `json:"id"`
	Seq           int64             `json:"seq"` // per user, from 1, without gaps, in commit order
	EventType     EventType         `json:"event_type"`
	TaskID        uuid.UUID         `json:"task_id"`
	UserID        uuid.UUID         `json:"user_id"`
	Actor         string            `json:"actor"` // "user:<id>", "token:<id>", "assistant:<name>/<token id>", "system:<function>"
	Time          time.Time         `json:"time"`
	Task          *Task             `json:"task"` // after the change; nil when it is deleted
	ChangedFields map[string]Change `json:"changed_fields"`
	Traceparent   string            `json:"-"`
	Next          *Next             `json:"-"` // only for the completion of an occurrence; not stored in the log

	// Continues is set on the creation of a task that continues a series. It is not stored in the log.
	Continues bool `json:"-"`

	// Notification is the JSON that an entry about a notification carries.
	Notification json.RawMessage `json:"notification,omitempty"`

	// Label is the JSON that an entry about a project, a section or a tag carries (label.Entry), and Relabeled the tasks of its relabels, one
	// list after the other.
	Label     json.RawMessage `json:"-"`
	Relabeled []uuid.UUID     `json:"-"`

	row      *Task
	snapshot json.RawMessage
	changes  json.RawMessage
}

// Row returns the task after the change, deleted or not, for storing it.
func (e Event) Row() *Task { return e.row }

// Snapshot returns Task in JSON. A ledger encodes it once; the audit log, the CloudEvent and the answer use it.
func (e Event) Snapshot() json.RawMessage { return encoded(e.snapshot, e.Task) }

// Changes returns ChangedFields in JSON, which a ledger also encodes once.
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

// Sides returns what a field was before and after, nil for nothing. It takes what an event from the database has, too.
func Sides[T any](c Change) (before, after *T, err error) {
	if before, err = side[T](c.From); err != nil {
		return nil, nil, err
	}
	after, err = side[T](c.To)
	return before, after, err
}

func side[T any](v any) (*T, error) {
	if v == nil {
		return nil, nil
	}
	encoded, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	var decoded T
	return &decoded, json.Unmarshal(encoded, &decoded)
}

// ChangedNames lists the names of the changed fields in the order of a task's fields.
func (e Event) ChangedNames() []string {
	names := []string{}
	for _, f := range Fields {
		if _, ok := e.ChangedFields[f.Name]; ok {
			names = append(names, f.Name)
		}
	}
	for _, name := range []string{FieldDeleted, FieldSeries, FieldPurged} {
		if _, ok := e.ChangedFields[name]; ok {
			names = append(names, name)
		}
	}
	return names
}

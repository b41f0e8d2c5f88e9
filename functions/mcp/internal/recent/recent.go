// Package recent is the context that an assistant starts from: the latest changes, and the counts of open tasks.
//
// It is computed from the events of task-events, and from the history, which has the same ones. The history is the
// source of truth: an event that arrives twice, late or never leaves a context that is older or shorter, but never a
// wrong one.
package recent

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/task"
)

// Limits of a context.
const (
	MaxChanges = 50
	maxTitle   = 200 // bytes
	maxValue   = 200
)

// Context is the state at sequence Seq of the user's log, which also contains notifications.
type Context struct {
	Seq     int64    `json:"seq"`
	From    int64    `json:"from"`           // all changes of tasks with a greater sequence are in Changes
	Changes []Change `json:"changes"`        // oldest first
	Open    *Open    `json:"open,omitempty"` // nil when a change has made it unknown
	// Built is when the context was read from the history.
	Built time.Time `json:"built"`
}

// Open counts the open tasks.
type Open struct {
	Total      int64            `json:"total"`
	ByPriority map[string]int64 `json:"by_priority"`
}

// Change is one change of a task.
type Change struct {
	Seq       int64                  `json:"seq"`
	EventID   uuid.UUID              `json:"event_id"`
	At        time.Time              `json:"at"`
	Actor     string                 `json:"actor"`
	Change    string                 `json:"change"` // created, updated, completed or deleted
	TaskID    uuid.UUID              `json:"task_id"`
	Title     string                 `json:"title"` // empty when the task is deleted and its title was not known
	Completed bool                   `json:"completed"`
	Priority  string                 `json:"priority"`
	Fields    map[string]FieldChange `json:"fields"`
}

// FieldChange has the values of a field before and after, long ones truncated.
type FieldChange struct {
	From json.RawMessage `json:"from"`
	To   json.RawMessage `json:"to"`
}

// Purged reports whether the change deleted a task for good, out of the trash; then it cannot be undone.
func (c Change) Purged() bool { return text(c.Fields[task.FieldPurged].To) == "true" }

// newChange returns the Change that an event describes.
func newChange(e task.Event) Change {
	c := Change{
		Seq: e.Seq, EventID: e.ID, At: e.Time, Actor: e.Actor, Change: e.EventType.ChangeType(), TaskID: e.TaskID,
		Fields: make(map[string]FieldChange, len(e.ChangedFields)),
	}
	if e.Task != nil {
		c.Title, c.Completed, c.Priority = Truncate(e.Task.Title, maxTitle), e.Task.Completed, e.Task.Priority.String()
	}
	for name, change := range e.ChangedFields {
		c.Fields[name] = FieldChange{truncated(change.From), truncated(change.To)}
	}
	return c
}

// truncated returns a value as JSON, or its beginning as a string.
func truncated(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err == nil && len(b) <= maxValue {
		return b
	}
	if s, ok := v.(string); ok {
		b = []byte(s)
	}
	b, _ = json.Marshal(Truncate(string(b), maxValue))
	return b
}

// Truncate shortens a text to at most n bytes, at a character boundary.
func Truncate(s string, n int) string {
	if len(s) <= n {
		return s
	}
	end := 0
	for i := range s {
		if i > n {
			break
		}
		end = i
	}
	return s[:end] + "…"
}

// isChange reports whether an event of the log is a change of a task.
func isChange(t task.EventType) bool { return strings.HasPrefix(string(t), "task.") }

// Apply adds the next event of the log and returns true. It ignores any other event, known or after a gap, and returns
// false.
func (c *Context) Apply(e task.Event) bool {
	if e.Seq != c.Seq+1 {
		return false
	}
	c.Seq = e.Seq
	if !isChange(e.EventType) {
		return true
	}
	next := newChange(e)
	c.count(&next)
	c.Changes = append(c.Changes, next)
	if extra := len(c.Changes) - MaxChanges; extra > 0 {
		c.From = c.Changes[extra-1].Seq
		c.Changes = append([]Change(nil), c.Changes[extra:]...)
	}
	return true
}

// count updates the counts of open tasks: it subtracts the task's former state and adds the new one.
func (c *Context) count(next *Change) {
	before, known := c.before(next)
	if next.Change == "deleted" {
		// The event no longer has the task.
		next.Title, next.Completed, next.Priority = before.Title, before.Completed, before.Priority
	}
	if next.Purged() { // a task in the trash is not counted
		return
	}
	if c.Open == nil {
		return
	}
	if !known {
		c.Open = nil
		return
	}
	open := Open{Total: c.Open.Total, ByPriority: make(map[string]int64, len(c.Open.ByPriority))}
	for name, n := range c.Open.ByPriority {
		open.ByPriority[name] = n
	}
	move := func(state Change, by int64) {
		if !state.Completed {
			open.Total += by
			open.ByPriority[state.Priority] += by
		}
	}
	if before.Change != absent {
		move(before, -1)
	}
	if next.Change != "deleted" {
		move(*next, +1)
	}
	c.Open = &open
}

// absent is the state of a task that did not exist.
const absent = "absent"

// before is the task's state before the change: from an earlier change, or from the change itself.
func (c *Context) before(next *Change) (state Change, known bool) {
	if next.Change == "created" || text(next.Fields["deleted"].From) == "true" { // a restored task was not counted
		return Change{Change: absent}, true
	}
	for i := len(c.Changes) - 1; i >= 0; i-- {
		if c.Changes[i].TaskID == next.TaskID {
			return c.Changes[i], true
		}
	}
	if next.Change == "deleted" {
		return Change{}, false
	}
	state = *next
	if f, changed := next.Fields["completed"]; changed {
		state.Completed = text(f.From) == "true"
	}
	if f, changed := next.Fields["priority"]; changed {
		if err := json.Unmarshal(f.From, &state.Priority); err != nil {
			return Change{}, false
		}
	}
	return state, true
}

func text(raw json.RawMessage) string { return string(raw) }

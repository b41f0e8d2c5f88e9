// Package comment is the comments on a user's tasks. Their changes are part of the user's log.
package comment

import (
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/task"
)

// The types of the events about comments.
const (
	Created task.EventType = "comment.created"
	Updated task.EventType = "comment.updated"
	Deleted task.EventType = "comment.deleted"
)

// Limits of the comments on a task.
const (
	Max     = 1000
	MaxText = 10_000 // characters
)

// Comment is a comment in its public form.
type Comment struct {
	ID        uuid.UUID  `json:"id"`
	TaskID    uuid.UUID  `json:"task_id"`
	Text      string     `json:"text"`  // Markdown, as a task's description
	Actor     string     `json:"actor"` // the author, as in the log
	CreatedAt time.Time  `json:"created_at"`
	EditedAt  *time.Time `json:"edited_at"` // of the last edit
}

// The changed fields of an event about a comment: the whole comment before and after, of which one can be null, and how many comments
// its task had and has.
const (
	field = "comment"
	count = "comments"
)

// Event returns the audit event of a change, after which the task has so many comments. The log has the whole comment before and after
// it, so that comments can be rebuilt from the log, and restored.
func Event(before, after *Comment, comments int) *task.Event {
	e := &task.Event{EventType: Updated}
	had := comments
	var change task.Change // not with a nil *Comment, which is no nil
	if before != nil {
		change.From, e.TaskID = before, before.TaskID
	} else {
		e.EventType, had = Created, comments-1
	}
	if after != nil {
		change.To, e.TaskID = after, after.TaskID
	} else {
		e.EventType, had = Deleted, comments+1
	}
	e.ChangedFields = map[string]task.Change{field: change}
	if had != comments {
		e.ChangedFields[count] = task.Change{From: had, To: comments}
	}
	return e
}

// Of returns the comment of an event, before and after the change.
func Of(e task.Event) (before, after *Comment, err error) {
	return task.Sides[Comment](e.ChangedFields[field])
}

// Count returns how many comments the task has after the event, if the event has changed that.
func Count(e task.Event) *int {
	switch n := e.ChangedFields[count].To.(type) {
	case int:
		return &n
	case float64: // from the database
		whole := int(n)
		return &whole
	default:
		return nil
	}
}

// Package history generates random histories of users: their requests to a running Taskwire, and the responses. It
// stores only the acknowledged responses, and the requests without one, so that package verdict can tell what must be
// there, and what may be.
package history

import (
	"strings"
	"time"

	"taskwire.dev/e2e/client"
)

// Types of the events that changes record.
const (
	Created   = "task.created"
	Updated   = "task.updated"
	Completed = "task.completed"
	Deleted   = "task.deleted"

	CommentCreated = "comment.created"
	CommentUpdated = "comment.updated"
	CommentDeleted = "comment.deleted"
	SectionCreated = "section.created"
	SectionUpdated = "section.updated"
	SectionDeleted = "section.deleted"
)

// State is what a user wrote into a task, a comment or a section. Equal states cannot be told apart. The section of a task is not in
// it, since a change of the section changes it too.
type State struct {
	Title                                  string // the text of a comment, the name of a section
	Description, Priority, Tags, Due, Rule string
	Position                               string // of a section
	Completed, Deleted                     bool
}

// StateOf reads it from a task as the API returns it; nil is a deleted one.
func StateOf(t *client.Task) State {
	if t == nil {
		return State{Deleted: true}
	}
	s := State{Title: t.Title, Description: t.Description, Priority: t.Priority, Tags: strings.Join(t.Tags, " "), Completed: t.Completed}
	if t.DueAt != nil {
		s.Due = t.DueAt.UTC().Format(time.RFC3339)
	}
	if t.Recurrence != nil {
		s.Rule = t.Recurrence.RRule
	}
	return s
}

// SectionOf returns the section of a task; "" is none.
func SectionOf(t *client.Task) string {
	if t == nil || t.Section == nil {
		return ""
	}
	return *t.Section
}

// Shown is the state as an event or a list shows it: empty for a deleted task.
func (s State) Shown() State {
	if s.Deleted {
		return State{Deleted: true}
	}
	return s
}

// Change is one requested change of one task, comment or section.
type Change struct {
	User string
	// Task is the id of the task, comment or section; "" for a creation whose response never came.
	Task string
	// Type is the type of its event.
	Type string
	// Want is the state that the task should have afterwards.
	Want State
	// Section is the section that it put a task into, "" for none; nil if it left that as it was.
	Section *string
	// Request groups the changes of one request: all of them happen, or none.
	Request int
	// Sent is before the first try, Answered after the response; zero while unknown.
	Sent, Answered time.Time
	// Reminded: the task is due so soon that its user must get a reminder, once.
	Reminded bool
}

// Acknowledged reports whether a response has confirmed it.
func (c *Change) Acknowledged() bool { return !c.Answered.IsZero() }

// kind is the kind of a thing, by which the types of its events begin.
type kind string

const (
	ofTask    kind = "task"
	ofComment kind = "comment"
	ofSection kind = "section"
)

// typeOf returns the type of the event of a change.
func typeOf(of kind, before *State, after State) string {
	switch {
	case before == nil:
		return string(of) + ".created"
	case after.Deleted:
		return string(of) + ".deleted"
	case !before.Deleted && !before.Completed && after.Completed:
		return Completed
	default:
		return string(of) + ".updated"
	}
}

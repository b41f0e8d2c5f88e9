// Package history makes random histories of users: what they ask of a running Taskwire, and what they were told. It keeps
// the acknowledged answers, and what was sent without one, and nothing else: so that package verdict can say what must
// be there, and what may be.
package history

import (
	"strings"
	"time"

	"taskwire.dev/e2e/client"
)

// Types of the events that a change makes.
const (
	Created   = "task.created"
	Updated   = "task.updated"
	Completed = "task.completed"
	Deleted   = "task.deleted"
)

// State is what a person wrote into a task. Two that are equal cannot be told apart.
type State struct {
	Title, Description, Priority, Tags, Due, Rule string
	Completed, Deleted                            bool
}

// StateOf reads it from a task as the API gives it; nil is a deleted one.
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

// Shown is the state as an event or a list shows it: of a deleted task nothing.
func (s State) Shown() State {
	if s.Deleted {
		return State{Deleted: true}
	}
	return s
}

// Change is one change of one task that was asked for.
type Change struct {
	User string
	// Task is the id; "" of a creation whose answer never came.
	Task string
	// Type is that of the event it makes.
	Type string
	// Want is what the task is to be afterwards.
	Want State
	// Request groups the changes that one request makes: all of them happen, or none.
	Request int
	// Sent is before the first try, Answered after the answer; zero while nothing is known.
	Sent, Answered time.Time
	// Reminded: the task is due so soon that its user must be told of it, once.
	Reminded bool
}

// Acknowledged reports whether an answer has said that it was done.
func (c *Change) Acknowledged() bool { return !c.Answered.IsZero() }

// typeOf is the type of the event of a change.
func typeOf(before *State, after State) string {
	switch {
	case before == nil:
		return Created
	case after.Deleted:
		return Deleted
	case !before.Deleted && !before.Completed && after.Completed:
		return Completed
	default:
		return Updated
	}
}

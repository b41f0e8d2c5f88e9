package task

import (
	"github.com/google/uuid"
)

// Replace replaces the contents of a task (PUT).
type Replace struct {
	ID    uuid.UUID
	Draft Draft
	Match Match
}

// Match reports whether a version is the one that the caller expects; nil matches any.
type Match func(version int64) error

func (m Match) check(t *Task) error {
	if m == nil {
		return nil
	}
	return m(t.Version)
}

// Needs reads the task and its new parent, and its series in case this completes or reopens it.
func (c Replace) Needs() Needs {
	needs := parentNeeds(c.Draft, c.ID)
	needs.Occurrences = true
	return needs
}

// Apply records task.completed when the task becomes complete, else task.updated, else nothing.
func (c Replace) Apply(l *Ledger) (Outcome, error) {
	before, err := l.task(c.ID)
	if err != nil {
		return Outcome{}, err
	}
	if err := c.Match.check(before); err != nil {
		return Outcome{}, err
	}
	if err := l.checkParent(c.ID, c.Draft.ParentID); err != nil {
		return Outcome{}, err
	}
	after := *before
	c.Draft.write(&after, l)
	return l.change(before, &after), nil
}

// change records the change from before to after.
func (l *Ledger) change(before, after *Task) Outcome {
	changes := Diff(before, after)
	if len(changes) == 0 {
		return Outcome{TaskID: before.ID, Task: before}
	}
	kind := Updated
	if after.Completed && !before.Completed {
		kind = Completed
	}
	if !before.Completed {
		after.leaveSeries(changes)
	}
	e := l.record(kind, before, after, changes)
	if before.Completed && !after.Completed {
		l.withdraw(SuccessorID(after.ID))
	}
	return Outcome{TaskID: after.ID, Task: e.Task, Event: e, Next: e.Next}
}

// Edit changes a task to what Draft returns for its current state, under the user's lock.
type Edit struct {
	ID        uuid.UUID
	Parent    *uuid.UUID // the parent that it may move the task to
	Completes bool       // it may complete or reopen it
	Match     Match
	Draft     func(current *Task, lastPosition string) (Draft, error)
}

// Needs reads the task and, when it may be moved, its new parent; when it may be completed or reopened, its series.
func (c Edit) Needs() Needs {
	needs := parentNeeds(Draft{ParentID: c.Parent}, c.ID)
	needs.Occurrences = c.Completes
	return needs
}

// Apply applies the draft as Replace does: an edited task follows the same rules.
func (c Edit) Apply(l *Ledger) (Outcome, error) {
	before, err := l.task(c.ID)
	if err != nil {
		return Outcome{}, err
	}
	if err := c.Match.check(before); err != nil {
		return Outcome{}, err
	}
	draft, err := c.Draft(before, l.LastPosition)
	if err != nil {
		return Outcome{}, err
	}
	if sameID(draft.ParentID, before.ParentID) {
		// Not moved: its family was not read, and needs no check.
		after := *before
		draft.write(&after, l)
		return l.change(before, &after), nil
	}
	return Replace{ID: c.ID, Draft: draft}.Apply(l)
}

func sameID(a, b *uuid.UUID) bool { return a == b || a != nil && b != nil && *a == *b }

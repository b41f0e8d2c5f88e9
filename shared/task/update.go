package task

import "github.com/google/uuid"

// Replace replaces the contents of a task (PUT).
type Replace struct {
	ID    uuid.UUID
	Draft Draft
	Match Match

	Scope     Scope       // ScopeThis or ScopeFollowing, of an occurrence; the default is ScopeFollowing
	MovesRule bool        // a moved due date also moves the day that the rule names, if the draft does not change the rule
	Restores  *Membership // for an undo: the membership in the series that the task had before
}

// Match reports whether a version is the one that the caller expects; nil matches any.
type Match func(version int64) error

// Check returns the fault of a version that is not expected.
func (m Match) Check(t *Task) error {
	if m == nil {
		return nil
	}
	return m(t.Version)
}

// Needs reads the task, its series in case this completes or reopens it, and what bounds the families of a move.
func (c Replace) Needs() Needs {
	needs := draftNeeds(c.Draft, c.ID)
	needs.Occurrences = true
	return needs
}

// Apply records task.completed when the task becomes complete, else task.updated, else nothing.
func (c Replace) Apply(l *Ledger) (Outcome, error) {
	before, err := l.Task(c.ID)
	if err != nil {
		return Outcome{}, err
	}
	if err := c.Match.Check(before); err != nil {
		return Outcome{}, err
	}
	// A task that is not moved needs no check, and an edit that does not move it has not read its family.
	if !sameID(c.Draft.ParentID, before.ParentID) {
		if err := l.checkParent(c.ID, c.Draft.ParentID); err != nil {
			return Outcome{}, err
		}
	}
	after := *before
	c.Draft.write(&after, l)
	l.fixZone(&after)
	changes, err := l.place(before, &after, c)
	if err != nil {
		return Outcome{}, err
	}
	return l.change(before, &after, changes), nil
}

// change records the change from before to after.
func (l *Ledger) change(before, after *Task, changes map[string]Change) Outcome {
	if len(changes) == 0 {
		return Outcome{TaskID: before.ID, Task: before}
	}
	kind := Updated
	if after.Completed && !before.Completed {
		kind = Completed
	}
	e := l.record(kind, before, after, changes)
	if before.Completed && !after.Completed {
		l.withdraw(SuccessorID(after.ID))
	}
	return Outcome{TaskID: after.ID, Task: e.Task, Event: e, Next: e.Next}
}

func sameID(a, b *uuid.UUID) bool { return a == b || a != nil && b != nil && *a == *b }

package task

import "github.com/google/uuid"

// Replace replaces the contents of a task (PUT).
type Replace struct {
	ID    uuid.UUID
	Draft Draft
	Match Match
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

// Needs reads the task and its new parent, and its series in case this completes or reopens it.
func (c Replace) Needs() Needs {
	needs := draftNeeds(c.Draft, c.ID)
	needs.Occurrences, needs.Timezone = true, c.Draft.zoneless()
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
	// A task that is not moved needs no check, and an edit has not read its family.
	if !sameID(c.Draft.ParentID, before.ParentID) {
		if err := l.checkParent(c.ID, c.Draft.ParentID); err != nil {
			return Outcome{}, err
		}
	}
	after := *before
	c.Draft.write(&after, l)
	l.fixZone(&after)
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

func sameID(a, b *uuid.UUID) bool { return a == b || a != nil && b != nil && *a == *b }

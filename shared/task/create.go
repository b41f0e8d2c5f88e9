package task

import "github.com/google/uuid"

// Create makes a new task.
type Create struct{ Draft Draft }

// Needs reads the parent, and the parent's ancestors to bound the depth.
func (c Create) Needs() Needs { return parentNeeds(c.Draft) }

// Apply records task.created. A task without a position goes to the end.
func (c Create) Apply(l *Ledger) (Outcome, error) {
	t := &Task{ID: l.NewID(), Version: 1, CreatedAt: l.Now}
	if err := l.checkParent(t.ID, c.Draft.ParentID); err != nil {
		return Outcome{}, err
	}
	c.Draft.write(t, l)
	if t.Position == "" {
		t.Position = PositionAfter(l.LastPosition)
	}
	e := l.record(Created, nil, t, Diff(nil, t))
	return Outcome{TaskID: t.ID, Task: e.Task, Event: e}, nil
}

func parentNeeds(d Draft, also ...uuid.UUID) Needs {
	if d.ParentID == nil {
		return Needs{Tasks: also}
	}
	return Needs{Tasks: append(also, *d.ParentID), Family: true}
}

// write puts the draft into t.
func (d Draft) write(t *Task, l *Ledger) {
	t.Title, t.Description, t.Priority, t.Project = d.Title, d.Description, d.Priority, d.Project
	t.Tags, t.DueAt, t.Timezone, t.Reminders = d.Tags, d.DueAt, d.Timezone, d.Reminders
	t.Recurrence, t.ParentID = d.Recurrence, d.ParentID
	if d.Position != "" {
		t.Position = d.Position
	}
	t.setCompleted(d.Completed, l)
}

func (t *Task) setCompleted(completed bool, l *Ledger) {
	if t.Completed == completed {
		return
	}
	t.Completed, t.CompletedAt = completed, nil
	if completed {
		t.CompletedAt = &l.Now
	}
}

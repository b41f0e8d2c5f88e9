package task

import (
	"github.com/google/uuid"

	"taskwire.dev/shared/fault"
)

// Create makes a new task.
type Create struct {
	ID    uuid.UUID // chosen by the client, a UUIDv7; zero lets the server choose
	Draft Draft
}

// Needs reads the parent, and the parent's ancestors to bound the depth.
func (c Create) Needs() Needs {
	needs := parentNeeds(c.Draft)
	if c.ID != uuid.Nil {
		needs.Chosen = []uuid.UUID{c.ID}
	}
	return needs
}

// Apply records task.created. A task without a position goes to the end. Creating the same task again, by its chosen
// id, returns the first outcome and records nothing.
func (c Create) Apply(l *Ledger) (Outcome, error) {
	id := c.ID
	switch first := l.created[id]; {
	case id == uuid.Nil:
		id = l.NewID()
	case first != nil:
		return c.repeat(first, l)
	case l.taken[id]:
		return Outcome{}, idTaken()
	}
	t := &Task{ID: id, Version: 1, CreatedAt: l.Now}
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

// repeat returns the first outcome if the task was created with the content of c. Later changes do not matter: a client
// that lost the response asks about its own request.
func (c Create) repeat(first *Event, l *Ledger) (Outcome, error) {
	requested := *first.Task
	c.Draft.write(&requested, l)
	if len(Diff(first.Task, &requested)) > 0 {
		return Outcome{}, idTaken()
	}
	return Outcome{TaskID: c.ID, Task: first.Task, Event: first}, nil
}

// idTaken returns the same fault for the user's own task and another user's.
func idTaken() error {
	return fault.New(fault.Conflict, "another task already has this id; choose a new one")
}

func parentNeeds(d Draft, also ...uuid.UUID) Needs {
	if d.ParentID == nil {
		return Needs{Tasks: also}
	}
	return Needs{Tasks: append(also, *d.ParentID), Family: true}
}

// write copies the draft into t.
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

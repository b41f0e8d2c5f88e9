package task

import (
	"github.com/google/uuid"

	"taskwire.dev/shared/fault"
)

// Create makes a new task.
type Create struct {
	ID    uuid.UUID // chosen by the client, a UUIDv7; zero lets the server choose
	Draft Draft
	Stamps
}

// Needs reads the parent's ancestors and the size of its family, to bound both.
func (c Create) Needs() Needs {
	needs := draftNeeds(c.Draft)
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
	t := &Task{ID: id}
	if err := l.checkParent(t.ID, c.Draft.ParentID); err != nil {
		return Outcome{}, err
	}
	c.Draft.write(t, l)
	if t.Position == "" {
		t.Position = PositionAfter(l.LastPosition)
	}
	c.Stamps.write(t, l.Now)
	e := l.create(t)
	return Outcome{TaskID: t.ID, Task: e.Task, Event: e}, nil
}

// repeat returns the first outcome if the task was created with the content of c. Later changes do not matter: a client
// that lost the response asks about its own request.
func (c Create) repeat(first *Event, l *Ledger) (Outcome, error) {
	requested := *first.Task
	// A ledger that knows no names: the task is compared with how it was created, and its names may have been changed or deleted since.
	c.Draft.write(&requested, &Ledger{Now: l.Now})
	if requested.sameNames(first.Task) {
		requested.Project, requested.Section, requested.Tags = first.Task.Project, first.Task.Section, first.Task.Tags
	}
	if c.Draft.zoneless() {
		requested.Timezone = first.Task.Timezone // the user's zone at that time
	}
	if len(Diff(first.Task, &requested)) > 0 || !c.Stamps.same(first.Task) {
		return Outcome{}, idTaken()
	}
	return Outcome{TaskID: c.ID, Task: first.Task, Event: first}, nil
}

// idTaken returns the same fault for the user's own task and another user's.
func idTaken() error {
	return fault.New(fault.Conflict, "another task already has this id; choose a new one")
}

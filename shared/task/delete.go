package task

import (
	"slices"

	"github.com/google/uuid"

	"taskwire.dev/shared/fault"
)

// Delete deletes a task and its subtasks. They are kept, so that Restore can bring them back. Nothing follows a deleted
// occurrence, so its series ends with it; with ScopeThis it is skipped instead.
type Delete struct {
	ID    uuid.UUID
	Match Match
	Scope Scope // ScopeThis, ScopeSeries, or neither
}

// Needs reads the task and its subtasks, and its series in case this is a skip.
func (c Delete) Needs() Needs {
	return Needs{Tasks: []uuid.UUID{c.ID}, Family: true, Occurrences: c.Scope == ScopeThis}
}

// Apply records task.deleted for the task and for each of its subtasks.
func (c Delete) Apply(l *Ledger) (Outcome, error) {
	root, err := l.Task(c.ID)
	if err != nil {
		return Outcome{}, err
	}
	if err := c.Match.Check(root); err != nil {
		return Outcome{}, err
	}
	switch {
	case root.Recurrence == nil:
	case c.Scope == ScopeThis && !root.Completed:
		return l.skip(root), nil
	case c.Scope == ScopeSeries && root.Completed:
		return Outcome{}, fault.New(fault.Conflict, "this occurrence is completed: delete the open one to end the series")
	}
	below := l.Subtree(root, func(t *Task) bool { return t.DeletedAt == nil })[1:]
	e := l.remove(root)
	l.removeAll(below)
	return Outcome{TaskID: c.ID, Event: e}, nil
}

// removeAll records the deletion of tasks.
func (l *Ledger) removeAll(tasks []*Task) {
	for _, t := range tasks {
		l.changeWhole(t, func(whole *Task) { l.remove(whole) }, func(t *Task) { t.DeletedAt = &l.Now })
	}
}

// remove records the deletion of one task.
func (l *Ledger) remove(before *Task) *Event {
	after := *before
	after.DeletedAt = &l.Now
	return l.record(Deleted, before, &after, map[string]Change{FieldDeleted: {From: false, To: true}})
}

// Restore restores a deleted task, with the subtasks that were deleted with it. A task that is not deleted is left
// unchanged. If it was skipped, its successor is withdrawn, unless that was changed since. A subtask whose parent was passed over, and
// so is not in the trash, comes back without a parent.
type Restore struct{ ID uuid.UUID }

// Needs reads the task, its family and its series.
func (c Restore) Needs() Needs {
	return Needs{Tasks: []uuid.UUID{c.ID}, Family: true, Occurrences: true, Spellings: true, Preferences: true}
}

// Apply records task.updated for each restored task, and task.deleted for each withdrawn one.
func (c Restore) Apply(l *Ledger) (Outcome, error) {
	root := l.tasks[c.ID]
	if root == nil || root.Purged() {
		return Outcome{}, NotFound()
	}
	if root.DeletedAt == nil {
		return Outcome{TaskID: c.ID, Task: root}, nil
	}
	parent := root.ParentID
	if parent != nil {
		switch above := l.tasks[*parent]; {
		case above == nil || above.DeletedAt != nil && !l.passedOver(above):
			return Outcome{}, fault.New(fault.Conflict, "its parent task is deleted: restore that one")
		case above.DeletedAt != nil:
			parent = nil
		}
	}
	at := *root.DeletedAt
	below := l.Subtree(root, func(t *Task) bool { return t.DeletedAt != nil && t.DeletedAt.Equal(at) })[1:]
	e := l.restore(root, parent)
	for _, t := range below {
		l.changeWhole(t, func(whole *Task) { l.restore(whole, whole.ParentID) }, func(t *Task) { t.DeletedAt = nil })
	}
	if root.skipped() {
		l.withdraw(SuccessorID(root.ID))
	}
	return Outcome{TaskID: c.ID, Task: e.Task, Event: e}, nil
}

// passedOver reports whether a deleted task was skipped, or deleted with an occurrence that was.
func (l *Ledger) passedOver(t *Task) bool {
	for range MaxDepth {
		if t.skipped() {
			return true
		}
		if t.ParentID == nil {
			break
		}
		above := l.tasks[*t.ParentID]
		if above == nil || above.DeletedAt == nil || !above.DeletedAt.Equal(*t.DeletedAt) {
			break
		}
		t = above
	}
	return false
}

// restore records that a deleted task is restored, below that parent.
func (l *Ledger) restore(before *Task, parent *uuid.UUID) *Event {
	after := *before
	after.DeletedAt, after.ParentID = nil, parent
	l.respell(&after)
	changes := Diff(before, &after)
	changes[FieldDeleted] = Change{From: true, To: false}
	after.unskip(changes)
	return l.record(Updated, before, &after, changes)
}

// Subtree returns root and its descendants, parents before children. Tasks for which keep is false are left out, with
// all below them.
func (l *Ledger) Subtree(root *Task, keep func(*Task) bool) []*Task {
	children := map[uuid.UUID][]*Task{}
	for _, t := range l.tasks {
		if t.ParentID != nil && keep(t) {
			children[*t.ParentID] = append(children[*t.ParentID], t)
		}
	}
	out := []*Task{root}
	for i := 0; i < len(out); i++ {
		below := children[out[i].ID]
		slices.SortFunc(below, func(a, b *Task) int { return slices.Compare(a.ID[:], b.ID[:]) })
		out = append(out, below...)
	}
	return out
}

package task

import (
	"cmp"
	"slices"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/wallclock"
)

// Spawn creates the occurrence that follows a completed one. It uses the current state, not that in the event: run
// again it does nothing, and a task that was reopened has no successor.
type Spawn struct{ ID uuid.UUID }

// Needs reads the task, its subtasks and its series.
func (c Spawn) Needs() Needs { return Needs{Tasks: []uuid.UUID{c.ID}, Family: true, Occurrences: true} }

// Apply records task.created for the occurrence and each of its subtasks, or task.updated for one that existed before
// and is created again. It does not matter whether the completed task was deleted since: it is done, and its series
// goes on.
func (c Spawn) Apply(l *Ledger) (Outcome, error) {
	out := Outcome{TaskID: c.ID}
	done := l.tasks[c.ID]
	if done == nil || !done.Completed || done.Recurrence == nil || l.orphaned(done) {
		return out, nil
	}
	if done.SeriesID == nil { // completed before series had ids; it enters its series only here
		copied := *done
		done = &copied
		l.enterSeries(done)
	}
	next := l.next(done)
	id := SuccessorID(done.ID)
	if next.At == nil || !l.vacant(id, *done.CompletedAt) {
		return out, nil
	}
	t := done.again()
	t.ID, t.ParentID, t.DueAt = id, done.ParentID, next.At
	t.SeriesID, t.Occurrence = done.SeriesID, next.At
	t.Position = PositionAfter(l.LastPosition)
	e := l.make(t)
	l.copySubtasks(done, t)
	return Outcome{TaskID: id, Task: e.Task, Event: e}, nil
}

// orphaned reports whether t's parent is deleted: a successor of t would be invisible.
func (l *Ledger) orphaned(t *Task) bool {
	if t.ParentID == nil {
		return false
	}
	parent := l.tasks[*t.ParentID]
	return parent == nil || parent.DeletedAt != nil
}

// vacant reports whether a successor of a task that was completed at a time can be created: it does not exist, or it
// was created for an earlier completion. One that the user deleted since is not created again.
func (l *Ledger) vacant(id uuid.UUID, completed time.Time) bool {
	old := l.tasks[id]
	return old == nil || old.DeletedAt != nil && !old.DeletedAt.After(completed)
}

// again returns an open task with the fields that an occurrence passes on.
func (t *Task) again() *Task {
	return &Task{
		Title: t.Title, Description: t.Description, Priority: t.Priority, Project: t.Project, Tags: t.Tags,
		Timezone: t.Timezone, Reminders: t.Reminders, Recurrence: t.Recurrence,
	}
}

// copySubtasks copies the subtasks of the previous occurrence to the next one, open again, in the same order, and
// shifted by the same number of days.
func (l *Ledger) copySubtasks(from, to *Task) {
	family := l.subtree(from, func(t *Task) bool {
		gone := t.DeletedAt != nil && (from.DeletedAt == nil || !t.DeletedAt.Equal(*from.DeletedAt)) // deleted separately
		return !gone && !l.followed(t)
	})
	base := from.DueAt
	if base == nil {
		base = from.Occurrence
	}
	days := wallclock.DaysBetween(*base, *to.DueAt, zoneOf(from.Timezone, l.Timezone))
	positions := map[uuid.UUID]string{}
	last := l.LastPosition
	for _, t := range slices.SortedFunc(slices.Values(family[1:]), func(a, b *Task) int { return cmp.Compare(a.Position, b.Position) }) {
		last = PositionAfter(last)
		positions[t.ID] = last
	}
	ids := map[uuid.UUID]uuid.UUID{from.ID: to.ID}
	for _, t := range family[1:] {
		id := copyID(t.ID, to.ID)
		ids[t.ID] = id
		if old := l.tasks[id]; old != nil && old.DeletedAt == nil {
			continue // it was moved out of the successor before that was deleted, and still exists
		}
		c := t.again()
		parent := ids[*t.ParentID]
		c.ID, c.ParentID, c.Position = id, &parent, positions[t.ID]
		if t.DueAt != nil {
			due := wallclock.MoveDays(*t.DueAt, days, zoneOf(t.Timezone, l.Timezone))
			c.DueAt = &due
		}
		l.make(c)
	}
}

// followed reports whether a task is a completed occurrence whose successor is also there: of a series among the
// subtasks only the last one is copied.
func (l *Ledger) followed(t *Task) bool {
	next := l.tasks[SuccessorID(t.ID)]
	return t.Completed && next != nil && next.DeletedAt == nil
}

// make records the creation of a task, for the first time or, after it was withdrawn, again.
func (l *Ledger) make(t *Task) *Event {
	t.CreatedAt = l.Now
	old := l.tasks[t.ID]
	if old == nil {
		t.Version = 1
		return l.record(Created, nil, t, Diff(nil, t))
	}
	changes := Diff(old, t)
	changes[fieldDeleted] = Change{From: true, To: false}
	return l.record(Updated, old, t, changes)
}

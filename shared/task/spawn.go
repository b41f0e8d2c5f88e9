package task

import (
	"cmp"
	"slices"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/wallclock"
)

// Spawn makes the occurrence that follows a completed one. It looks at what is so now, not at what an event said: done
// again it does nothing, and a task that was opened again meanwhile has no successor.
type Spawn struct{ ID uuid.UUID }

// Needs reads the task, its subtasks and its series.
func (c Spawn) Needs() Needs { return Needs{Tasks: []uuid.UUID{c.ID}, Family: true, Occurrences: true} }

// Apply records task.created for the occurrence and each of its subtasks, or task.updated for one that was there
// before and is made again. It does not matter whether the completed task was deleted meanwhile: it is done, and
// what it was part of goes on.
func (c Spawn) Apply(l *Ledger) (Outcome, error) {
	out := Outcome{TaskID: c.ID}
	done := l.tasks[c.ID]
	if done == nil || !done.Completed || done.Recurrence == nil || l.orphaned(done) {
		return out, nil
	}
	if done.SeriesID == nil { // completed before series had names, it enters its own only here
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

// orphaned reports whether the task that t is part of is deleted: what comes after t would be gone with it.
func (l *Ledger) orphaned(t *Task) bool {
	if t.ParentID == nil {
		return false
	}
	parent := l.tasks[*t.ParentID]
	return parent == nil || parent.DeletedAt != nil
}

// vacant reports whether a successor of what was completed at a time can be made: it is not there, or it was there for
// an earlier completion. One that was deleted since is not wanted.
func (l *Ledger) vacant(id uuid.UUID, completed time.Time) bool {
	old := l.tasks[id]
	return old == nil || old.DeletedAt != nil && !old.DeletedAt.After(completed)
}

// again returns an open task with what a task hands on.
func (t *Task) again() *Task {
	return &Task{
		Title: t.Title, Description: t.Description, Priority: t.Priority, Project: t.Project, Tags: t.Tags,
		Timezone: t.Timezone, Reminders: t.Reminders, Recurrence: t.Recurrence,
	}
}

// copySubtasks gives the next occurrence the subtasks of the one before, open again, in the same order, and as many
// days later as it is itself.
func (l *Ledger) copySubtasks(from, to *Task) {
	family := l.subtree(from, func(t *Task) bool {
		gone := t.DeletedAt != nil && (from.DeletedAt == nil || !t.DeletedAt.Equal(*from.DeletedAt)) // deleted by itself
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
			continue // it was moved away from the successor before that was deleted, and lives on
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

// followed reports whether a task is a done occurrence whose successor stands beside it: of a series among the
// subtasks only the last is handed on.
func (l *Ledger) followed(t *Task) bool {
	next := l.tasks[SuccessorID(t.ID)]
	return t.Completed && next != nil && next.DeletedAt == nil
}

// make records a task that is made, for the first time or, after it was withdrawn, again.
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

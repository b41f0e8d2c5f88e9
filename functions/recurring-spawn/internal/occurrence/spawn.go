// Package occurrence has the rule for the occurrence that follows a completed or skipped one.
package occurrence

import (
	"cmp"
	"slices"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/task"
	"taskwire.dev/shared/wallclock"
)

// Spawn creates the occurrence that follows a completed or skipped one. It uses the current state, not that in the event:
// run again it does nothing, and a task that was reopened, or skipped and restored, has no successor.
type Spawn struct{ ID uuid.UUID }

// Needs reads the task, its subtasks and its series.
func (c Spawn) Needs() task.Needs {
	return task.Needs{Tasks: []uuid.UUID{c.ID}, Family: true, Occurrences: true, Spellings: true, Preferences: true}
}

// Apply records task.created for the occurrence and each of its subtasks, or task.updated for one that existed before
// and is created again. It does not matter whether the completed task was deleted since: it is done, and its series
// goes on. If it was deleted with its parent, the series goes on when both are restored.
func (c Spawn) Apply(l *task.Ledger) (task.Outcome, error) {
	out := task.Outcome{TaskID: c.ID}
	done := l.Find(c.ID)
	if done == nil || !done.Over() {
		return out, nil
	}
	parent, ok := parentFor(l, done)
	if !ok {
		return out, nil
	}
	if done.SeriesID == nil { // completed before series had ids; it enters its series only here
		copied := *done
		done = &copied
		l.EnterSeries(done)
	}
	next := l.Next(done)
	id := task.SuccessorID(done.ID)
	if next.At == nil || !vacant(l, id, over(done)) {
		return out, nil
	}
	usual := done.Usual()
	t := again(usual)
	t.ID, t.ParentID, t.DueDate = id, parent, next.On
	if next.On == nil {
		t.DueAt = next.At
	}
	t.Reminders = moveReminders(usual.Reminders, daysBetween(l, usual, t), l.Zone(usual))
	t.SeriesID, t.Occurrence, t.Series = done.SeriesID, next.Occurrence(), next.Place()
	t.Position = task.PositionAfter(l.LastPosition)
	e := l.Continue(t)
	copySubtasks(l, usual, t)
	return task.Outcome{TaskID: id, Task: e.Task, Event: e}, nil
}

// over returns when an occurrence was completed or skipped.
func over(t *task.Task) time.Time {
	if t.Completed {
		return *t.CompletedAt
	}
	return *t.DeletedAt
}

// parentFor returns where the successor of an occurrence belongs: below the usual parent, or beside the occurrence if that parent
// is deleted. If both are deleted there is no such place, since the successor would be invisible.
func parentFor(l *task.Ledger, done *task.Task) (parent *uuid.UUID, ok bool) {
	for _, id := range []*uuid.UUID{done.Usual().ParentID, done.ParentID} {
		if id == nil {
			return nil, true
		}
		if p := l.Find(*id); p != nil && p.DeletedAt == nil {
			return id, true
		}
	}
	return nil, false
}

// vacant reports whether a successor of a task that was completed or skipped at a time can be created: it does not exist,
// or it was created for an earlier completion. One that the user deleted since is not created again, nor one that was itself
// completed or skipped before it was deleted: the series went on with another.
func vacant(l *task.Ledger, id uuid.UUID, over time.Time) bool {
	old := l.Find(id)
	return old == nil || old.DeletedAt != nil && !old.Over() && !old.DeletedAt.After(over)
}

// moveReminders returns the reminders of a task for an occurrence that many days later.
func moveReminders(reminders []task.Reminder, days int, zone *time.Location) []task.Reminder {
	moved := slices.Clone(reminders)
	for i, r := range moved {
		moved[i] = r.MoveDays(days, zone)
	}
	return moved
}

// again returns an open task with the fields that an occurrence passes on, but for its dates and reminders, which move with it.
func again(t *task.Task) *task.Task {
	return &task.Task{
		Title: t.Title, Description: t.Description, Priority: t.Priority, Project: t.Project, Section: t.Section, Tags: t.Tags,
		Timezone: t.Timezone, OverdueReminders: t.OverdueReminders, Recurrence: t.Recurrence,
	}
}

// copySubtasks copies the subtasks of the previous occurrence to the next one, open again, in the same order, and
// shifted by the same number of days. Many or long ones are copied in stages, so that their memory has a bound.
func copySubtasks(l *task.Ledger, from, to *task.Task) {
	family := l.Subtree(from, func(t *task.Task) bool {
		gone := t.DeletedAt != nil && (from.DeletedAt == nil || !t.DeletedAt.Equal(*from.DeletedAt)) // deleted separately
		return !gone && !followed(l, t)
	})
	days := daysBetween(l, from, to)
	positions := map[uuid.UUID]string{}
	last := l.LastPosition
	for _, t := range slices.SortedFunc(slices.Values(family[1:]), func(a, b *task.Task) int { return cmp.Compare(a.Position, b.Position) }) {
		last = task.PositionAfter(last)
		positions[t.ID] = last
	}
	ids := map[uuid.UUID]uuid.UUID{from.ID: to.ID}
	for _, t := range family[1:] {
		id, parent := task.CopyID(t.ID, to.ID), ids[*t.ParentID]
		ids[t.ID] = id
		if old := l.Find(id); old != nil && old.DeletedAt == nil {
			continue // it was moved out of the successor before that was deleted, and still exists
		}
		l.WithWhole(func() {
			c := subtask(l, l.Find(t.ID), days)
			c.ID, c.ParentID, c.Position = id, &parent, positions[t.ID]
			l.Continue(c)
		}, t.ID, id)
	}
}

// subtask returns a copy of a subtask, that many days later.
func subtask(l *task.Ledger, t *task.Task, days int) *task.Task {
	c := again(t)
	c.Reminders = moveReminders(t.Reminders, days, l.Zone(t))
	if t.DueAt != nil {
		due := wallclock.MoveDays(*t.DueAt, days, l.Zone(t))
		c.DueAt = &due
	}
	if t.DueDate != nil {
		due := t.DueDate.MoveDays(days)
		c.DueDate = &due
	}
	return c
}

// daysBetween returns the number of days between two occurrences.
func daysBetween(l *task.Ledger, from, to *task.Task) int {
	if to.DueDate != nil {
		return wallclock.Days(from.DueDate.Midnight(), to.DueDate.Midnight())
	}
	base := from.DueAt
	if base == nil {
		base = from.Occurrence
	}
	return wallclock.DaysBetween(*base, *to.DueAt, l.Zone(from))
}

// followed reports whether a task is a completed occurrence whose successor is also there: of a series among the
// subtasks only the last one is copied.
func followed(l *task.Ledger, t *task.Task) bool {
	next := l.Find(task.SuccessorID(t.ID))
	return t.Completed && next != nil && next.DeletedAt == nil
}

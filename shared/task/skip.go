package task

import (
	"github.com/google/uuid"

	"taskwire.dev/shared/fault"
)

// Skip passes over an open occurrence of a series: it is deleted without having been completed, and the series continues.
type Skip struct {
	ID    uuid.UUID
	Match Match
}

// Needs reads the task, its subtasks and its series.
func (c Skip) Needs() Needs { return Needs{Tasks: []uuid.UUID{c.ID}, Family: true, Occurrences: true} }

// Apply records task.deleted for the task, with its place in the series, and for each of its subtasks. recurring-spawn creates the
// next occurrence.
func (c Skip) Apply(l *Ledger) (Outcome, error) {
	before, err := l.Task(c.ID)
	if err != nil {
		return Outcome{}, err
	}
	if err := c.Match.Check(before); err != nil {
		return Outcome{}, err
	}
	switch {
	case before.Recurrence == nil:
		return Outcome{}, fault.New(fault.Conflict, "the task does not recur: delete it instead")
	case before.Completed:
		return Outcome{}, fault.New(fault.Conflict, "the occurrence is completed already")
	}
	return l.skip(before), nil
}

// skip records that an open occurrence is passed over. The outcome has the task as it was passed over.
func (l *Ledger) skip(before *Task) Outcome {
	after := *before
	after.DeletedAt = &l.Now
	l.EnterSeries(&after)
	place := l.placeOf(&after)
	place.Skipped = true
	after.Series = &place
	next := l.Next(&after)
	e := l.record(Deleted, before, &after, map[string]Change{
		FieldDeleted: {From: false, To: true},
		FieldSeries:  {From: before.Membership(), To: after.Membership()},
	})
	l.removeAll(l.Subtree(before, func(t *Task) bool { return t.DeletedAt == nil })[1:])
	return Outcome{TaskID: before.ID, Task: &after, Event: e, Next: next}
}

// skipped reports whether a deleted task was skipped.
func (t *Task) skipped() bool { return t.DeletedAt != nil && t.Series != nil && t.Series.Skipped }

// unskip makes a restored task an open occurrence again.
func (t *Task) unskip(changes map[string]Change) {
	if t.Series == nil || !t.Series.Skipped {
		return
	}
	from, place := t.Membership(), *t.Series
	place.Skipped = false
	t.Series = &place
	changes[FieldSeries] = Change{From: from, To: t.Membership()}
}

// Over reports whether an occurrence of a series is completed or skipped, so that another one follows it.
func (t *Task) Over() bool { return t.Recurrence != nil && (t.Completed || t.skipped()) }

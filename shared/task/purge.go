package task

import (
	"slices"

	"github.com/google/uuid"
)

// Purge deletes tasks for good that are in the trash, each with what is deleted below it: they cannot be restored, and only the
// log knows them. An occurrence of a series stays with its series, whose COUNT counts it, but cannot be seen or restored either.
type Purge struct {
	IDs   []uuid.UUID
	Given bool // the user named the tasks, so one that is not in the trash is NotFound
}

// Needs reads the tasks, what is below them, and their series.
func (c Purge) Needs() Needs { return Needs{Tasks: c.IDs, Family: true, Occurrences: true} }

// Apply records another task.deleted for each task, of which the last field that changed is FieldPurged. Tasks that are not in the
// trash any more are left unchanged.
func (c Purge) Apply(l *Ledger) (Outcome, error) {
	var out Outcome
	for _, id := range c.IDs {
		root := l.Find(id)
		if root == nil || root.DeletedAt == nil || root.Purged() || root.skipped() {
			if c.Given {
				return Outcome{}, NotFound()
			}
			continue
		}
		// Those below first: what is not in the trash has its parent.
		for _, t := range slices.Backward(l.Subtree(root, func(t *Task) bool { return t.DeletedAt != nil && !t.Purged() })) {
			l.changeWhole(t, l.purge, func(t *Task) { t.gone = true })
		}
		out.TaskID = id
		out.Batch = append(out.Batch, Outcome{TaskID: id})
	}
	return out, nil
}

func (l *Ledger) purge(before *Task) {
	after := *before
	after.DeletedAt = &l.Now
	changes := map[string]Change{FieldPurged: {From: false, To: true}}
	if before.SeriesID != nil {
		place := l.placeOf(before)
		place.Purged = true
		after.Series = &place
		changes[FieldSeries] = Change{From: before.Membership(), To: after.Membership()}
	}
	after.gone = before.SeriesID == nil
	l.record(Deleted, before, &after, changes)
}

// Purged reports whether a task was deleted for good.
func (t *Task) Purged() bool { return t.gone || t.Series != nil && t.Series.Purged }

// Gone reports whether a task's row is deleted too.
func (t *Task) Gone() bool { return t.gone }

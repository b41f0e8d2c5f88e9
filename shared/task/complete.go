package task

import "github.com/google/uuid"

// SetCompleted completes or reopens a task. It is idempotent: if nothing changes there is no event. Reopening an
// occurrence also withdraws its successor, unless that was changed since.
type SetCompleted struct {
	ID        uuid.UUID
	Completed bool
	Match     Match
}

// Needs reads the task and its series.
func (c SetCompleted) Needs() Needs {
	return Needs{Tasks: []uuid.UUID{c.ID}, Occurrences: true, Preferences: !c.Completed}
}

// Apply records task.completed, or task.updated for a reopening and task.deleted for each withdrawn task.
func (c SetCompleted) Apply(l *Ledger) (Outcome, error) {
	before, err := l.Task(c.ID)
	if err != nil {
		return Outcome{}, err
	}
	if err := c.Match.Check(before); err != nil {
		return Outcome{}, err
	}
	after := *before
	after.setCompleted(c.Completed, l)
	out := l.change(before, &after, Diff(before, &after))
	if out.Event == nil && c.Completed && before.Recurrence != nil {
		out.Next = l.Next(before) // a repeated completion gets the same answer
	}
	return out, nil
}

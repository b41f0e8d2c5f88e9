package task

import "github.com/google/uuid"

// SetCompleted completes a task or opens it again. It is idempotent: what is so already makes no event. Opening an
// occurrence again also withdraws the one that came after it, as long as nobody has touched that.
type SetCompleted struct {
	ID        uuid.UUID
	Completed bool
	Match     Match
}

// Needs reads the task and its series.
func (c SetCompleted) Needs() Needs { return Needs{Tasks: []uuid.UUID{c.ID}, Occurrences: true} }

// Apply records task.completed, or task.updated for a reopening and task.deleted for what is withdrawn.
func (c SetCompleted) Apply(l *Ledger) (Outcome, error) {
	before, err := l.task(c.ID)
	if err != nil {
		return Outcome{}, err
	}
	if err := c.Match.check(before); err != nil {
		return Outcome{}, err
	}
	after := *before
	after.setCompleted(c.Completed, l)
	out := l.change(before, &after)
	if out.Event == nil && c.Completed && before.Recurrence != nil {
		out.Next = l.next(before) // asked again, it is answered again
	}
	return out, nil
}

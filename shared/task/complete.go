package task

import "github.com/google/uuid"

// SetCompleted completes a task or opens it again. It is idempotent: what is so already makes no event.
type SetCompleted struct {
	ID        uuid.UUID
	Completed bool
	Match     Match
}

// Needs reads the task.
func (c SetCompleted) Needs() Needs { return Needs{Tasks: []uuid.UUID{c.ID}} }

// Apply records task.completed, or task.updated for a reopening.
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
	return l.change(before, &after), nil
}

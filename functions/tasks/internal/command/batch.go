package command

import (
	"strconv"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/task"
)

// MaxBatch is the maximal number of commands in a batch.
const MaxBatch = 100

// Batch runs several commands, all or none.
type Batch []task.Command

// Needs returns the needs of all commands.
func (b Batch) Needs() task.Needs {
	var all task.Needs
	for _, c := range b {
		all = all.And(c.Needs())
	}
	return all
}

// Apply stops at the first command that fails, and names it in the error.
func (b Batch) Apply(l *task.Ledger) (task.Outcome, error) {
	out := task.Outcome{Batch: make([]task.Outcome, 0, len(b))}
	for i, c := range b {
		o, err := c.Apply(l)
		if err != nil {
			return task.Outcome{}, fault.Under("/operations/"+strconv.Itoa(i), err)
		}
		out.Batch = append(out.Batch, o)
	}
	return out, nil
}

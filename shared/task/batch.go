package task

import (
	"strconv"

	"taskwire.dev/shared/fault"
)

// MaxBatch is the maximal number of commands in a batch.
const MaxBatch = 100

// Batch runs several commands, all or none.
type Batch []Command

// Needs returns the needs of all commands.
func (b Batch) Needs() Needs {
	var all Needs
	for _, c := range b {
		all = all.And(c.Needs())
	}
	return all
}

// Apply stops at the first command that fails, and names it in the error.
func (b Batch) Apply(l *Ledger) (Outcome, error) {
	out := Outcome{Batch: make([]Outcome, 0, len(b))}
	for i, c := range b {
		o, err := c.Apply(l)
		if err != nil {
			return Outcome{}, fault.Under("/operations/"+strconv.Itoa(i), err)
		}
		out.Batch = append(out.Batch, o)
	}
	return out, nil
}

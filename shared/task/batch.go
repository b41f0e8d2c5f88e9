package task

import (
	"strconv"

	"taskwire.dev/shared/fault"
)

// MaxBatch is how many commands one batch takes.
const MaxBatch = 100

// Batch does several things, all or none.
type Batch []Command

// Needs reads what any of the commands needs.
func (b Batch) Needs() Needs {
	var all Needs
	for _, c := range b {
		all = all.And(c.Needs())
	}
	return all
}

// Apply stops at the first command that fails, and says which one that was.
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

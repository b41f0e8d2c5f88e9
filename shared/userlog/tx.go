package userlog

import (
	"slices"

	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/task"
)

// Tx is what Change.Apply works on: the ledger with the time (Now), the tasks that were read and the audit events so
// far (Append), under the user's lock. It does no I/O: reads are done before Apply, writes are sent after it.
type Tx struct {
	*task.Ledger
	// Answer is the caller's response, and that of later requests with the Key.
	Answer idempotency.Answer

	writes pgx.Batch
	stages []stage
	makes  []string
}

// Queue adds a statement that is sent before the COMMIT. Its callback runs after it is sent, which is too late to
// reject the change.
func (tx *Tx) Queue(sql string, args ...any) *pgx.QueuedQuery { return tx.writes.Queue(sql, args...) }

// Makes says that what is queued makes projects, sections or tags with these folded names, so that they are counted.
func (tx *Tx) Makes(names ...string) { tx.makes = append(tx.makes, names...) }

// madeNames returns the names of Makes and those that the ledger spelled for the first time.
func (tx *Tx) madeNames() []string {
	names := slices.Clip(tx.makes)
	for _, n := range tx.Spelled() {
		names = append(names, n.Name)
	}
	return names
}

// Discard takes back everything that Apply has recorded and queued, for a change that is only tried.
func (tx *Tx) Discard() {
	tx.Ledger.Discard()
	tx.writes, tx.stages = pgx.Batch{}, nil
}

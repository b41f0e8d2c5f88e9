package userlog

import (
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
}

// Queue adds a statement that is sent before the COMMIT. Its callback runs after it is sent, which is too late to
// reject the change.
func (tx *Tx) Queue(sql string, args ...any) *pgx.QueuedQuery { return tx.writes.Queue(sql, args...) }

// Discard takes back everything that Apply has recorded and queued, for a change that is only tried.
func (tx *Tx) Discard() {
	tx.Ledger.Discard()
	tx.writes, tx.stages = pgx.Batch{}, nil
}

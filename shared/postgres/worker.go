package postgres

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
)

// Worker executes commands that events cause, in the role taskwire_worker.
type Worker struct {
	tasks    *Tasks
	consumer string
}

// NewWorker returns the worker of a consumer, whose name is the inbox's and, as "system:<consumer>", the actor's in
// the audit log. wake is told whose outbox has something new, once it is committed.
func NewWorker(pool *pgxpool.Pool, consumer string, wake func(user uuid.UUID)) *Worker {
	return &Worker{tasks: NewTasks(pool, wake), consumer: consumer}
}

// cause is the event for which a consumer does something, as the inbox knows it.
type cause struct {
	consumer, source, id string
	known                bool // it was done before
}

// Execute does cmd for a user in one transaction that also records the event (source, id) which causes it, as Inbox
// does: of all deliveries of the event one does the work, and for the others done is false. It shares transactions
// as Tasks.Execute does.
func (w *Worker) Execute(ctx context.Context, source, id string, user uuid.UUID, cmd task.Command) (done bool, err error) {
	c := newChange(ctx, token.Principal{UserID: user}, idempotency.Key{}, cmd, func(task.Outcome) idempotency.Answer { return idempotency.Answer{} })
	c.actor = "system:" + w.consumer
	c.cause = &cause{consumer: w.consumer, source: source, id: id}
	err = w.tasks.settle(ctx, c)
	return err == nil && !c.cause.known, err
}

// queueKnown asks whether the event was done before. It is asked under the lock of the user whom the event is about,
// so nobody else can be at it, and recording it in the end waits for nobody.
func (c *change) queueKnown(b *pgx.Batch) {
	// primary key of processed_event
	const known = `SELECT EXISTS (SELECT FROM processed_event WHERE consumer = $1 AND source = $2 AND id = $3)`
	b.Queue(known, c.cause.consumer, c.cause.source, c.cause.id).QueryRow(func(row pgx.Row) error {
		err := row.Scan(&c.cause.known)
		c.settled = c.settled || c.cause.known
		return err
	})
}

package postgres

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/tracecontext"
)

// Worker executes commands that events cause, in the role taskwire_worker.
type Worker struct {
	tasks    *Tasks
	consumer string
}

// NewWorker returns the worker of a consumer, whose name is the inbox's and, as "system:<consumer>", the actor's in
// the audit log. wake is told whose outbox has something new, once it is committed.
func NewWorker(pool *Pool, consumer string, wake func(user uuid.UUID)) *Worker {
	return &Worker{tasks: NewTasks(pool, wake), consumer: consumer}
}

// Cause is an event, and what is to be done because of it.
type Cause struct {
	Source, ID  string
	Traceparent string // of the event; where it is none, the context's
	Command     task.Command
}

// Execute does for a user what events cause, in their order and in one transaction that also records each event, as
// Inbox does: of all deliveries of an event one does the work. It shares transactions as Tasks.Execute does.
func (w *Worker) Execute(ctx context.Context, user uuid.UUID, events ...Cause) error {
	cs := &causes{consumer: w.consumer, events: events}
	c := newChange(ctx, token.Principal{UserID: user}, idempotency.Key{}, cs, func(task.Outcome) idempotency.Answer { return idempotency.Answer{} })
	c.actor, c.causes = "system:"+w.consumer, cs
	return w.tasks.settle(ctx, c)
}

// causes are the events for which a consumer does something, as the inbox knows them; as a command they are all that
// is caused by those which are new to it.
type causes struct {
	consumer string
	events   []Cause
	known    map[[2]string]bool // source and id of what was done before
}

// Needs reads what any of the commands needs.
func (cs *causes) Needs() task.Needs {
	all := make(task.Batch, len(cs.events))
	for i, e := range cs.events {
		all[i] = e.Command
	}
	return all.Needs()
}

// Apply does all that is new. One fault refuses all of it.
func (cs *causes) Apply(l *task.Ledger) (task.Outcome, error) {
	for _, e := range cs.events {
		if cs.known[[2]string{e.Source, e.ID}] {
			continue
		}
		if tracecontext.Valid(e.Traceparent) {
			l.Traceparent = e.Traceparent
		}
		if _, err := e.Command.Apply(l); err != nil {
			return task.Outcome{}, err
		}
	}
	return task.Outcome{}, nil
}

// ids returns the sources and the ids of the events.
func (cs *causes) ids() (sources, ids []string) {
	for _, e := range cs.events {
		sources, ids = append(sources, e.Source), append(ids, e.ID)
	}
	return sources, ids
}

// queueKnown asks which events were done before. It is asked under the lock of the user whom they are about, so nobody
// else can be at them, and recording them in the end waits for nobody.
func (cs *causes) queueKnown(b *pgx.Batch) {
	cs.known = map[[2]string]bool{}
	// primary key of processed_event
	const known = `
SELECT source, id FROM processed_event
WHERE consumer = $1 AND (source, id) IN (SELECT * FROM unnest($2::text[], $3::text[]))`
	sources, ids := cs.ids()
	b.Queue(known, cs.consumer, sources, ids).Query(func(rows pgx.Rows) error {
		var e [2]string
		_, err := pgx.ForEachRow(rows, []any{&e[0], &e[1]}, func() error {
			cs.known[e] = true
			return nil
		})
		return err
	})
}

func (cs *causes) queueRecord(b *pgx.Batch) {
	// primary key of processed_event
	const record = `
INSERT INTO processed_event (consumer, source, id) SELECT $1, * FROM unnest($2::text[], $3::text[]) ON CONFLICT DO NOTHING`
	sources, ids := cs.ids()
	b.Queue(record, cs.consumer, sources, ids)
}

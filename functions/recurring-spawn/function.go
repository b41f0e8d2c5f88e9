// Package function is recurring-spawn: when an occurrence of a recurring task is completed, it makes the next one.
package function

import (
	"context"

	cloudevents "github.com/cloudevents/sdk-go/v2"
	"github.com/google/uuid"

	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/config"
	"taskwire.dev/shared/consumer"
	"taskwire.dev/shared/dapr"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/publishing"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/tracecontext"
)

// name is how the inbox, the audit log and the dead letters know this consumer. It must never change.
const name = "recurring-spawn"

// Function is an instance; New makes it and func-go calls its methods.
type Function struct {
	publishing.Base
	worker *postgres.Worker
}

// New returns an instance that has not started.
func New() *Function { return &Function{} }

// Start opens what the function works with. It waits for nothing: Ready tells when all is there.
func (f *Function) Start(_ context.Context, env map[string]string) error {
	c, err := config.Load[publishing.Config](env)
	if err != nil {
		return err
	}
	if err := f.Connect(c); err != nil {
		return err
	}
	f.worker = postgres.NewWorker(f.Pool(), name, f.Committed)

	rt := &httpapi.Router{}
	consumer.New(name, dapr.NewLetters(f.Sidecar()), f.handle).InBulk(f.handleAll).Needs(f.Ready).Mount(rt, c.Sidecar, cloudevent.TopicTaskEvents)
	f.Open(rt)
	return nil
}

// completion is what is read of an event. The rest is read from the database: it may have changed since.
type completion struct {
	TaskID uuid.UUID `json:"task_id"`
	UserID uuid.UUID `json:"user_id"`
	Task   struct {
		Recurrence *struct{} `json:"recurrence"`
	} `json:"task"`
}

// handle makes the occurrence that follows what an event says was completed.
func (f *Function) handle(ctx context.Context, event cloudevents.Event) error {
	return f.handleAll(ctx, []cloudevents.Event{event})
}

// handleAll does so for events of one user.
func (f *Function) handleAll(ctx context.Context, events []cloudevents.Event) error {
	var user uuid.UUID
	var causes []postgres.Cause
	for _, event := range events {
		c, err := read(event)
		if err != nil {
			return err
		}
		if c == nil {
			continue
		}
		if user != uuid.Nil && user != c.UserID {
			return fault.New(fault.Invalid, "the events are of different users")
		}
		user = c.UserID
		trace, _ := event.Extensions()[tracecontext.Header].(string)
		causes = append(causes, postgres.Cause{
			Source: event.Source(), ID: event.ID(), Traceparent: trace, Command: task.Spawn{ID: c.TaskID},
		})
	}
	if len(causes) == 0 {
		return nil
	}
	return f.worker.Execute(ctx, user, causes...)
}

// read returns what was completed, or nil when nothing was that comes again.
func read(event cloudevents.Event) (*completion, error) {
	if event.Type() != string(task.Completed) {
		return nil, nil
	}
	c, err := cloudevent.Data[completion](event)
	if err != nil {
		return nil, err
	}
	if c.TaskID == uuid.Nil || c.UserID == uuid.Nil {
		return nil, fault.New(fault.Invalid, "the completed task and its user must be named")
	}
	if c.Task.Recurrence == nil {
		return nil, nil
	}
	return &c, nil
}

// Package function is recurring-spawn: when an occurrence of a recurring task is completed, it creates the next one.
package function

import (
	"context"
	"net/http"

	cloudevents "github.com/cloudevents/sdk-go/v2"
	"github.com/google/uuid"

	"taskwire.dev/functions/recurring-spawn/internal/occurrence"
	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/consumer"
	"taskwire.dev/shared/dapr"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/fn"
	"taskwire.dev/shared/fn/publishing"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/telemetry"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
)

// name is this consumer's name in the inbox, the audit log and dead letters. It must never change.
const name = "recurring-spawn"

// Function is an instance; New makes it and func-go calls its methods.
type Function struct {
	*fn.Base
	log *userlog.Log
}

// New returns an instance that has not started.
func New() *Function {
	f := &Function{}
	f.Base = fn.New(f.start)
	return f
}

// start opens the function's connections.
func (f *Function) start(ctx context.Context, c publishing.Config) (http.Handler, error) {
	conns, err := publishing.Connect(ctx, f.Base, c)
	if err != nil {
		return nil, err
	}
	f.log = userlog.New(conns.Pool, conns.Committed)

	rt := &httpapi.Router{}
	consumer.New(name, dapr.NewDeadLetters(conns.Sidecar), f.handle).InBulk(f.handleAll).Needs(f.Ready).Mount(rt, c.Sidecar, cloudevent.TopicTaskEvents)
	return rt, nil
}

// completion is the part of an event that is used. The rest is read from the database, because it may have changed
// since.
type completion struct {
	TaskID uuid.UUID `json:"task_id"`
	UserID uuid.UUID `json:"user_id"`
	Task   struct {
		Recurrence *struct{} `json:"recurrence"`
	} `json:"task"`
}

// handle creates the occurrence that follows the completed one of an event.
func (f *Function) handle(ctx context.Context, event cloudevents.Event) error {
	return f.handleAll(ctx, []cloudevents.Event{event})
}

// handleAll does so for events of one user.
func (f *Function) handleAll(ctx context.Context, events []cloudevents.Event) error {
	changes, err := spawns(events)
	if err != nil {
		return err
	}
	return f.log.DoAll(ctx, changes)
}

// spawns returns the changes that the events cause.
func spawns(events []cloudevents.Event) (changes []userlog.Change, err error) {
	for _, event := range events {
		done, err := read(event)
		if err != nil {
			return nil, err
		}
		if done == nil {
			continue
		}
		spawn := userlog.Command(token.Principal{UserID: done.UserID}, occurrence.Spawn{ID: done.TaskID}, nil)
		trace, _ := event.Extensions()[telemetry.HeaderTraceparent].(string)
		spawn.Cause = userlog.Cause{Consumer: name, Source: event.Source(), ID: event.ID(), Traceparent: trace}
		changes = append(changes, spawn)
	}
	return changes, nil
}

// read returns the completion, or nil if the event is not one of a recurring task.
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

// Package function is recurring-spawn: when an occurrence of a recurring task is completed or skipped, it creates the next one. It
// does so too when a completed one is restored: none was created if its parent was deleted with it by then.
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
	consumer.New(name, dapr.NewDeadLetters(conns.Sidecar), f.handle).InBulk(f.handleAll).Ignoring(unrelated).Needs(f.Ready).Mount(rt, c.Sidecar, cloudevent.TopicTaskEvents)
	return rt, nil
}

// ending is the part of an event that is used: it says that an occurrence was completed or skipped, or that a completed one was
// restored. The rest is read from the database, because it may have changed since.
type ending struct {
	TaskID uuid.UUID `json:"task_id"`
	UserID uuid.UUID `json:"user_id"`
	Task   struct {
		Completed  bool       `json:"completed"`
		Recurrence *struct{}  `json:"recurrence"`
		SeriesID   *uuid.UUID `json:"series_id"`
	} `json:"task"`
	Changes struct {
		Deleted struct {
			From bool `json:"from"`
		} `json:"deleted"`
		Series struct {
			To struct {
				Series struct {
					Skipped bool `json:"skipped"`
				} `json:"series"`
			} `json:"to"`
		} `json:"series"`
	} `json:"changed_fields"`
}

// unrelated reports whether an event does not end an occurrence, as far as its text tells.
func unrelated(e cloudevent.Sketch) bool {
	switch task.EventType(e.Type) {
	case task.Completed:
		return e.Lacks("recurrence")
	case task.Deleted:
		return e.Lacks("skipped")
	case task.Updated:
		return e.Lacks("deleted") || e.Lacks("recurrence")
	case task.Created:
		return true
	default:
		return false
	}
}

// handle creates the occurrence that follows the completed or skipped one of an event.
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

// read returns the end of an occurrence, or nil if the event is not one.
func read(event cloudevents.Event) (*ending, error) {
	kind := task.EventType(event.Type())
	switch kind {
	case task.Updated, task.Completed, task.Deleted:
	default:
		return nil, nil
	}
	e, err := cloudevent.Data[ending](event)
	if err != nil {
		return nil, err
	}
	if e.TaskID == uuid.Nil || e.UserID == uuid.Nil {
		return nil, fault.New(fault.Invalid, "the task and its user must be named")
	}
	ended := e.Task.Completed && e.Task.Recurrence != nil
	switch kind {
	case task.Deleted: // its task is null
		ended = e.Changes.Series.To.Series.Skipped
	case task.Updated: // one that an import created as completed is no occurrence
		ended = ended && e.Changes.Deleted.From && e.Task.SeriesID != nil
	}
	if !ended {
		return nil, nil
	}
	return &e, nil
}

package function

import (
	"context"
	"strings"

	cloudevents "github.com/cloudevents/sdk-go/v2"
	"github.com/google/uuid"

	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/dapr"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/task"
)

// unknown reports whether an event is of a user who is known to have no context.
func (f *Function) unknown(e cloudevent.Sketch) bool { return f.recent.Absent(e.UserID) }

// onTaskEvent applies an event of task-events to its user's context. The last event of a user is that the account was deleted.
func (f *Function) onTaskEvent(ctx context.Context, event cloudevents.Event) error {
	if event.Type() == cloudevent.AccountDeleted {
		return f.forget(ctx, event)
	}
	if !strings.HasPrefix(event.Type(), "task.") {
		return nil
	}
	e, err := cloudevent.Data[task.Event](event)
	if err != nil {
		return err
	}
	// The data of an event has all members of the audit event except these two, which are attributes.
	e.Time = event.Time()
	if e.ID, err = uuid.Parse(event.ID()); err != nil || e.UserID == uuid.Nil || e.Seq < 1 || !strings.HasPrefix(string(e.EventType), "task.") {
		return fault.New(fault.Invalid, "the event needs a user, a sequence and a type")
	}
	f.recent.Apply(ctx, e)
	return nil
}

// forget deletes what the state store has of a user: mcp is the one consumer of task-events that has the store. A forged event costs
// its user a cache.
func (f *Function) forget(ctx context.Context, event cloudevents.Event) error {
	data, err := cloudevent.Data[struct {
		UserID uuid.UUID `json:"user_id"`
	}](event)
	if err != nil {
		return err
	}
	if data.UserID == uuid.Nil {
		return fault.New(fault.Invalid, "the event needs a user")
	}
	return f.state.Delete(ctx, dapr.UserKeys(data.UserID)...)
}

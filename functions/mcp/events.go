package function

import (
	"context"
	"strings"

	cloudevents "github.com/cloudevents/sdk-go/v2"
	"github.com/google/uuid"

	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/task"
)

// onTaskEvent applies an event of task-events to its user's context.
func (f *Function) onTaskEvent(ctx context.Context, event cloudevents.Event) error {
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

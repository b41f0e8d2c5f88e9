package function

import (
	"bytes"
	"net/http"

	cloudevents "github.com/cloudevents/sdk-go/v2"
	"github.com/google/uuid"

	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/telemetry"
	"taskwire.dev/shared/token"
)

// event executes a command that arrives as a CloudEvent, and responds with the CloudEvent that it caused. The event's
// (source, id) is its idempotency key.
func (f *Function) event(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	in, err := cloudevent.FromRequest(w, r)
	if err != nil {
		return err
	}
	cmd, err := eventCommand(in)
	if err != nil {
		return err
	}
	parent, _ := in.Extensions()[telemetry.HeaderTraceparent].(string)
	ctx := telemetry.WithTraceparent(r.Context(), parent)
	key := idempotency.FromEvent(in.Source(), in.ID(), in.Type(), in.Subject(), in.Data())
	answer, err := f.tasks.Execute(ctx, who, key, cmd, eventAnswer)
	if err != nil {
		return err
	}
	httpapi.WriteAnswer(w, answer)
	return nil
}

// eventCommand returns the command of an event.
func eventCommand(in cloudevents.Event) (task.Command, error) {
	if in.Type() == "task.create" {
		if err := checkData(in); err != nil {
			return nil, err
		}
		return decodeCreate(in.Data())
	}
	commands := map[string]func(uuid.UUID) task.Command{
		"task.update": func(id uuid.UUID) task.Command {
			return mergePatch(id, in.Data(), nil)
		},
		"task.complete": func(id uuid.UUID) task.Command { return task.SetCompleted{ID: id, Completed: true} },
		"task.reopen":   func(id uuid.UUID) task.Command { return task.SetCompleted{ID: id} },
		"task.delete":   func(id uuid.UUID) task.Command { return task.Delete{ID: id} },
	}
	var fs fault.Fields
	make, known := commands[in.Type()]
	if !known {
		fs.Add("/type", "must be task.create, task.update, task.complete, task.reopen or task.delete")
		return nil, fs.Err()
	}
	id, ok := task.ParseID(in.Subject())
	if !ok {
		fs.Add("/subject", "must be the id of a task")
		return nil, fs.Err()
	}
	var err error
	switch in.Type() {
	case "task.update":
		err = checkData(in)
	case "task.complete":
		err = checkCompletion(in, true)
	case "task.reopen":
		err = checkCompletion(in, false)
	}
	if err != nil {
		return nil, err
	}
	return make(id), nil
}

// checkCompletion returns a fault when the data, which is optional, contradicts the type.
func checkCompletion(in cloudevents.Event, completed bool) error {
	// In binary mode the data is the whole body, with the whitespace around the value.
	if data := bytes.TrimSpace(in.Data()); len(data) == 0 || string(data) == "null" {
		return nil
	}
	if err := checkData(in); err != nil {
		return err
	}
	var c completion
	if err := httpapi.DecodeJSON(in.Data(), &c); err != nil {
		return err
	}
	var fs fault.Fields
	if c.Completed != nil && *c.Completed != completed {
		fs.Add("/completed", "must be %t in a %s", completed, in.Type())
	}
	return fs.Err()
}

// checkData returns a fault unless the event contains JSON, which is the default.
func checkData(in cloudevents.Event) error {
	if in.DataContentType() == "" || httpapi.IsMediaType(in.DataContentType(), jsonType, mergePatchType) {
		return nil
	}
	return fault.New(fault.UnsupportedMedia, "datacontenttype must be %s in UTF-8", jsonType)
}

// eventAnswer is the CloudEvent that the command caused; a command that changed nothing caused none.
func eventAnswer(o task.Outcome) idempotency.Answer {
	if o.Event == nil {
		return idempotency.Answer{Status: http.StatusNoContent}
	}
	return idempotency.Answer{
		Status: http.StatusOK, Header: map[string]string{"Content-Type": cloudevent.StructuredJSON}, Body: cloudevent.TaskEvent(*o.Event),
	}
}

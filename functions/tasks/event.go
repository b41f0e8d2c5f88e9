package function

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"

	cloudevents "github.com/cloudevents/sdk-go/v2"

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
	key := idempotency.FromEvent(in.Source(), in.ID(), in.Type(), eventTarget(in), in.Data())
	answer, err := f.tasks.Execute(ctx, who, key, cmd, eventAnswer)
	return httpapi.WriteAnswer(w, answer, err)
}

// eventCommand returns the command of an event.
func eventCommand(in cloudevents.Event) (task.Command, error) {
	if in.Type() == "task.create" {
		if err := checkData(in); err != nil {
			return nil, err
		}
		return decodeCreate(in.Data())
	}
	var fs fault.Fields
	if !slices.Contains([]string{"task.update", "task.complete", "task.reopen", "task.delete"}, in.Type()) {
		fs.Add("/type", "must be task.create, task.update, task.complete, task.reopen or task.delete")
		return nil, fs.Err()
	}
	id, ok := task.ParseID(in.Subject())
	if !ok {
		fs.Add("/subject", "must be the id of a task")
		return nil, fs.Err()
	}
	switch in.Type() {
	case "task.update":
		if err := checkData(in); err != nil {
			return nil, err
		}
		scope, err := eventScope(in, task.ScopeThis, task.ScopeFollowing)
		edit := mergePatch(id, in.Data(), nil)
		edit.Scope = scope
		return edit, err
	case "task.delete":
		scope, err := eventScope(in, task.ScopeThis, task.ScopeSeries)
		return task.Delete{ID: id, Scope: scope}, err
	default:
		completed := in.Type() == "task.complete"
		return task.SetCompleted{ID: id, Completed: completed}, checkCompletion(in, completed)
	}
}

// scopeExtension is the attribute that is the parameter scope of the REST call.
const scopeExtension = "scope"

// eventScope reads which occurrences of a series an event is about; "" is the default.
func eventScope(in cloudevents.Event, allowed ...task.Scope) (task.Scope, error) {
	given, ok := in.Extensions()[scopeExtension]
	if !ok {
		return "", nil
	}
	return checkScope(task.Scope(fmt.Sprint(given)), allowed...) // in JSON it may be a number
}

// eventTarget is what an event is about, as target is of a request.
func eventTarget(in cloudevents.Event) string {
	if scope, ok := in.Extensions()[scopeExtension]; ok {
		return fmt.Sprint(in.Subject(), "?scope=", scope)
	}
	return in.Subject()
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

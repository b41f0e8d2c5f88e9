package function

import (
	"net/http"
	"slices"

	"github.com/google/uuid"

	"taskwire.dev/functions/tasks/internal/command"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
)

// undoInput is the body of POST /api/history/{event_id}/undo. It is optional.
type undoInput struct {
	Scope *string `json:"scope"`
}

// Scopes of an undo: the one event, or everything that the same request has changed.
const (
	scopeEvent = "event"
	scopeBatch = "batch"
)

func (f *Function) undo(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	id, ok := task.ParseID(r.PathValue("id"))
	if !ok {
		return fault.New(fault.NotFound, "there is no such event")
	}
	body, err := httpapi.ReadBody(w, r, httpapi.MaxBody)
	if err != nil {
		return err
	}
	whole, err := undoesBatch(r, body)
	if err != nil {
		return err
	}
	// The log never changes, so it can be read before the lock is taken.
	events, err := f.tasks.Change(r.Context(), who, id, whole)
	if err != nil {
		return err
	}
	render := func(o task.Outcome) idempotency.Answer {
		if whole {
			return undoneBatch(o)
		}
		if o.Task == nil {
			return httpapi.JSONAnswer(http.StatusOK, nil, nil)
		}
		return httpapi.JSONAnswer(http.StatusOK, o.Task, map[string]string{"ETag": etag(o.Task.Version)})
	}
	others := slices.ContainsFunc(events, func(e task.Event) bool {
		return e.EventType.OfLabel() || e.EventType.OfView() || e.EventType.OfComment()
	})
	if !others {
		return f.execute(w, r, who, body, command.Undo{Events: events}, render)
	}
	how, err := howToChange(r, body)
	if err != nil {
		return err
	}
	var answer idempotency.Answer
	// A change of a comment or a view has one event.
	switch first := events[0]; {
	case first.EventType.OfComment():
		answer, err = f.tasks.UndoComment(r.Context(), who, how, first, render(task.Outcome{}))
	case first.EventType.OfView():
		answer, err = f.tasks.UndoView(r.Context(), who, how, first, render(task.Outcome{}))
	default:
		answer, err = f.tasks.UndoLabels(r.Context(), who, how, events, render)
	}
	return httpapi.WriteAnswer(w, answer, err)
}

func undoesBatch(r *http.Request, body []byte) (bool, error) {
	if len(body) == 0 {
		return false, nil
	}
	if err := httpapi.CheckMediaType(r, jsonType); err != nil {
		return false, err
	}
	var in undoInput
	if err := httpapi.DecodeJSON(body, &in); err != nil {
		return false, err
	}
	switch {
	case in.Scope == nil || *in.Scope == scopeEvent:
		return false, nil
	case *in.Scope == scopeBatch:
		return true, nil
	default:
		var fs fault.Fields
		fs.Add("/scope", "must be event or batch")
		return false, fs.Err()
	}
}

// undoneTask is the current state of one task of an undone batch; its task is null when the batch had created it.
type undoneTask struct {
	ID   uuid.UUID  `json:"id"`
	Task *task.Task `json:"task"`
}

func undoneBatch(o task.Outcome) idempotency.Answer {
	results := make([]undoneTask, len(o.Batch))
	for i, one := range o.Batch {
		results[i] = undoneTask{one.TaskID, one.Task}
	}
	return httpapi.JSONAnswer(http.StatusOK, map[string]any{"results": results}, nil)
}

package function

import (
	"net/http"
	"slices"

	"taskwire.dev/functions/tasks/internal/command"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
)

const (
	jsonType       = "application/json"
	mergePatchType = "application/merge-patch+json"
)

func (f *Function) create(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	body, err := readJSON(w, r, jsonType)
	if err != nil {
		return err
	}
	create, err := decodeCreate(body)
	if err != nil {
		return err
	}
	return f.execute(w, r, who, body, create, func(o task.Outcome) idempotency.Answer {
		return taskAnswer(http.StatusCreated, o)
	})
}

func (f *Function) replace(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	id, err := taskID(r)
	if err != nil {
		return err
	}
	body, err := readJSON(w, r, jsonType)
	if err != nil {
		return err
	}
	draft, err := decodeDraft(body)
	if err != nil {
		return err
	}
	scope, err := scopeOf(r, task.ScopeThis, task.ScopeFollowing)
	if err != nil {
		return err
	}
	return f.change(w, r, who, body, task.Replace{ID: id, Draft: draft, Match: conditions(r).check, Scope: scope})
}

func (f *Function) patch(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	id, err := taskID(r)
	if err != nil {
		return err
	}
	body, err := readJSON(w, r, mergePatchType, jsonType)
	if err != nil {
		return err
	}
	scope, err := scopeOf(r, task.ScopeThis, task.ScopeFollowing)
	if err != nil {
		return err
	}
	edit := mergePatch(id, body, conditions(r).check)
	edit.Scope = scope
	return f.change(w, r, who, body, edit)
}

// completion is the body of PATCH /api/todos/{id}/complete.
type completion struct {
	Completed *bool `json:"completed"`
}

func (f *Function) complete(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	id, err := taskID(r)
	if err != nil {
		return err
	}
	body, err := readJSON(w, r, mergePatchType, jsonType)
	if err != nil {
		return err
	}
	var c completion
	if err := httpapi.DecodeJSON(body, &c); err != nil {
		return err
	}
	if c.Completed == nil {
		var fs fault.Fields
		fs.Add("/completed", "is required")
		return fs.Err()
	}
	return f.change(w, r, who, body, task.SetCompleted{ID: id, Completed: *c.Completed, Match: conditions(r).check})
}

func (f *Function) delete(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	id, err := taskID(r)
	if err != nil {
		return err
	}
	scope, err := scopeOf(r, task.ScopeThis, task.ScopeSeries)
	if err != nil {
		return err
	}
	return f.execute(w, r, who, nil, task.Delete{ID: id, Match: conditions(r).check, Scope: scope}, func(task.Outcome) idempotency.Answer {
		return idempotency.Answer{Status: http.StatusNoContent}
	})
}

// skip responds with the occurrence as it was passed over, and when the series continues.
func (f *Function) skip(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	id, err := taskID(r)
	if err != nil {
		return err
	}
	body, err := httpapi.ReadBody(w, r, httpapi.MaxBody)
	if err != nil {
		return err
	}
	return f.change(w, r, who, body, task.Skip{ID: id, Match: conditions(r).check})
}

func (f *Function) restore(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	id, err := taskID(r)
	if err != nil {
		return err
	}
	body, err := httpapi.ReadBody(w, r, httpapi.MaxBody)
	if err != nil {
		return err
	}
	return f.execute(w, r, who, body, task.Restore{ID: id}, func(o task.Outcome) idempotency.Answer {
		return taskAnswer(http.StatusOK, o)
	})
}

// change executes a command that responds with the changed task.
func (f *Function) change(w http.ResponseWriter, r *http.Request, who token.Principal, body []byte, cmd task.Command) error {
	return f.execute(w, r, who, body, cmd, func(o task.Outcome) idempotency.Answer { return taskAnswer(http.StatusOK, o) })
}

// execute executes a command under the request's Idempotency-Key, or does a dry run if the query has dry_run=true: then
// the response is what it would be, and neither the change nor the key is stored.
func (f *Function) execute(w http.ResponseWriter, r *http.Request, who token.Principal, body []byte, cmd task.Command,
	render func(task.Outcome) idempotency.Answer,
) error {
	key, err := idempotency.FromHeader(r.Header.Get("Idempotency-Key"), r.Method, target(r), body)
	if err != nil {
		return err
	}
	dry, err := dryRun(r)
	if err != nil {
		return err
	}
	if dry {
		cmd, key = command.DryRun{Command: cmd}, idempotency.Key{}
	}
	answer, err := f.tasks.Execute(r.Context(), who, key, cmd, render)
	return httpapi.WriteAnswer(w, answer, err)
}

// target is what a request asks for: its path, and the scope of the change.
func target(r *http.Request) string {
	if scope := r.URL.Query().Get("scope"); scope != "" {
		return r.URL.Path + "?scope=" + scope
	}
	return r.URL.Path
}

// scopeOf reads which occurrences of a series a request is about; "" is the default.
func scopeOf(r *http.Request, allowed ...task.Scope) (task.Scope, error) {
	return checkScope(task.Scope(r.URL.Query().Get("scope")), allowed...)
}

func checkScope(given task.Scope, allowed ...task.Scope) (task.Scope, error) {
	var fs fault.Fields
	if given != "" && !slices.Contains(allowed, given) {
		fs.Add("/scope", "must be %s or %s", allowed[0], allowed[1])
	}
	return given, fs.Err()
}

// dryRun reads whether the request is a dry run.
func dryRun(r *http.Request) (bool, error) { return boolean(r, "dry_run") }

// readJSON returns the body of r if its media type is one of those named.
func readJSON(w http.ResponseWriter, r *http.Request, mediaTypes ...string) ([]byte, error) {
	if err := httpapi.CheckMediaType(r, mediaTypes...); err != nil {
		return nil, err
	}
	return httpapi.ReadBody(w, r, httpapi.MaxBody)
}

func decodeCreate(body []byte) (task.Create, error) {
	var in command.Input
	if err := httpapi.DecodeJSON(body, &in); err != nil {
		return task.Create{}, err
	}
	return in.Create()
}

func decodeDraft(body []byte) (task.Draft, error) {
	var in command.Input
	if err := httpapi.DecodeJSON(body, &in); err != nil {
		return task.Draft{}, err
	}
	return in.Draft()
}

// completedTask is the response to the completion of an occurrence; for other changes Next is nil, and left out.
type completedTask struct {
	*task.Task
	*task.Next
}

func taskAnswer(status int, o task.Outcome) idempotency.Answer {
	header := map[string]string{"ETag": etag(o.Task.Version)}
	if status == http.StatusCreated {
		header["Location"] = "/api/todos/" + o.TaskID.String()
	}
	if o.Next != nil {
		return httpapi.JSONAnswer(status, completedTask{o.Task, o.Next}, header)
	}
	if o.Event != nil {
		header["Content-Type"] = jsonType
		return idempotency.Answer{Status: status, Header: header, Body: o.Event.Snapshot()}
	}
	return httpapi.JSONAnswer(status, o.Task, header)
}

package function

import (
	"net/http"
	"testing"

	"taskwire.dev/shared/task"
)

// A parameter that is not understood may ask for less than is done without it.
func TestAChangeWithParametersThatItDoesNotHaveIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made := b.created(t, `{"title":"daily","due_at":"2098-06-02T08:00:00Z","recurrence":{"rrule":"FREQ=DAILY","mode":"schedule"}}`)
	one := "/api/todos/" + made.ID.String()
	for _, c := range []struct {
		method, path, body string
		want               int
	}{
		{"DELETE", one + "?Scope=this", "", http.StatusUnprocessableEntity},
		{"DELETE", one + "?scope=series&scope=this", "", http.StatusUnprocessableEntity},
		{"DELETE", one + "?scope=%zz", "", http.StatusBadRequest},
		{"PATCH", one + "?scop=this", `{"title":"x"}`, http.StatusUnprocessableEntity},
		{"PATCH", one + "/complete?scope=this", `{"completed":true}`, http.StatusUnprocessableEntity},
		{"POST", one + "/skip?dryrun=true", "", http.StatusUnprocessableEntity},
		{"POST", "/api/todos?dryrun=true", `{"title":"x"}`, http.StatusUnprocessableEntity},
		{"POST", "/api/todos?dry_run=true&dry_run=false", `{"title":"x"}`, http.StatusUnprocessableEntity},
		{"POST", "/api/todos/parse?dry_run=true", `{"text":"x"}`, http.StatusUnprocessableEntity},
		{"POST", "/api/todos/recurrence-preview?dry_run=true", `{"rrule":"FREQ=DAILY"}`, http.StatusUnprocessableEntity},
		{"POST", "/api/events?dry_run=true", `{"title":"x"}`, http.StatusUnprocessableEntity},
		{"POST", "/api/projects?dry_run=true", `{"name":"x"}`, http.StatusUnprocessableEntity},
		{"PUT", "/api/preferences?dry_run=true", `{}`, http.StatusUnprocessableEntity},
		{"GET", "/api/projects?open=true&open=false", "", http.StatusUnprocessableEntity},
	} {
		if w := b.send(c.method, c.path, c.body); w.Code != c.want {
			t.Errorf("%s %s: %d %s", c.method, c.path, w.Code, w.Body)
		}
	}
	if events := b.Events(t, b.who); len(events) != 1 {
		t.Errorf("after refused changes the log has %d events", len(events))
	}
	if now := decoded[task.Task](t, b.send("GET", one, "")); now.Version != made.Version {
		t.Errorf("%+v", now)
	}
}

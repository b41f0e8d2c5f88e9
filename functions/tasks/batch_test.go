package function

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"

	"taskwire.dev/shared/task"
)

// A client that sends a task with a deletion, or a scope with a completion, means something other than what would be done.
func TestAnOperationOfABatchHasNoMembersOfOthers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.created(t, `{"title":"x"}`).ID.String()
	for operation, want := range map[string]string{
		`{"op":"complete","id":"` + id + `","scope":"this"}`:           "/operations/0/scope",
		`{"op":"create","task":{"title":"y"},"scope":"nonsense"}`:      "/operations/0/scope",
		`{"op":"delete","id":"` + id + `","task":{"title":"x"}}`:       "/operations/0/task",
		`{"op":"delete","id":"` + id + `","scope":"this","task":true}`: "/operations/0/task",
	} {
		w := b.send("POST", "/api/todos/batch", `{"operations":[`+operation+`]}`)
		if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `"field":"`+want+`"`) {
			t.Errorf("%s: %d %s, want 422 about %s", operation, w.Code, w.Body, want)
		}
	}
	if events := b.Events(t, b.who); len(events) != 1 {
		t.Errorf("after refused batches the log has %d events", len(events))
	}
	b.expect(t, http.StatusOK, "POST", "/api/todos/batch", `{"operations":[{"op":"delete","id":"`+id+`","task":null}]}`)
}

// A series without due dates begins on the user's day, also if its first task begins to recur in the request that completes it.
func TestASeriesBeginsOnTheUsersDay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.send("PUT", "/api/preferences", `{"timezone":"Asia/Tokyo"}`)
	const daily = `"recurrence":{"rrule":"FREQ=DAILY"}`
	created := uuid.Must(uuid.NewV7()).String()
	plain := decoded[task.Task](t, b.send("POST", "/api/todos", `{"title":"plain"}`)).ID.String()
	for id, send := range map[string]func() *httptest.ResponseRecorder{
		created: func() *httptest.ResponseRecorder {
			return b.send("POST", "/api/todos/batch", `{"operations":[{"op":"create","id":"`+created+`","task":{"title":"Water",`+daily+`}},{"op":"complete","id":"`+created+`"}]}`)
		},
		plain: func() *httptest.ResponseRecorder {
			return b.send("PUT", "/api/todos/"+plain, `{"title":"Water","completed":true,`+daily+`}`)
		},
	} {
		if w := send(); w.Code != http.StatusOK {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		x := decoded[task.Task](t, b.send("GET", "/api/todos/"+id, ""))
		if x.Occurrence == nil || x.Occurrence.UTC().Format("15:04") != "15:00" {
			t.Errorf("it begins at %v, want midnight in Tokyo", x.Occurrence)
		}
	}
}

package function

import (
	"net/http"
	"strings"
	"testing"
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

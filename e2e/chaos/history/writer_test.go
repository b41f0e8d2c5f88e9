package history

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"taskwire.dev/e2e/client"
)

// server answers creations and reads of the history as configured.
type server struct {
	mu    sync.Mutex
	calls int
	// answer returns the status and body of the nth call.
	answer func(n int, asked client.Fields) (int, any)
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var asked client.Fields
	_ = json.NewDecoder(r.Body).Decode(&asked)
	s.mu.Lock()
	s.calls++
	n := s.calls
	s.mu.Unlock()
	status, body := s.answer(n, asked)
	if status == 0 {
		panic(http.ErrAbortHandler) // no response
	}
	w.Header().Set("Content-Type", map[bool]string{true: "application/problem+json", false: "application/json"}[status >= 400])
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "0")
	}
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func faithful(asked client.Fields) client.Fields {
	return client.Fields{"id": "task-1", "title": asked["title"], "priority": asked["priority"], "description": asked["description"], "version": 1}
}

// write lets a user create one task, patient or not, and repeats the request if told to.
func write(t *testing.T, answer func(n int, asked client.Fields) (int, any), patient, again bool) (*Writer, *User) {
	t.Helper()
	s := httptest.NewServer(&server{answer: answer})
	t.Cleanup(s.Close)
	u := NewUser("ada", client.New(s.URL, nil), Project{})
	w := NewWriter([]*User{u}, 1, 1, "test")
	w.do(t.Context(), create(u, State{Title: "Buy milk", Priority: "low"}, false), patient, again)
	return w, u
}

func TestWriter_KeepsWhatItWasTold(t *testing.T) {
	t.Parallel()
	fine := func(_ int, asked client.Fields) (int, any) { return http.StatusCreated, faithful(asked) }
	w, u := write(t, fine, true, true)
	changes := u.Changes()
	if len(w.Wrong()) != 0 || len(changes) != 1 || !changes[0].Acknowledged() || changes[0].Task != "task-1" || changes[0].Type != Created {
		t.Errorf("%v, %+v", w.Wrong(), changes)
	}
	if c := w.Counts(); c.Acknowledged != 1 || c.Retried != 1 || c.Unknown != 0 {
		t.Errorf("%+v", c)
	}
}

func TestWriter_NoAnswerIsUnknown_OrAskedForAgain(t *testing.T) {
	t.Parallel()
	for _, first := range []int{0, http.StatusServiceUnavailable, http.StatusBadGateway} {
		late := func(n int, asked client.Fields) (int, any) {
			if n == 1 {
				return first, client.Fields{}
			}
			return http.StatusCreated, faithful(asked)
		}
		w, u := write(t, late, false, false)
		if changes := u.Changes(); len(w.Wrong()) != 0 || len(changes) != 1 || changes[0].Acknowledged() || w.Counts().Unknown != 1 {
			t.Errorf("after %d, impatient: %v, %+v", first, w.Wrong(), changes)
		}
		w, u = write(t, late, true, false)
		if changes := u.Changes(); len(w.Wrong()) != 0 || len(changes) != 1 || !changes[0].Acknowledged() {
			t.Errorf("after %d, patient: %v, %+v", first, w.Wrong(), changes)
		}
	}
}

// TestWriter_FindsWrongAnswers: no fault excuses any of them.
func TestWriter_FindsWrongAnswers(t *testing.T) {
	t.Parallel()
	for name, broken := range map[string]struct {
		kind, says string
		answer     func(n int, asked client.Fields) (int, any)
	}{
		"another title is acknowledged": {"answer", "acknowledged as", func(_ int, asked client.Fields) (int, any) {
			asked["title"] = "Buy wine"
			return http.StatusCreated, faithful(asked)
		}},
		"another status": {"answer", "want 201", func(_ int, asked client.Fields) (int, any) { return http.StatusConflict, faithful(asked) }},
		"another answer on a retry": {"retry", "then", func(n int, asked client.Fields) (int, any) {
			again := faithful(asked)
			again["id"] = fmt.Sprint("task-", n)
			return http.StatusCreated, again
		}},
		"500": {"answer", "500", func(n int, asked client.Fields) (int, any) {
			if n == 1 {
				return http.StatusInternalServerError, client.Fields{}
			}
			return http.StatusCreated, faithful(asked)
		}},
	} {
		w, _ := write(t, broken.answer, true, true)
		if !slices.ContainsFunc(w.Wrong(), func(x Wrong) bool { return x.Kind == broken.kind && strings.Contains(x.What, broken.says) }) {
			t.Errorf("%s: not found: %v", name, w.Wrong())
		}
	}
}

// TestWriter_FindsAStaleHistory: before a change is undone, the history must end with the last acknowledged one.
func TestWriter_FindsAStaleHistory(t *testing.T) {
	t.Parallel()
	old := client.Fields{"id": "event-1", "event_type": Created, "task": client.Fields{"id": "task-1", "title": "Buy milk"}}
	newest := client.Fields{"id": "event-2", "event_type": Updated, "task": client.Fields{"id": "task-1", "title": "Buy oat milk"}}
	for name, c := range map[string]struct {
		items []client.Fields
		fine  bool
	}{
		"whole":                   {[]client.Fields{old, newest}, true},
		"without the last change": {[]client.Fields{old}, false},
		"with one more":           {[]client.Fields{old, newest, newest}, false},
	} {
		s := httptest.NewServer(&server{answer: func(int, client.Fields) (int, any) { return http.StatusOK, client.Fields{"items": c.items} }})
		u := NewUser("ada", client.New(s.URL, nil), Project{})
		w := NewWriter([]*User{u}, 1, 1, "test")
		known := &thing{kind: ofTask, id: "task-1", states: []State{{Title: "Buy milk"}, {Title: "Buy oat milk"}}}
		r := w.undo(t.Context(), u, known)
		s.Close()
		if (r != nil) != c.fine || (len(w.Wrong()) == 0) != c.fine {
			t.Errorf("%s: %+v, %v", name, r, w.Wrong())
		}
		if c.fine && (r.steps[0].change.Want.Title != "Buy milk" || !strings.Contains(r.call.Path, "event-2")) {
			t.Errorf("undoing gives %+v by %s", r.steps[0].change, r.call.Path)
		}
	}
}

// TestFamily_GoesAndComesBackTogether: subtasks are deleted and restored with their task.
func TestFamily_GoesAndComesBackTogether(t *testing.T) {
	t.Parallel()
	u := NewUser("ada", nil, Project{})
	part := &thing{kind: ofTask, id: "part", states: []State{{Title: "A part of it"}}}
	whole := &thing{kind: ofTask, id: "whole", states: []State{{Title: "All of it"}}, parts: []*thing{part}}
	r := remove(u, whole, false)
	if len(r.steps) != 2 || len(r.told) != 1 || r.steps[1].change.Type != Deleted || r.steps[1].change.Task != "part" {
		t.Fatalf("%+v", r)
	}
	u.end(r)
	back := restore(u, whole)
	if len(back.steps) != 2 || back.steps[1].change.Type != Updated || back.steps[1].change.Want.Deleted {
		t.Fatalf("%+v", back)
	}
	if again := edit(u, whole, State{Title: "Other", Deleted: true}, 2); len(again.steps) != 1 {
		t.Fatalf("an edit takes subtasks along: %+v", again)
	}
}

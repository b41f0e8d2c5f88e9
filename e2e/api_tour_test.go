package e2e

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
	"taskwire.dev/shared/eventually"
)

// TestTour is the README's tour: an account, a task by REST, and one by CloudEvent in each mode. Two open streams show
// all of it, another user's stream shows nothing, and the history has it.
func TestTour(t *testing.T) {
	t.Parallel()
	ada, other := newUser(t), newUser(t)
	first, second, foreign := open(t, ada), open(t, ada), open(t, other)

	milk := check.Must(ada.CreateTask(t.Context(), client.Fields{"title": "Buy milk"}))(t)
	binary := client.Event{ID: rand.Text(), Source: "/laptop", Type: "task.create", Data: json.RawMessage(`{"title":"Buy bread"}`)}
	bread, breadData := send(t, ada, binary.Binary())
	structured := client.Event{ID: rand.Text(), Source: "/laptop", Type: "task.complete", Subject: milk.ID}
	done, doneData := send(t, ada, structured.Structured())

	if bread.Type != "task.created" || bread.Subject != breadData.TaskID || breadData.Task.Title != "Buy bread" {
		t.Fatalf("the response to task.create is %s with %s", bread.Type, bread.Data)
	}
	if done.Type != "task.completed" || done.Subject != milk.ID || !doneData.Task.Completed {
		t.Fatalf("the response to task.complete is %s with %s", done.Type, done.Data)
	}
	for _, s := range []*listener{first, second} {
		changes := s.changes(t, 3)
		for i, want := range []string{milk.ID, breadData.TaskID, milk.ID} {
			if changes[i].TaskID != want || changes[i].Seq != int64(i+1) || changes[i].UserID != ada.ID {
				t.Fatalf("change %d on the stream: %+v", i, changes[i])
			}
		}
		same(t, "the task on the stream", changes[2].Task, doneData.Task)
	}
	history := check.Must(ada.History(t.Context(), 0))(t)
	if len(history) != 3 || history[0].EventType != "task.created" || history[2].ID != done.ID {
		t.Fatalf("history: %+v", history)
	}
	// A change of the other user proves that their stream works and that nothing preceded it.
	own := check.Must(other.CreateTask(t.Context(), client.Fields{"title": "Mine"}))(t)
	if c := foreign.changes(t, 1)[0]; c.TaskID != own.ID || c.Seq != 1 {
		t.Fatalf("the other user's stream: %+v", c)
	}
}

func TestStatusIsUp(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	var status struct {
		Status string `json:"status"`
		Parts  []struct{ Name, Status string }
	}
	eventually.Within(t, timeout, "everything is up", func() bool {
		r := do(t, u.Client, client.Request{Method: http.MethodGet, Path: "/api/status"})
		check.NoError(t, r.Decode("status", http.StatusOK, &status))
		return status.Status == "up"
	})
	if len(status.Parts) < 10 {
		t.Errorf("only %d parts: %+v", len(status.Parts), status)
	}
	for _, path := range []string{"/health/readiness", "/health/liveness"} {
		expectStatus(t, do(t, anybody(t), client.Request{Method: http.MethodGet, Path: path}), http.StatusOK)
	}
}

func TestDashboardIsServed(t *testing.T) {
	t.Parallel()
	r := do(t, anybody(t), client.Request{Method: http.MethodGet, Path: "/", Header: map[string]string{"Accept": "text/html"}})
	expectStatus(t, r, http.StatusOK)
	if kind := r.Header.Get("Content-Type"); len(kind) < 9 || kind[:9] != "text/html" {
		t.Fatalf("the dashboard is %q", kind)
	}
}

// send sends a command that must cause an event.
func send(t *testing.T, u *user, r client.Request) (*client.Event, *client.TaskData) {
	t.Helper()
	event, data, err := u.Send(t.Context(), r)
	check.NoError(t, err)
	return event, data
}

// listener is an open stream after its hello.
type listener struct {
	*client.Stream
	hello  client.Greeting
	lastID string
}

// open opens the live stream of u from the newest change on.
func open(t *testing.T, u *user) *listener {
	t.Helper()
	return resume(t, u, "")
}

// resume opens the live stream of u after lastEventID.
func resume(t *testing.T, u *user, lastEventID string) *listener {
	t.Helper()
	s := check.Must(u.OpenStream(t.Context(), lastEventID, nil))(t)
	t.Cleanup(s.Close)
	f := check.Must(s.NextEvent(check.Within(t, timeout)))(t)
	checkFrame(t, f)
	l := &listener{Stream: s, lastID: f.ID}
	if f.Event != "hello" {
		t.Fatalf("the first event is %s: %s", f.Event, f.Data)
	}
	l.hello = check.Must(f.Greeting())(t)
	return l
}

// changes reads the next n events, which must all be changes, in order and with ids.
func (l *listener) changes(t *testing.T, n int) []client.UpdateData {
	t.Helper()
	ctx := check.Within(t, timeout)
	out := make([]client.UpdateData, n)
	for i := range out {
		f, err := l.NextEvent(ctx)
		if err != nil {
			t.Fatalf("change %d of %d: %v", i+1, n, err)
		}
		checkFrame(t, f)
		out[i] = check.Must(f.Change())(t)
		if want := frameID(l.hello.Stream, out[i].Seq); f.ID != want {
			t.Fatalf("id %s of the frame with seq %d, not %s", f.ID, out[i].Seq, want)
		}
		l.lastID = f.ID
	}
	return out
}

func checkFrame(t *testing.T, f client.Frame) {
	t.Helper()
	if err := documents(t).CheckFrame(f.Event, f.Data); err != nil {
		t.Fatal(err)
	}
	if time.Since(f.Received) < 0 {
		t.Fatal("a frame has a time in the future")
	}
}

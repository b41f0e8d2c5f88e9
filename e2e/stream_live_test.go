package e2e

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

func frameID(epoch string, seq int64) string { return epoch + "-" + strconv.FormatInt(seq, 10) }

func TestStream_SaysHelloFirst(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	s := open(t, u)
	if s.hello.Stream == "" || s.hello.Seq != 0 || s.lastID != frameID(s.hello.Stream, 0) {
		t.Fatalf("hello before the first change: %+v with id %s", s.hello, s.lastID)
	}
	if kind := s.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/event-stream") {
		t.Fatalf("Content-Type %q", kind)
	}
	if c := s.Header.Get("Cache-Control"); !strings.Contains(c, "no-store") {
		t.Fatalf("Cache-Control %q", c)
	}
	u.create(t, client.Fields{"title": "First"})
	later := open(t, u)
	if later.hello.Stream != s.hello.Stream || later.hello.Seq != 1 || later.lastID != frameID(s.hello.Stream, 1) {
		t.Fatalf("hello after one change: %+v with id %s", later.hello, later.lastID)
	}
	if other := open(t, newUser(t)); other.hello.Stream == s.hello.Stream {
		t.Fatal("two users share an epoch")
	}
}

// TestStream_CarriesTheTask for each kind of change, so that a client needs no second request.
func TestStream_CarriesTheTask(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	s := open(t, u)
	fields := full()
	delete(fields, "recurrence") // its next occurrence would be in between
	created := u.create(t, fields)
	reopened := check.Must(u.CompleteTask(t.Context(), created.ID, false))(t)
	patched := check.Must(u.PatchTask(t.Context(), created.ID, client.Fields{"description": "a\nb\r\n\ndata: c", "tags": []string{}}))(t)
	completed := check.Must(u.CompleteTask(t.Context(), created.ID, true))(t)
	check.NoError(t, u.DeleteTask(t.Context(), created.ID))
	restored := check.Must(u.RestoreTask(t.Context(), created.ID))(t)
	history := check.Must(u.History(t.Context(), 0))(t)
	kinds := []string{"created", "updated", "updated", "completed", "deleted", "updated"}
	tasks := []*client.Task{created, reopened, patched, completed, nil, restored}
	for i, c := range s.changes(t, len(kinds)) {
		if c.ChangeType != kinds[i] || c.TaskID != created.ID || c.UserID != u.ID || c.Seq != int64(i+1) || !c.Timestamp.Equal(history[i].Time) {
			t.Fatalf("change %d: %+v", i, c)
		}
		same(t, "the task", c.Task, tasks[i])
		for _, name := range c.ChangedFields {
			if _, told := history[i].ChangedFields[name]; !told {
				t.Fatalf("change %d names %s, but the history does not", i, name)
			}
		}
		if len(c.ChangedFields) != len(history[i].ChangedFields) {
			t.Fatalf("change %d: fields %v", i, c.ChangedFields)
		}
	}
}

// TestStream_IsFast: a change is on an open stream long before a user would reload.
func TestStream_IsFast(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	s := open(t, u)
	for range 5 {
		u.create(t, client.Fields{"title": "Quick"})
		answered := time.Now()
		f := check.Must(s.NextEvent(check.Within(t, timeout)))(t)
		if late := f.Received.Sub(answered); late > 5*time.Second {
			t.Fatalf("the change reached the stream %v after the response", late)
		}
	}
}

// TestStream_HoldsTheLine: a ping within 20 s, and a retry that differs between clients.
func TestStream_HoldsTheLine(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	streams := make([]*client.Stream, 4)
	for i := range streams {
		streams[i] = check.Must(u.OpenStream(t.Context(), "", nil))(t)
		t.Cleanup(streams[i].Close)
	}
	ctx := check.Within(t, 20*time.Second)
	retries := map[int]bool{}
	for _, s := range streams {
		hello := check.Must(s.NextEvent(ctx))(t)
		retries[hello.Retry] = true
		for {
			f, err := s.Next(ctx)
			if err != nil {
				t.Fatalf("no ping: %v", err)
			}
			if f.Event != "" {
				t.Fatalf("unexpected event: %s %s", f.Event, f.Data)
			}
			if strings.TrimSpace(f.Comment) == "ping" {
				break
			}
		}
	}
	if retries[0] || len(retries) < 2 {
		t.Fatalf("retry is missing or has no jitter: %v", retries)
	}
}

func TestStream_OnlyGetAndHead(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		expectProblem(t, do(t, u.Client, client.Request{Method: method, Path: client.StreamPath}), http.StatusMethodNotAllowed)
	}
	// HEAD is answered at once, and does not open a stream.
	r := do(t, u.Client, client.Request{Method: http.MethodHead, Path: client.StreamPath})
	expectStatus(t, r, http.StatusOK)
	if r.Header.Get("Content-Type") != "text/event-stream" || r.Header.Get("Cache-Control") != "no-store" || len(r.Body) > 0 {
		t.Fatalf("HEAD: %v %q", r.Header, r.Body)
	}
	nobody := client.New(frontDoor, transport)
	expectStatus(t, do(t, nobody, client.Request{Method: http.MethodHead, Path: client.StreamPath}), http.StatusUnauthorized)
}

// TestStream_TokenByHeaderOrCookie, and never in the URL, where logs would record it.
func TestStream_TokenByHeaderOrCookie(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	cookie := u.session.Cookie("taskwire_session")
	if cookie == "" {
		t.Fatal("registration sets no session cookie")
	}
	nobody := u.As("")
	s := check.Must(nobody.OpenStream(t.Context(), "", map[string]string{"Cookie": "a=b; taskwire_session=" + cookie}))(t)
	t.Cleanup(s.Close)
	check.Must(s.NextEvent(check.Within(t, timeout)))(t)
	u.create(t, client.Fields{"title": "Seen by cookie"})
	f := check.Must(s.NextEvent(check.Within(t, timeout)))(t)
	if c := check.Must(f.Change())(t); c.Task.Title != "Seen by cookie" {
		t.Fatalf("%s", f.Data)
	}
	for _, query := range []string{"access_token", "token", "authorization", "jwt", "bearer", "taskwire_session"} {
		r := do(t, nobody, client.Request{Method: http.MethodGet, Path: client.StreamPath + "?" + query + "=" + u.Token()})
		expectProblem(t, r, http.StatusUnauthorized)
	}
	for name, header := range map[string]map[string]string{
		"nothing":            nil,
		"a bad token":        {"Authorization": "Bearer " + forged(t, u.Token())},
		"a bad cookie":       {"Cookie": "taskwire_session=" + forged(t, cookie)},
		"the refresh cookie": {"Cookie": "taskwire_session=" + u.session.Cookie("taskwire_refresh")},
		"basic":              {"Authorization": "Basic dTpw"},
	} {
		r := do(t, nobody, client.Request{Method: http.MethodGet, Path: client.StreamPath, Header: header})
		if r.Status != http.StatusUnauthorized {
			t.Fatalf("%s: %d", name, r.Status)
		}
		expectProblem(t, r, http.StatusUnauthorized)
	}
	// The cookie opens the stream and nothing else: a form on another site must not be able to use it.
	for _, path := range []string{"/api/todos", "/api/auth/me", "/api/status", "/api/history"} {
		r := do(t, nobody, client.Request{Method: http.MethodGet, Path: path, Header: map[string]string{"Cookie": "taskwire_session=" + cookie}})
		expectProblem(t, r, http.StatusUnauthorized)
	}
}

// TestStream_OfARevokedToken ends, and cannot be opened again.
func TestStream_OfARevokedToken(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	token := check.Must(u.CreateToken(t.Context(), "screen", "tasks:read"))(t)
	s := check.Must(u.As(token.Secret).OpenStream(t.Context(), "", nil))(t)
	t.Cleanup(s.Close)
	check.Must(s.NextEvent(check.Within(t, timeout)))(t)
	u.create(t, client.Fields{"title": "Before"})
	check.Must(s.NextEvent(check.Within(t, timeout)))(t)
	check.NoError(t, u.RevokeToken(t.Context(), token.ID))
	r := do(t, u.As(token.Secret), client.Request{Method: http.MethodGet, Path: client.StreamPath})
	expectProblem(t, r, http.StatusUnauthorized)
	ctx := check.Within(t, 25*time.Second)
	for {
		_, err := s.Next(ctx)
		if err != nil {
			if ctx.Err() != nil {
				t.Fatal("the stream of a revoked token is still open")
			}
			return
		}
	}
}

func TestStream_NeedsTheScopeToRead(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	token := check.Must(u.CreateToken(t.Context(), "writer", "tasks:write", "mcp"))(t)
	r := do(t, u.As(token.Secret), client.Request{Method: http.MethodGet, Path: client.StreamPath})
	expectProblem(t, r, http.StatusForbidden)
}

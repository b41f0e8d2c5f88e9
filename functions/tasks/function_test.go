package function

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"taskwire.dev/migrations/pgtest"
	"taskwire.dev/shared/eventually"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/token/tokentest"
	"taskwire.dev/shared/userlog/userlogtest"
)

// bundle is a started function with its own database. There is no sidecar: events stay in the outbox.
type bundle struct {
	*Function
	*userlogtest.Bundle
	issuer tokentest.Issuer
	who    token.Principal
	bearer string
}

func setup(t *testing.T) *bundle {
	t.Helper()
	db := pgtest.New(t)
	b := &bundle{Function: New(), Bundle: userlogtest.Setup(t, db), issuer: tokentest.New(t), who: userlogtest.Principal()}
	b.bearer = b.issuer.Bearer(t, b.who.UserID, token.Scopes...)
	env := b.issuer.Env()
	env["DATABASE_URL"], env["OUTBOX_DATABASE_URL"] = db.URL("taskwire_app"), db.URL("taskwire_outbox")
	if err := b.Start(t.Context(), env); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Stop(context.Background()) })
	eventually.True(t, "the function is ready", func() bool { ready, _ := b.Ready(t.Context()); return ready })
	return b
}

// send sends a request; header has names and values alternately.
func (b *bundle) send(method, path, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Authorization", b.bearer)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	b.Handle(w, r)
	return w
}

func decoded[T any](t *testing.T, w *httptest.ResponseRecorder) (v T) {
	t.Helper()
	if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
		t.Fatalf("%d %s: %v", w.Code, w.Body, err)
	}
	return v
}

func TestACreateIsAnsweredOnceForAKey(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first := b.send("POST", "/api/todos", `{"title":"Water the plants"}`, "Idempotency-Key", "k")
	again := b.send("POST", "/api/todos", `{"title":"Water the plants"}`, "Idempotency-Key", "k")
	if first.Code != http.StatusCreated || again.Body.String() != first.Body.String() || again.Header().Get("ETag") != `"1"` {
		t.Errorf("%d %s, then %d %s", first.Code, first.Body, again.Code, again.Body)
	}
	if w := b.send("POST", "/api/todos", `{"title":"Another"}`, "Idempotency-Key", "k"); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("the key for another request: %d %s", w.Code, w.Body)
	}
	if events := b.Events(t, b.who); len(events) != 1 {
		t.Errorf("%d audit events", len(events))
	}
	if w := b.send("GET", first.Header().Get("Location"), ""); w.Code != http.StatusOK || decoded[task.Task](t, w).Title != "Water the plants" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestTheCompletionOfAnOccurrenceSaysWhenTheNextIsDue(t *testing.T) {
	t.Parallel()
	b := setup(t)
	created := decoded[task.Task](t, b.send("POST", "/api/todos",
		`{"title":"Daily","due_at":"2098-06-02T08:00:00Z","recurrence":{"rrule":"FREQ=DAILY","mode":"schedule"}}`))
	done := b.send("PATCH", "/api/todos/"+created.ID.String()+"/complete", `{"completed":true}`)
	next := decoded[struct {
		At *time.Time `json:"next_occurrence_at"`
	}](t, done)
	if want := time.Date(2098, 6, 3, 8, 0, 0, 0, time.UTC); done.Code != http.StatusOK || next.At == nil || !next.At.Equal(want) {
		t.Errorf("%d %s", done.Code, done.Body)
	}
}

func TestTheAnswerToACompletionCanBeSentBack(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, due := range []string{`"due_at":"2098-06-02T08:00:00Z"`, `"due_date":"2098-06-02"`} {
		created := decoded[task.Task](t, b.send("POST", "/api/todos", `{"title":"Daily",`+due+`,"recurrence":{"rrule":"FREQ=DAILY"}}`))
		path := "/api/todos/" + created.ID.String()
		done := b.send("PATCH", path+"/complete", `{"completed":true}`).Body.String()
		w := b.send("PUT", path, strings.Replace(done, `"Daily"`, `"Weekly"`, 1))
		if w.Code != http.StatusOK || decoded[task.Task](t, w).Title != "Weekly" {
			t.Errorf("%s: %d %s", done, w.Code, w.Body)
		}
	}
}

func TestACloudEventIsACommand(t *testing.T) {
	t.Parallel()
	b := setup(t)
	event := []string{"Ce-Specversion", "1.0", "Ce-Id", "1", "Ce-Source", "/laptop", "Ce-Type", "task.create"}
	for range 2 {
		w := b.send("POST", "/api/events", `{"title":"By event"}`, event...)
		if answer := decoded[map[string]any](t, w); w.Code != http.StatusOK || answer["type"] != "task.created" {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	}
	if events := b.Events(t, b.who); len(events) != 1 || events[0].EventType != task.Created {
		t.Errorf("%+v", events)
	}
}

// An edit or a deletion that arrives as a CloudEvent is about this occurrence or the whole series, as in REST.
func TestACloudEventHasAScope(t *testing.T) {
	t.Parallel()
	b := setup(t)
	created := decoded[task.Task](t, b.send("POST", "/api/todos",
		`{"title":"Daily","due_at":"2098-06-02T08:00:00Z","recurrence":{"rrule":"FREQ=DAILY","mode":"schedule"}}`))
	send := func(id, kind, scope, body string) *httptest.ResponseRecorder {
		return b.send("POST", "/api/events", body, "Ce-Specversion", "1.0", "Ce-Id", id, "Ce-Source", "/laptop", "Ce-Type", kind,
			"Ce-Subject", created.ID.String(), "Ce-Scope", scope)
	}
	for _, c := range []struct {
		id, kind, scope, body string
		status                int
		contains              string
	}{
		{"1", "task.update", "series", `{"title":"x"}`, http.StatusUnprocessableEntity, `"field":"/scope"`},
		{"1", "task.update", "this", `{"recurrence":null}`, http.StatusUnprocessableEntity, `"field":"/recurrence"`},
		{"1", "task.delete", "following", "", http.StatusUnprocessableEntity, `"field":"/scope"`},
		{"1", "task.update", "this", `{"title":"Only today"}`, http.StatusOK, `"title":"Only today"`},
		{"1", "task.update", "following", `{"title":"Only today"}`, http.StatusUnprocessableEntity, `"field":"/id"`},
		{"2", "task.delete", "this", "", http.StatusOK, `"skipped":true`},
	} {
		if w := send(c.id, c.kind, c.scope, c.body); w.Code != c.status || !strings.Contains(w.Body.String(), c.contains) {
			t.Errorf("%s with scope %s: %d %s", c.kind, c.scope, w.Code, w.Body)
		}
	}
	structured := `{"specversion":"1.0","id":"3","source":"/laptop","type":"task.delete","subject":"` + created.ID.String() + `","scope":1}`
	w := b.send("POST", "/api/events", structured, "Content-Type", "application/cloudevents+json")
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `"field":"/scope"`) {
		t.Errorf("a number as scope: %d %s", w.Code, w.Body)
	}
}

func TestTheTokenDecidesWhatIsAllowed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for name, c := range map[string]struct {
		bearer string
		want   int
	}{
		"none":           {"", http.StatusUnauthorized},
		"of a stranger":  {tokentest.New(t).Bearer(t, b.who.UserID, token.Scopes...), http.StatusUnauthorized},
		"for reading":    {b.issuer.Bearer(t, b.who.UserID, token.ScopeRead), http.StatusForbidden},
		"for everything": {b.bearer, http.StatusCreated},
	} {
		if w := b.send("POST", "/api/todos", `{"title":"x"}`, "Authorization", c.bearer); w.Code != c.want {
			t.Errorf("a token %s: %d %s", name, w.Code, w.Body)
		}
	}
}

func TestAMergePatchChangesWhatItNames(t *testing.T) {
	t.Parallel()
	b := setup(t)
	created := b.send("POST", "/api/todos", `{"title":"Milk","tags":["shop"],"due_at":"2098-06-02T08:00:00Z","position":"a0"}`)
	b.send("POST", "/api/todos", `{"title":"Bread","position":"a5"}`)
	path := created.Header().Get("Location")
	for _, c := range []struct {
		patch string
		want  int
	}{
		{`{"title":"Oat milk","due_at":null}`, http.StatusOK},
		{`{"position":null}`, http.StatusOK},
		{`null`, http.StatusUnprocessableEntity},
		{`{"titel":null}`, http.StatusUnprocessableEntity},
		{`{"title":null}`, http.StatusUnprocessableEntity},
		{`{`, http.StatusBadRequest},
	} {
		if w := b.send("PATCH", path, c.patch); w.Code != c.want {
			t.Errorf("%s: %d %s", c.patch, w.Code, w.Body)
		}
	}
	got := decoded[task.Task](t, b.send("GET", path, ""))
	if got.Title != "Oat milk" || got.DueAt != nil || len(got.Tags) != 1 || got.Position <= "a5" || got.Version != 3 {
		t.Errorf("%+v", got)
	}
	if w := b.send("PATCH", path, `{"title":"x"}`, "If-Match", `"1"`); w.Code != http.StatusPreconditionFailed {
		t.Errorf("an old version: %d", w.Code)
	}
}

// A page behind the last event is empty; a task that is not the user's has no page at all.
func TestHistoryOfATaskThatDoesNotExist(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made := b.created(t, `{"title":"x"}`)
	for _, query := range []string{"", "?after=1", "?cursor=1", "?sort=-seq", "?sort=-seq&cursor=-1"} {
		b.expect(t, http.StatusNotFound, "GET", "/api/todos/"+newID()+"/history"+query, "")
		b.expect(t, http.StatusOK, "GET", "/api/todos/"+made.ID.String()+"/history"+query, "")
	}
}

func TestHistoryNamesTheTrace(t *testing.T) {
	t.Parallel()
	b := setup(t)
	const trace = "4bf92f3577b34da6a3ce929d0e0e4736"
	w := b.send("POST", "/api/todos", `{"title":"Buy milk"}`, "traceparent", "00-"+trace+"-00f067aa0ba902b7-01")
	for _, path := range []string{"/api/history", w.Header().Get("Location") + "/history"} {
		found := decoded[page[historyItem]](t, b.send("GET", path, ""))
		if len(found.Items) != 1 || !strings.HasPrefix(found.Items[0].Traceparent, "00-"+trace+"-") {
			t.Errorf("%s: %+v", path, found.Items)
		}
	}
}

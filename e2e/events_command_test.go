package e2e

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

// command returns a CloudEvent with a unique id.
func command(kind, subject, data string) client.Event {
	e := client.Event{ID: rand.Text(), Source: "/laptop", Type: kind, Subject: subject}
	if data != "" {
		e.Data = json.RawMessage(data)
	}
	return e
}

// TestCommand_EveryType, in both modes: each has the same effect as its REST call, and the response is the event that
// it caused.
func TestCommand_EveryType(t *testing.T) {
	t.Parallel()
	for mode, encode := range map[string]func(client.Event) client.Request{
		"binary": client.Event.Binary, "structured": client.Event.Structured,
	} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			u := newUser(t)
			created, data := send(t, u, encode(command("task.create", "", `{"title":"By event","priority":"low"}`)))
			id := data.TaskID
			for _, step := range []struct {
				kind, data, caused string
				version            int64
			}{
				{"task.update", `{"title":"Renamed","priority":null}`, "task.updated", 2},
				{"task.complete", "", "task.completed", 3},
				{"task.reopen", "", "task.updated", 4},
				{"task.delete", "", "task.deleted", 0},
			} {
				event, data := send(t, u, encode(command(step.kind, id, step.data)))
				if event.Type != step.caused || event.Subject != id || data.EventType != step.caused || data.TaskID != id {
					t.Fatalf("%s returned %s of %s: %s", step.kind, event.Type, event.Subject, event.Data)
				}
				if data.Task != nil && data.Task.Version != step.version {
					t.Fatalf("%s: version %d", step.kind, data.Task.Version)
				}
			}
			history := check.Must(u.History(t.Context(), 0))(t)
			if len(history) != 5 || history[0].ID != created.ID {
				t.Fatalf("history: %+v", history)
			}
			same(t, "the task of the answer and of the history", data.Task, history[0].Task)
		})
	}
}

// TestCommand_Scope: an edit of one occurrence leaves the series as it is, and a deletion of one skips it.
func TestCommand_Scope(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	task := u.create(t, client.Fields{"title": "Daily", "due_at": "2098-06-02T08:00:00Z", "recurrence": client.Fields{"rrule": "FREQ=DAILY"}})
	edit := command("task.update", task.ID, `{"title":"Only today"}`)
	edit.Scope = "series"
	expectProblem(t, do(t, u.Client, edit.Structured()), 422, "/scope")
	edit.Scope = "this"
	if _, data := send(t, u, edit.Binary()); data.Task == nil || data.Task.Title != "Only today" {
		t.Fatalf("edited: %+v", data.Task)
	}
	other := edit
	other.Scope = "following"
	expectProblem(t, do(t, u.Client, other.Binary()), 422, "/id")
	skip := command("task.delete", task.ID, "")
	skip.Scope = "this"
	send(t, u, skip.Structured())
	if next := u.successor(t, time.Date(2098, 6, 3, 8, 0, 0, 0, time.UTC)); next.Title != "Daily" {
		t.Fatalf("the next occurrence: %+v", next)
	}
}

// TestCommand_NothingToChange_CausesNothing: 204, and no event.
func TestCommand_NothingToChange_CausesNothing(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	task := u.create(t, client.Fields{"title": "So already"})
	for _, e := range []client.Event{
		command("task.reopen", task.ID, ""), command("task.reopen", task.ID, "null"), command("task.reopen", task.ID, `{"completed":false}`),
		command("task.update", task.ID, `{}`), command("task.update", task.ID, `{"title":"So already"}`),
	} {
		expectStatus(t, do(t, u.Client, e.Binary()), http.StatusNoContent)
		expectStatus(t, do(t, u.Client, e.Structured()), http.StatusNoContent) // the first response again
	}
	expectStatus(t, do(t, u.Client, client.Request{
		Method: http.MethodPost, Path: "/api/events", Header: map[string]string{"Content-Type": "application/cloudevents+json"},
		Body: []byte(`{"specversion": "1.0", "id": "1", "source": "/spaced", "type": "task.reopen", "subject": "` + task.ID + `", "data": null}`),
	}), http.StatusNoContent)
	if seq, _ := u.state(t); seq != 1 {
		t.Fatalf("seq %d", seq)
	}
}

// TestCommand_SourceAndIDAreTheKey: the same event in any mode gets the same response; another event with the same
// source and id is rejected.
func TestCommand_SourceAndIDAreTheKey(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	e := command("task.create", "", `{"title":"Once"}`)
	first := do(t, u.Client, e.Binary())
	expectStatus(t, first, http.StatusOK)
	sameAnswer(t, first, do(t, u.Client, e.Binary()))
	sameAnswer(t, first, do(t, u.Client, e.Structured()))
	later := e
	now := time.Now()
	later.Time = &now // the time of sending is not part of the command
	sameAnswer(t, first, do(t, u.Client, later.Binary()))

	other := e
	other.Data = json.RawMessage(`{"title":"Twice"}`)
	expectProblem(t, do(t, u.Client, other.Binary()), 422, "/id")
	other = e
	other.Data = nil
	other.Type, other.Subject = "task.complete", "019aa8f0-7c00-7a10-8b5e-3f2a1c4d5e6f"
	expectProblem(t, do(t, u.Client, other.Structured()), 422, "/id")

	elsewhere := e
	elsewhere.Source = "/phone"
	expectStatus(t, do(t, u.Client, elsewhere.Binary()), http.StatusOK)
	if seq, tasks := u.state(t); seq != 2 || tasks != 2 {
		t.Fatalf("seq %d, %d tasks", seq, tasks)
	}
	// Another user's events are separate.
	expectStatus(t, do(t, newUser(t).Client, e.Binary()), http.StatusOK)
}

func TestCommand_AtOnce_IsDoneOnce(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	e := command("task.create", "", `{"title":"Once"}`)
	bodies := make([]string, 20)
	var wg sync.WaitGroup
	for i := range bodies {
		wg.Go(func() {
			r, err := u.Do(t.Context(), e.Binary())
			if err != nil {
				t.Error(err)
				return
			}
			bodies[i] = string(r.Body)
		})
	}
	wg.Wait()
	for _, body := range bodies {
		if body != bodies[0] {
			t.Fatalf("two answers:\n%s\n%s", bodies[0], body)
		}
	}
	if seq, _ := u.state(t); seq != 1 {
		t.Fatalf("seq %d", seq)
	}
}

// TestCommand_Invalid: 4xx, a problem, and nothing stored.
func TestCommand_Invalid(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	task := u.create(t, client.Fields{"title": "Mine"})
	foreign := newUser(t)
	theirs := foreign.create(t, client.Fields{"title": "Theirs"})
	const absent = "019aa8f0-7c00-7a10-8b5e-3f2a1c4d5e6f"
	raw := func(contentType, body string) client.Request {
		return client.Request{
			Method: http.MethodPost, Path: "/api/events", Body: []byte(body), Header: map[string]string{"Content-Type": contentType},
		}
	}
	without := func(name string) client.Request {
		r := command("task.create", "", `{"title":"x"}`).Binary()
		delete(r.Header, name)
		return r
	}
	with := func(name, value string) client.Request {
		r := command("task.create", "", `{"title":"x"}`).Binary()
		r.Header[name] = value
		return r
	}
	const structured = "application/cloudevents+json"
	for name, c := range map[string]struct {
		request client.Request
		status  int
		fields  []string
	}{
		"unknown type":           {command("task.fly", task.ID, "").Binary(), 422, []string{"/type"}},
		"type of an event":       {command("task.created", task.ID, `{"title":"x"}`).Binary(), 422, []string{"/type"}},
		"no subject":             {command("task.complete", "", "").Binary(), 422, []string{"/subject"}},
		"subject is no id":       {command("task.complete", "milk", "").Structured(), 422, []string{"/subject"}},
		"subject is absent":      {command("task.complete", absent, "").Binary(), 404, nil},
		"somebody else's":        {command("task.delete", theirs.ID, "").Binary(), 404, nil},
		"no title":               {command("task.create", "", `{}`).Binary(), 422, []string{"/title"}},
		"two faults":             {command("task.create", "", `{"title":"","priority":"x"}`).Structured(), 422, []string{"/title", "/priority"}},
		"bad patch":              {command("task.update", task.ID, `{"title":1}`).Binary(), 422, []string{"/title"}},
		"patch is a list":        {command("task.update", task.ID, `[]`).Binary(), 422, nil},
		"patch is null":          {command("task.update", task.ID, `null`).Structured(), 0, nil},
		"create without data":    {command("task.create", "", "").Binary(), 400, nil},
		"update without data":    {command("task.update", task.ID, "").Structured(), 400, nil},
		"data is no JSON":        {command("task.create", "", `{"title":`).Binary(), 400, nil},
		"no specversion":         {without("ce-specversion"), 400, nil},
		"no id":                  {without("ce-id"), 400, nil},
		"no source":              {without("ce-source"), 400, nil},
		"no type":                {without("ce-type"), 400, nil},
		"old specversion":        {with("ce-specversion", "0.3"), 400, nil},
		"new specversion":        {with("ce-specversion", "2.0"), 400, nil},
		"time is none":           {with("ce-time", "yesterday"), 400, nil},
		"source is no URI":       {with("ce-source", "http://[::1"), 400, nil},
		"text":                   {with("Content-Type", "text/plain"), 415, nil},
		"XML":                    {with("Content-Type", "application/xml"), 415, nil},
		"not an event at all":    {raw("application/json", `{"title":"x"}`), 400, nil},
		"structured, no JSON":    {raw(structured, `{`), 400, nil},
		"structured, empty":      {raw(structured, ``), 400, nil},
		"structured, null":       {raw(structured, `null`), 400, nil},
		"structured, a list":     {raw(structured, `[]`), 400, nil},
		"structured, no type":    {raw(structured, `{"specversion":"1.0","id":"1","source":"/a"}`), 400, nil},
		"structured, id is 1":    {raw(structured, `{"specversion":"1.0","id":1,"source":"/a","type":"task.create","data":{"title":"x"}}`), 400, nil},
		"structured, empty id":   {raw(structured, `{"specversion":"1.0","id":"","source":"/a","type":"task.create","data":{"title":"x"}}`), 400, nil},
		"structured, base64":     {raw(structured, `{"specversion":"1.0","id":"1","source":"/a","type":"task.create","data_base64":"e30"}`), 400, nil},
		"structured, both data":  {raw(structured, `{"specversion":"1.0","id":"2","source":"/a","type":"task.create","data":{"title":"x"},"data_base64":"e30="}`), 0, nil},
		"structured, id twice":   {raw(structured, `{"specversion":"1.0","id":"3","id":"4","source":"/a","type":"task.create","data":{"title":"x"}}`), 422, []string{"/id"}},
		"structured, ext of 1.5": {raw(structured, `{"specversion":"1.0","id":"5","source":"/a","type":"task.create","ratio":1.5,"data":{"title":"x"}}`), 400, nil},
		"id is no UTF-8":         {with("ce-id", "%FF"), 400, nil},
		"id half encoded":        {with("ce-id", "100%"), 400, nil},
		"a control character":    {with("ce-myextension", "a%00"), 400, nil},
		"batch":                  {raw("application/cloudevents-batch+json", `[]`), 415, nil},
		"structured XML":         {raw("application/cloudevents+xml", `<event/>`), 415, nil},
		"structured Avro":        {raw("application/cloudevents+avro", `x`), 415, nil},
		"complete, not to be":    {command("task.complete", task.ID, `{"completed":false}`).Binary(), 422, []string{"/completed"}},
		"reopen, to be done":     {command("task.reopen", task.ID, `{"completed":true}`).Structured(), 422, []string{"/completed"}},
		"complete, misspelt":     {command("task.complete", task.ID, `{"complete":true}`).Binary(), 422, []string{"/complete"}},
		"invalid UTF-8":          {raw(structured, "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/a\",\"type\":\"task.create\",\"data\":{\"title\":\"\xff\"}}"), 400, nil},
	} {
		t.Run(name, func(t *testing.T) {
			r := do(t, u.Client, c.request)
			if c.status == 0 { // 400, 415 and 422 are all correct
				if r.Status < 400 || r.Status > 499 {
					t.Fatalf("%d %s", r.Status, r.Body)
				}
				return
			}
			expectProblem(t, r, c.status, c.fields...)
		})
	}
	if seq, tasks := u.state(t); seq != 1 || tasks != 1 {
		t.Fatalf("something was stored: seq %d, %d tasks", seq, tasks)
	}
	same(t, "the task", check.Must(u.Task(t.Context(), task.ID))(t), task)
}

// TestCommand_Spelling: an event is the same event in every spelling.
func TestCommand_Spelling(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	const data = `{"title":"Spelt"}`
	encoded := base64.StdEncoding.EncodeToString([]byte(data))
	e := command("task.create", "", data)
	e.ID += " café 100%"
	binary := func(id string) client.Request {
		r := e.Binary()
		r.Header["ce-id"] = id
		return r
	}
	structured := func(members string) client.Request {
		return client.Request{
			Method: http.MethodPost, Path: "/api/events", Header: map[string]string{"Content-Type": "application/cloudevents+json"},
			Body: []byte(`{` + members + `"id": "` + e.ID + `", "source": "/laptop", "type": "task.create", "specversion": "1.0"}`),
		}
	}
	first := do(t, u.Client, e.Structured())
	expectStatus(t, first, http.StatusOK)
	for name, r := range map[string]client.Request{
		"percent-encoded":             binary(url.PathEscape(e.ID)),
		"what must be is":             binary(strings.ReplaceAll(e.ID, "%", "%25")),
		"quoted":                      binary(`"` + strings.ReplaceAll(e.ID, "%", "%25") + `"`),
		"base64":                      structured(`"data_base64":"` + encoded + `",`),
		"base64 after a space":        structured(`"data_base64": "` + encoded + `",`),
		"base64 after a line break":   structured("\"data_base64\" :\n\"" + encoded + `",`),
		"base64 behind its own type":  structured(`"datacontenttype": "application/json", "data_base64": "` + encoded + `",`),
		"base64 before its own type":  structured(`"data_base64": "` + encoded + `", "datacontenttype": "application/json",`),
		"data with spaces around it":  structured(`"data" : ` + data + ` ,`),
		"extensions of all the types": structured(`"data": ` + data + `, "a": "b", "c": true, "d": -1,`),
	} {
		t.Run(name, func(t *testing.T) { sameAnswer(t, first, do(t, u.Client, r)) })
	}
	if seq, tasks := u.state(t); seq != 1 || tasks != 1 {
		t.Fatalf("seq %d, %d tasks", seq, tasks)
	}
}

// TestCommand_OddButValid: everything that CloudEvents and HTTP allow is accepted.
func TestCommand_OddButValid(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	binary := func(change func(header map[string]string)) client.Request {
		r := command("task.create", "", `{"title":"Odd"}`).Binary()
		change(r.Header)
		return r
	}
	for name, r := range map[string]client.Request{
		"charset":            binary(func(h map[string]string) { h["Content-Type"] = `application/json; charset=UTF-8` }),
		"extension":          binary(func(h map[string]string) { h["ce-myextension"] = "x" }),
		"upper case headers": binary(func(h map[string]string) { h["CE-ID"] = h["ce-id"]; delete(h, "ce-id") }),
		"long source":        binary(func(h map[string]string) { h["ce-source"] = "https://example.com/" + strings.Repeat("a", 2000) }),
		"a time with offset": binary(func(h map[string]string) { h["ce-time"] = "2026-11-23T12:00:00.5+05:30" }),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, data := send(t, u, r); data.Task.Title != "Odd" {
				t.Fatalf("%+v", data)
			}
		})
	}
}

package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"taskwire.dev/e2e/client"
)

// invalid has invalid values of the fields of a task.
var invalid = map[string][]any{
	"title":       {"", " ", strings.Repeat("x", 501), "a\u0000b", "a\nb", "a\u0085b", 1, true, []string{"a"}, client.Fields{"a": "b"}},
	"description": {strings.Repeat("x", 20001), "a\u0000b", "a\u001bb", 1, false, []string{}},
	"completed":   {"true", 1, 0, "", []bool{true}},
	"priority":    {"", "High", "highest", 3, true, []string{"low"}},
	"project":     {strings.Repeat("x", 101), "a\u0000b", "a\nb", 1, []string{"a"}},
	"tags":        {"garden", []any{1}, []any{nil, 2}, []string{""}, []string{" "}, []string{"a\u0000"}, []string{strings.Repeat("x", 51)}, client.Fields{"a": 1}, make51()},
	"due_at": {
		"", "tomorrow", "2026-12-01", "2026-12-01T08:00:00", "2026-13-01T08:00:00Z", "2026-12-01T25:00:00Z", "2026-12-01 08:00:00Z",
		"2027-02-29T08:00:00Z", "12026-12-01T08:00:00Z", "-0001-01-01T00:00:00Z", 1796112000, true,
		[]string{},
	},
	"timezone":   {"", "Berlin", "Mars/Olympus", "Local", "../../etc/passwd", "/etc/localtime", "+01:00", strings.Repeat("A", 65), 1, []string{"UTC"}},
	"reminders":  {"PT1H", []string{""}, []string{"1h"}, []any{client.Fields{}}, []any{client.Fields{"at": "soon"}}, []string{"-PT1H"}, []string{"P"}, []string{"PT"}, []string{"P1DT"}, []string{"P366D"}, []any{1}, []string{"P1Y1D"}, []string{"PT1H0"}, []string{"P1H"}, []string{"PT1M1H"}},
	"recurrence": {"FREQ=DAILY", 1, []string{}, client.Fields{"rrule": nil}, client.Fields{"rrule": nil, "mode": "schedule"}},
	"parent_id":  {"", "x", 1, "019aa8f0-7c00-7a10-8b5e-3f2a1c4d5e6f", "019aa8f07c007a108b5e3f2a1c4d5e6f", "{019aa8f0-7c00-7a10-8b5e-3f2a1c4d5e6f}"},
	"position":   {"", "a", "0", "a0 ", "a00", "ä0", "a0\u0000", "b0", strings.Repeat("a", 201), 1, true},
	"colour":     {nil, "red", 1},
}

// invalidRules are invalid recurrences, with the member that is wrong.
var invalidRules = []client.Fields{
	{"rrule": "", "mode": "schedule"},
	{"rrule": "DAILY"},
	{"rrule": "FREQ=SOMETIMES"},
	{"rrule": "FREQ=DAILY;COUNT=x"},
	{"rrule": "FREQ=DAILY\nCOUNT=1"},
	{"rrule": "DTSTART=20260101T000000Z;FREQ=DAILY"},
	{"rrule": "FREQ=DAILY;INTERVAL=-1"},
	{"rrule": "FREQ=DAILY;COLOUR=RED"},
	{"rrule": 1},
	{"rrule": "FREQ=DAILY;BYMONTH=13"},
	{"rrule": "INTERVAL=2"},
	{"rrule": "FREQ=SECONDLY"},
	{"rrule": "FREQ=MINUTELY"},
	{"rrule": "FREQ=HOURLY"},
	{"rrule": "FREQ=DAILY;INTERVAL=1000000"},
	{"rrule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"},
	{"rrule": "FREQ=DAILY;COUNT=2;UNTIL=20990101"},
	{"rrule": "FREQ=WEEKLY;BYDAY=1MO"},
}

func make51() []string {
	out := make([]string, 51)
	for i := range out {
		out[i] = fmt.Sprint("tag ", i)
	}
	return out
}

// TestInvalid_EveryMember sends each invalid value in each way: create, replace, patch, batch and event. Each is 422,
// names the member, and changes nothing.
func TestInvalid_EveryMember(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	task := u.create(t, full())
	path := "/api/todos/" + task.ID
	check := func(t *testing.T, member string, value any, pointer string) {
		t.Helper()
		in := client.Fields{"title": "Otherwise good", member: value}
		patch := client.Fields{member: value}
		for name, c := range map[string]struct {
			r      client.Request
			prefix string
		}{
			"create":       {client.Request{Method: "POST", Path: "/api/todos", JSON: in}, ""},
			"replace":      {client.Request{Method: "PUT", Path: path, JSON: in}, ""},
			"patch":        {client.Request{Method: "PATCH", Path: path, JSON: patch, Header: map[string]string{"Content-Type": mergePatch}}, ""},
			"batch create": {batch(client.Fields{"op": "create", "task": in}), "/operations/0/task"},
			"batch update": {batch(client.Fields{"op": "update", "id": task.ID, "task": patch}), "/operations/0/task"},
			"event create": {command("task.create", "", compact(in)).Binary(), ""},
			"event update": {command("task.update", task.ID, compact(patch)).Structured(), ""},
		} {
			r := do(t, u.Client, c.r)
			if r.Status != 422 {
				t.Errorf("%s of %s %.60v: %d %.300s", name, member, value, r.Status, r.Body)
				continue
			}
			p, wrong := readProblem(r)
			if wrong != "" || !names(p, c.prefix+pointer) {
				t.Errorf("%s of %s %.60v: %s %.300s", name, member, value, wrong, r.Body)
			}
		}
	}
	for member, values := range invalid {
		t.Run(member, func(t *testing.T) {
			t.Parallel()
			for _, value := range values {
				if value == nil && member != "colour" {
					continue
				}
				check(t, member, value, "/"+member)
			}
		})
	}
	t.Run("rrule", func(t *testing.T) {
		t.Parallel()
		for _, value := range invalidRules {
			check(t, "recurrence", value, "/recurrence/rrule")
		}
		check(t, "recurrence", client.Fields{"rrule": "FREQ=DAILY", "mode": "sometimes"}, "/recurrence/mode")
		check(t, "recurrence", client.Fields{"rrule": "FREQ=DAILY", "colour": "red"}, "/recurrence/colour")
	})
	t.Cleanup(func() {
		if seq, tasks, err := stateOf(u); err != nil || seq != 1 || tasks != 1 {
			t.Errorf("something was stored: seq %d, %d tasks, %v", seq, tasks, err)
		}
	})
}

// names reports whether a problem names the member or something inside it.
func names(p client.Problem, pointer string) bool {
	for _, f := range p.Errors {
		if f.Field == pointer || strings.HasPrefix(f.Field, pointer+"/") {
			return true
		}
	}
	return false
}

// TestInvalid_AllAtOnce: one response lists all errors.
func TestInvalid_AllAtOnce(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	expectProblem(t, do(t, u.Client, client.Request{Method: "POST", Path: "/api/todos", JSON: client.Fields{
		"title": "", "priority": "x", "due_at": "x", "timezone": "x", "tags": []string{""}, "reminders": []string{"x"}, "position": "",
		"recurrence": client.Fields{"mode": "x"}, "parent_id": "x", "description": "\u0000", "project": "\u0000",
	}}), 422, "/title", "/priority", "/due_at", "/timezone", "/tags", "/reminders", "/position", "/recurrence/mode", "/recurrence/rrule",
		"/parent_id", "/description", "/project")
}

// TestTimes_AreRFC3339 tries what RFC 3339 allows, and what parsers often take beyond it.
func TestTimes_AreRFC3339(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	for _, due := range []string{"2026-12-01T08:00:00Z", "2026-12-01t08:00:00z", "2026-12-01T10:30:00.0+02:30"} {
		task := u.create(t, client.Fields{"title": due, "due_at": due})
		if task.DueAt == nil || !task.DueAt.Equal(time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC)) {
			t.Errorf("%s: %v", due, task.DueAt)
		}
	}
	for _, due := range []string{
		"2026-12-01T8:00:00Z", "2026-12-01T08:00:00,5Z", "2026-12-01T08:00:00+24:00", "2026-12-01T08:00:00+0100", "2026-12-01 08:00:00Z",
	} {
		body := client.Fields{"title": due, "due_at": due}
		expectProblem(t, do(t, u.Client, client.Request{Method: "POST", Path: "/api/todos", JSON: body}), 422, "/due_at")
		query := url.Values{"due_before": {due}}.Encode()
		expectProblem(t, do(t, u.Client, client.Request{Method: "GET", Path: "/api/todos?" + query}), 422, "/due_before")
	}
}

// TestByteOrderMark_IsNamed: editors do not show it.
func TestByteOrderMark_IsNamed(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	r := do(t, u.Client, client.Request{
		Method: "POST", Path: "/api/todos", Body: []byte("\ufeff{\"title\":\"Marked\"}"), Header: map[string]string{"Content-Type": "application/json"},
	})
	if p := expectProblem(t, r, http.StatusBadRequest); !strings.Contains(p.Detail, "byte order mark") {
		t.Error(p.Detail)
	}
}

func TestMediaType(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	task := u.create(t, client.Fields{"title": "Typed"})
	path := "/api/todos/" + task.ID
	body := []byte(`{"title":"Typed"}`)
	for _, c := range []struct {
		method, path, kind string
		status             int
	}{
		{"POST", "/api/todos", "application/json", 201},
		{"POST", "/api/todos", "application/json; charset=utf-8", 201},
		{"POST", "/api/todos", "Application/JSON", 201},
		{"POST", "/api/todos", "", 415},
		{"POST", "/api/todos", "text/plain", 415},
		{"POST", "/api/todos", "application/x-www-form-urlencoded", 415},
		{"POST", "/api/todos", "multipart/form-data; boundary=x", 415},
		{"POST", "/api/todos", "application/json; charset=latin1", 415},
		{"POST", "/api/todos", "application/jsonx", 415},
		{"POST", "/api/todos", mergePatch, 415},
		{"POST", "/api/todos", "nonsense", 415},
		{"POST", "/api/todos/batch", "text/plain", 415},
		{"PUT", path, "application/json", 200},
		{"PUT", path, mergePatch, 415},
		{"PUT", path, "", 415},
		{"PATCH", path, mergePatch, 200},
		{"PATCH", path, "application/json", 200},
		{"PATCH", path, "application/json-patch+json", 415},
		{"PATCH", path, "", 415},
		{"PATCH", path + "/complete", "text/plain", 415},
		{"PUT", "/api/preferences", "text/plain", 415},
		{"POST", "/api/auth/tokens", "text/plain", 415},
		{"POST", "/api/auth/login", "application/x-www-form-urlencoded", 415},
		{"POST", "/api/auth/register", "text/plain", 415},
	} {
		t.Run(fmt.Sprint(c.method, " ", c.path, " ", c.kind), func(t *testing.T) {
			t.Parallel()
			r := do(t, u.Client, client.Request{Method: c.method, Path: c.path, Body: body, Header: map[string]string{"Content-Type": c.kind}})
			if c.status == http.StatusUnsupportedMediaType {
				expectProblem(t, r, c.status)
				return
			}
			expectStatus(t, r, c.status)
		})
	}
}

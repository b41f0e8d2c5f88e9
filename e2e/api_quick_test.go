package e2e

import (
	"encoding/json"
	"net/http"
	"testing"

	"taskwire.dev/e2e/client"
)

// What parse answers is what a create takes, and quick creates the same.
func TestQuickAdd(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	in := client.Fields{
		"text": "pay rent every 1st at 9am #home @money !high", "locale": "en-GB",
		"now": "2098-11-25T09:00:00Z", "timezone": "Europe/Berlin", "week_start": "monday",
	}
	r := do(t, u.Client, client.Request{Method: http.MethodPost, Path: "/api/todos/parse", JSON: in})
	expectStatus(t, r, http.StatusOK)
	var parsed struct {
		Task client.Fields `json:"task"`
	}
	if err := json.Unmarshal(r.Body, &parsed); err != nil {
		t.Fatal(err)
	}
	for path, body := range map[string]client.Fields{"/api/todos": parsed.Task, "/api/todos/quick": in} {
		r := do(t, u.Client, client.Request{Method: http.MethodPost, Path: path, JSON: body})
		expectStatus(t, r, http.StatusCreated)
		var got struct {
			Title, Priority, Project string
			DueAt                    string `json:"due_at"`
			Recurrence               struct{ RRule string }
			Tags                     []string
		}
		if err := json.Unmarshal(r.Body, &got); err != nil {
			t.Fatal(err)
		}
		if got.Title != "pay rent" || got.DueAt != "2098-12-01T08:00:00Z" || got.Recurrence.RRule != "FREQ=MONTHLY;BYMONTHDAY=1" ||
			got.Priority != "high" || got.Project != "home" || len(got.Tags) != 1 {
			t.Errorf("%s: %s", path, r.Body)
		}
	}
}

func TestQuickAdd_WhatIsNotUnderstoodIsTheTitle(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	const text = "take antibiotic every 8 hours #health"
	r := do(t, u.Client, client.Request{Method: http.MethodPost, Path: "/api/todos/parse", JSON: client.Fields{"text": text}})
	expectStatus(t, r, http.StatusOK)
	if want := `{"parts":[],"task":{"title":"` + text + `"}}`; string(r.Body) != want {
		t.Errorf("got %s, want %s", r.Body, want)
	}
	r = do(t, u.Client, client.Request{Method: http.MethodPost, Path: "/api/todos/quick", JSON: client.Fields{"text": text, "timezone": "Mars"}})
	expectStatus(t, r, http.StatusUnprocessableEntity)
}

package reminders

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

// TestQuickAdd_TodayIsThatOfTheClock: "today" is the day of the clock that reminders go by.
func TestQuickAdd_TodayIsThatOfTheClock(t *testing.T) {
	w := setup(t)
	u := w.user(t)
	w.advance(t, 36*time.Hour)
	today := w.now().Format(time.DateOnly)
	in := client.Fields{"text": "Water the plants today", "timezone": "UTC", "week_start": "monday"}
	r := check.Must(u.Do(t.Context(), client.Request{Method: http.MethodPost, Path: "/api/todos/quick", JSON: in}))(t)
	var task struct {
		DueDate string `json:"due_date"`
	}
	check.NoError(t, json.Unmarshal(r.Body, &task))
	if task.DueDate != today && task.DueDate != w.now().Format(time.DateOnly) { // midnight may have passed
		t.Errorf("%s: due on %q, want %s", r.Body, task.DueDate, today)
	}
}

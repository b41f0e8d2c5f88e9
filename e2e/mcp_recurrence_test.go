package e2e

import (
	"strings"
	"testing"
	"time"

	"taskwire.dev/e2e/client"
	"taskwire.dev/shared/eventually"
)

// TestMCP_ARecurringTask: completing it returns when it is due again, and then that task exists.
func TestMCP_ARecurringTask(t *testing.T) {
	t.Parallel()
	a := newUser(t).newAssistant(t)
	task := call[taskAnswer](t, a, "add_task", client.Fields{
		"title": "Feed the cat", "due_at": "2099-11-30T09:00:00Z", "recurrence": client.Fields{"rrule": "FREQ=DAILY", "mode": "schedule"},
	}).Task
	done := call[taskAnswer](t, a, "complete_task", client.Fields{"id": task.ID})
	if done.NextOccurrenceAt == nil || *done.NextOccurrenceAt != "2099-12-01T09:00:00Z" {
		t.Fatalf("%+v", done)
	}
	eventually.Within(t, 30*time.Second, "the next occurrence exists", func() bool {
		open := call[listAnswer](t, a, "list_tasks", client.Fields{}).Tasks
		return len(open) == 1 && open[0].ID != task.ID && open[0].Title == task.Title
	})
}

// TestMCP_AnOccurrenceIsEditedOrSkipped: the assistant has to say, and so to ask, what a deletion means.
func TestMCP_AnOccurrenceIsEditedOrSkipped(t *testing.T) {
	t.Parallel()
	a := newUser(t).newAssistant(t)
	task := call[taskAnswer](t, a, "add_task", client.Fields{
		"title": "Feed the cat", "due_at": "2099-11-30T09:00:00Z", "recurrence": client.Fields{"rrule": "FREQ=DAILY", "mode": "schedule"},
	}).Task
	call[taskAnswer](t, a, "update_task", client.Fields{"id": task.ID, "title": "Feed both cats", "scope": "this"})
	if text := refuse(t, a, "update_task", client.Fields{"id": task.ID, "timezone": "Asia/Tokyo", "scope": "this"}); !strings.Contains(text, "scope=following") {
		t.Error(text)
	}
	if text := refuse(t, a, "delete_task", client.Fields{"id": task.ID}); !strings.Contains(text, "ask the user") {
		t.Error(text)
	}
	for range 2 {
		call[struct{}](t, a, "delete_task", client.Fields{"id": task.ID, "scope": "this", "idempotency_key": "skip"})
	}
	eventually.Within(t, 30*time.Second, "the next occurrence, as the series is", func() bool {
		open := call[listAnswer](t, a, "list_tasks", client.Fields{}).Tasks
		return len(open) == 1 && open[0].ID != task.ID && open[0].Title == "Feed the cat"
	})
}

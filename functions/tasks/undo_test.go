package function

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/reminder"
	"taskwire.dev/shared/task"
)

// A change may also resolve notifications, whose events belong to it but are no changes of a task.
func TestABatchThatResolvedANotificationIsUndone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	due := time.Now().Add(30 * time.Minute).UTC().Truncate(time.Second)
	created := b.created(t, `{"title":"due soon","due_at":"`+due.Format(time.RFC3339)+`"}`)
	b.Exec(t, `INSERT INTO notification (user_id, id, kind, task_id, time_window, due_at, title, body, created_at)
VALUES ($1, $2, $3, $4, 'PT1H', $5, 'x', '', now())`, b.who.UserID, uuid.New(), reminder.Upcoming, created.ID, due)
	b.send("PATCH", "/api/todos/"+created.ID.String()+"/complete", `{"completed":true}`)
	events := b.Events(t, b.who)
	if len(events) != 3 || events[1].EventType != task.Completed {
		t.Fatalf("%+v", events)
	}
	for id, want := range map[uuid.UUID]int{events[2].ID: http.StatusConflict, uuid.New(): http.StatusNotFound} {
		for _, body := range []string{"", `{"scope":"batch"}`} {
			if w := b.send("POST", "/api/history/"+id.String()+"/undo", body); w.Code != want {
				t.Errorf("undo of %s %s: %d %s, want %d", id, body, w.Code, w.Body, want)
			}
		}
	}
	undone := b.send("POST", "/api/history/"+events[1].ID.String()+"/undo", `{"scope":"batch"}`)
	if undone.Code != http.StatusOK {
		t.Fatalf("%d %s", undone.Code, undone.Body)
	}
	if now := decoded[task.Task](t, b.send("GET", "/api/todos/"+created.ID.String(), "")); now.Completed {
		t.Error("it is still completed")
	}
}

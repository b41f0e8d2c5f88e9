package function

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/migrations/pgtest"
	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
	"taskwire.dev/shared/userlog/userlogtest"
)

const (
	appToken = "the sidecar's own"
	route    = "/internal/events/task-events"
)

// bundle is a started function with its own database. There is no sidecar: events stay in the outbox, and tests read
// them there in the form of the topic.
type bundle struct {
	*Function
	*userlogtest.Bundle
	who token.Principal
}

func setup(t *testing.T) *bundle {
	t.Helper()
	db := pgtest.New(t)
	b := &bundle{Function: New(), Bundle: userlogtest.Setup(t, db), who: userlogtest.Principal()}
	err := b.Start(t.Context(), map[string]string{
		"DATABASE_URL": db.URL("taskwire_worker"), "OUTBOX_DATABASE_URL": db.URL("taskwire_outbox"), "APP_API_TOKEN": appToken,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Stop(context.Background()) })
	return b
}

// completed creates a task, completes it, and returns its id and the record of the completion.
func (b *bundle) completed(t *testing.T, recurrence *task.Recurrence) (id uuid.UUID, record string) {
	t.Helper()
	due := time.Date(2098, 6, 2, 8, 0, 0, 0, time.UTC)
	id = b.Do(t, b.who, task.Create{Draft: task.Draft{
		Title: "again", Tags: []string{}, Reminders: []task.Reminder{"PT1H"}, DueAt: &due, Recurrence: recurrence,
	}}).TaskID
	b.Do(t, b.who, task.SetCompleted{ID: id, Completed: true})
	events := b.Outbox(t, b.who, cloudevent.TopicTaskEvents)
	return id, string(events[len(events)-1])
}

func (b *bundle) post(path, token, contentType, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("dapr-api-token", token)
	w := httptest.NewRecorder()
	b.Handle(w, r)
	return w
}

func (b *bundle) made(t *testing.T) (n int) {
	t.Helper()
	for _, e := range b.Events(t, b.who) {
		if e.Actor == "system:recurring-spawn" {
			n++
		}
	}
	return n
}

const structured = "application/cloudevents+json"

func TestACompletionFromEitherDelivererMakesOneSuccessor(t *testing.T) {
	t.Parallel()
	b := setup(t)
	daily := &task.Recurrence{RRule: "FREQ=DAILY", Mode: task.ModeSchedule}
	first, one := b.completed(t, daily)
	second, two := b.completed(t, daily)
	_, other := b.completed(t, nil)
	entries := make([]string, 0, 4)
	for i, record := range []string{one, two, other, one} {
		entries = append(entries, fmt.Sprintf(`{"entryId":"%d","event":%q}`, i, base64.StdEncoding.EncodeToString([]byte(record))))
	}
	for range 2 {
		if w := b.post("/", appToken, structured, one); w.Code != http.StatusNoContent {
			t.Fatalf("KafkaSource: %d %s", w.Code, w.Body)
		}
		w := b.post(route, appToken, "application/json", `{"entries":[`+strings.Join(entries, ",")+`]}`)
		if w.Code != http.StatusOK || strings.Count(w.Body.String(), "SUCCESS") != 4 {
			t.Fatalf("Dapr: %d %s", w.Code, w.Body)
		}
	}
	if n := b.made(t); n != 2 {
		t.Errorf("%d changes, want 2", n)
	}
	for _, id := range []uuid.UUID{first, second} {
		if next := b.Task(t, b.who, task.SuccessorID(id)); next == nil || next.Completed {
			t.Errorf("%+v", next)
		}
	}
}

func TestOnlyTheDelivererIsLetInAndPoisonIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, record := b.completed(t, &task.Recurrence{RRule: "FREQ=DAILY", Mode: task.ModeSchedule})
	for _, path := range []string{"/", route} {
		if w := b.post(path, "a guess", structured, record); w.Code != http.StatusNotFound {
			t.Errorf("%s by a stranger: %d", path, w.Code)
		}
	}
	poison := `{"specversion":"1.0","id":"1","source":"/x","type":"task.completed","datacontenttype":"application/json","data":{"task":{"recurrence":{}}}}`
	if w := b.post("/", appToken, structured, poison); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("poison: %d %s", w.Code, w.Body)
	}
	if w := b.post("/", appToken, structured, strings.ReplaceAll(poison, "completed", "created")); w.Code != http.StatusNoContent {
		t.Errorf("not ours: %d %s", w.Code, w.Body)
	}
	if n := b.made(t); n != 0 {
		t.Errorf("%d changes", n)
	}
}

func TestConformance(t *testing.T) {
	t.Parallel()
	userlogtest.Run(t, func(t testing.TB) userlogtest.Database { return pgtest.New(t) }, userlogtest.Command{
		Role: "taskwire_worker",
		Prepare: func(t *testing.T, b *userlogtest.Bundle, who token.Principal) userlogtest.Deliver {
			id := b.Do(t, who, task.Create{Draft: recurring("again", "FREQ=DAILY", task.ModeSchedule, monday)}).TaskID
			completed := b.Do(t, who, task.SetCompleted{ID: id, Completed: true}).Event
			return func(ctx context.Context, _ *postgres.Pool, log *userlog.Log) error {
				return deliver(ctx, log, *completed)
			}
		},
	})
}

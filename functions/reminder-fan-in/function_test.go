package function

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/migrations/pgtest"
	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/reminder"
	"taskwire.dev/shared/telemetry"
	"taskwire.dev/shared/userlog/userlogtest"
)

const appToken = "the sidecar's own"

func TestAReminderFromEitherDelivererIsOneNotification(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	b := userlogtest.Setup(t, db)
	f := New()
	err := f.Start(t.Context(), map[string]string{
		"DATABASE_URL": db.URL("taskwire_worker"), "OUTBOX_DATABASE_URL": db.URL("taskwire_outbox"), "APP_API_TOKEN": appToken,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Stop(context.Background()) })
	post := func(path, token, event string) int {
		r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(event))
		r.Header.Set("Content-Type", cloudevent.StructuredJSON)
		r.Header.Set("Dapr-Api-Token", token)
		w := httptest.NewRecorder()
		f.Handle(w, r)
		return w.Code
	}
	who := userlogtest.Principal()
	r := upcoming(t, b, who)
	event := eventOf(t, r)
	if status := post("/", "a guess", event); status != http.StatusNotFound {
		t.Errorf("a stranger: %d", status)
	}
	for range 2 {
		if status := post("/", appToken, event); status != http.StatusNoContent {
			t.Errorf("KafkaSource: %d", status)
		}
		if status := post("/internal/events/reminders", appToken, event); status != http.StatusOK {
			t.Errorf("Dapr: %d", status)
		}
	}
	if got := b.Notifications(t, who); len(got) != 1 || got[0].TaskID != r.TaskID {
		t.Errorf("%+v", got)
	}
	poison := strings.Replace(event, r.TaskID.String(), uuid.Nil.String(), 2)
	if status := post("/", appToken, poison); status != http.StatusUnprocessableEntity {
		t.Errorf("poison: %d", status)
	}
}

// eventOf returns the event of a reminder, as overdue-check sends it.
func eventOf(t *testing.T, r reminder.Reminder) string {
	t.Helper()
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf(`{"specversion":"1.0","id":%q,"source":"/users/%s/tasks","type":%q,"subject":%q,"time":%q,"datacontenttype":"application/json",
"partitionkey":%q,"traceparent":%q,"data":%s}`, uuid.New(), r.UserID, reminder.EventPrefix+r.Kind, r.TaskID, time.Now().Format(time.RFC3339), r.UserID, telemetry.Traceparent(context.Background()), data)
}

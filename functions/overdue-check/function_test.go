package function

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"taskwire.dev/migrations/pgtest"
	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/userlog/userlogtest"
)

const appToken = "the sidecar's own"

// A tick comes from a PingSource or from Dapr's cron. It works without a state store, and what it sends it sends once.
func TestATickSendsWhatIsDueOnce(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	b := userlogtest.Setup(t, db)
	who := userlogtest.Principal()
	d := userlogtest.Draft("late")
	past := time.Now().Add(-time.Minute)
	d.DueAt = &past
	b.Do(t, who, task.Create{Draft: d})
	f := New()
	err := f.Start(t.Context(), map[string]string{
		"DATABASE_URL": db.URL("taskwire_worker"), "OUTBOX_DATABASE_URL": db.URL("taskwire_outbox"), "APP_API_TOKEN": appToken,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Stop(context.Background()) })
	tick := func(path, token string) int {
		r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(""))
		r.Header.Set("Dapr-Api-Token", token)
		w := httptest.NewRecorder()
		f.Handle(w, r)
		return w.Code
	}
	for _, path := range []string{"/", "/cron-overdue-check"} {
		if status := tick(path, "a guess"); status != http.StatusNotFound {
			t.Errorf("%s by a stranger: %d", path, status)
		}
	}
	if sent := b.Outbox(t, who, cloudevent.TopicReminders); len(sent) != 0 {
		t.Fatalf("a stranger's tick sent %d reminders", len(sent))
	}
	for _, path := range []string{"/", "/cron-overdue-check"} {
		if status := tick(path, appToken); status != http.StatusOK {
			t.Errorf("%s: %d", path, status)
		}
	}
	sent := b.Outbox(t, who, cloudevent.TopicReminders)
	if len(sent) != 1 || !strings.Contains(string(sent[0]), `"reminder.overdue"`) {
		t.Errorf("%s", sent)
	}
}

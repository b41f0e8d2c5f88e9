package function

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"

	"taskwire.dev/migrations/pgtest"
	"taskwire.dev/shared/eventually"
	"taskwire.dev/shared/notification"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/token/tokentest"
	"taskwire.dev/shared/userlog/userlogtest"
)

const appToken = "the sidecar's own"

// bundle is a started function with a database that has one notification.
type bundle struct {
	*Function
	*userlogtest.Bundle
	who    token.Principal
	bearer string
	id     uuid.UUID
}

func setup(t *testing.T) *bundle {
	t.Helper()
	db, issuer := pgtest.New(t), tokentest.New(t)
	b := &bundle{Function: New(), Bundle: userlogtest.Setup(t, db), who: userlogtest.Principal(), id: uuid.New()}
	b.bearer = issuer.Bearer(t, b.who.UserID, token.Scopes...)
	about := b.Do(t, b.who, task.Create{Draft: userlogtest.Draft("due")}).TaskID
	b.Exec(t, `
INSERT INTO notification (user_id, id, kind, task_id, time_window, due_at, title, body, created_at)
VALUES ($1, $2, 'upcoming', $3, 'PT1H', now(), 'due', 'Due', now())`, b.who.UserID, b.id, about)
	env := issuer.Env()
	env["DATABASE_URL"], env["OUTBOX_DATABASE_URL"], env["APP_API_TOKEN"] = db.URL("taskwire_app"), db.URL("taskwire_outbox"), appToken
	if err := b.Start(t.Context(), env); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Stop(context.Background()) })
	eventually.True(t, "the function is ready", func() bool { ready, _ := b.Ready(t.Context()); return ready })
	return b
}

// send handles a request that came through the sidecar with this token.
func (b *bundle) send(sidecar, method, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Authorization", b.bearer)
	r.Header.Set("Dapr-Api-Token", sidecar)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	b.Handle(w, r)
	return w
}

func TestANotificationIsListedReadAndSnoozed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	count := func(want string) {
		t.Helper()
		if w := b.send(appToken, "GET", "/api/notifications/unread-count", ""); strings.TrimSpace(w.Body.String()) != want {
			t.Errorf("%d %s, want %s", w.Code, w.Body, want)
		}
	}
	count(`{"count":1}`)
	var list struct{ Items []notification.Notification }
	w := b.send(appToken, "GET", "/api/notifications?unread=true", "")
	if err := json.Unmarshal(w.Body.Bytes(), &list); err != nil || len(list.Items) != 1 || list.Items[0].ID != b.id {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if w := b.send(appToken, "PATCH", "/api/notifications/"+b.id.String()+"/read", ""); w.Code != http.StatusOK {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	count(`{"count":0}`)
	if w := b.send(appToken, "POST", "/api/notifications/"+b.id.String()+"/snooze", `{"for":"PT1H"}`); w.Code != http.StatusOK {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := b.send(appToken, "GET", "/api/notifications", ""); strings.Contains(w.Body.String(), b.id.String()) {
		t.Errorf("snoozed, and listed: %s", w.Body)
	}
	if events := b.Events(t, b.who); len(events) != 3 || events[1].EventType != notification.Read || events[2].EventType != notification.Read {
		t.Errorf("%+v", events)
	}
}

// A filter without a value is not applied, as in every list.
func TestFiltersOfTheList(t *testing.T) {
	t.Parallel()
	b := setup(t)
	list := "/api/notifications"
	everything := b.send(appToken, "GET", list, "").Body.String()
	if !strings.Contains(everything, b.id.String()) {
		t.Fatal(everything)
	}
	for _, query := range []string{"?unread=", "?resolved=", "?cursor=", "?unread=&resolved=&cursor="} {
		if w := b.send(appToken, "GET", list+query, ""); w.Code != http.StatusOK || w.Body.String() != everything {
			t.Errorf("%s: %d %s", query, w.Code, w.Body)
		}
	}
	wrong := list + "?unread=yes&resolved=no&cursor=x&a=1&b=2"
	first := b.send(appToken, "GET", wrong, "")
	if first.Code != http.StatusUnprocessableEntity {
		t.Errorf("%d %s", first.Code, first.Body)
	}
	for range 50 {
		if w := b.send(appToken, "GET", wrong, ""); w.Body.String() != first.Body.String() {
			t.Fatalf("%s\nthen %s", first.Body, w.Body)
		}
	}
}

func TestOnlyTheSidecarIsLetIn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	if w := b.send("a guess", "GET", "/api/notifications", ""); w.Code != http.StatusNotFound {
		t.Errorf("a stranger: %d %s", w.Code, w.Body)
	}
	b.bearer = ""
	if w := b.send(appToken, "GET", "/api/notifications", ""); w.Code != http.StatusUnauthorized {
		t.Errorf("for nobody: %d %s", w.Code, w.Body)
	}
}

package reminders

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
	"taskwire.dev/e2e/stack"
	"taskwire.dev/shared/eventually"
)

// state reads a key of the state store through the sidecar of a function that has access.
func (w *world) state(t *testing.T, function, key string) string {
	t.Helper()
	f := w.values.Functions[function]
	url := fmt.Sprintf("http://127.0.0.1:%d/v1.0/state/statestore/%s", f.Dapr.HTTPPort, key)
	r := check.Must(http.NewRequestWithContext(check.Within(t, timeout), http.MethodGet, url, nil))(t)
	r.Header.Set("dapr-api-token", f.APIToken)
	answer := check.Must(http.DefaultClient.Do(r))(t)
	defer answer.Body.Close()
	return string(check.Must(io.ReadAll(answer.Body))(t))
}

type preferences = map[string]any

func (u *user) preferences(t *testing.T) (p preferences) {
	t.Helper()
	r := check.Must(u.Do(t.Context(), client.Request{Method: http.MethodGet, Path: "/api/preferences"}))(t)
	expectOK(t, r)
	check.NoError(t, json.Unmarshal(r.Body, &p))
	return p
}

func (u *user) setLead(t *testing.T, lead string) {
	t.Helper()
	expectOK(t, check.Must(u.Do(t.Context(), client.Request{Method: http.MethodPut, Path: "/api/preferences", JSON: client.Fields{"reminder_lead": lead}}))(t))
}

// TestWhatWasSent_IsRememberedInTheStateStore: other implementations find it under the documented keys.
func TestWhatWasSent_IsRememberedInTheStateStore(t *testing.T) {
	w := setup(t)
	u := w.user(t)
	soon := u.due(t, "Soon", w.now().Add(30*time.Minute))
	late := u.due(t, "Late", w.now().Add(-time.Hour), client.Fields{"timezone": "Asia/Tokyo"})
	u.settle(t, w)
	u.expectTold(t, soon.ID, "upcoming")
	u.expectTold(t, late.ID, "overdue")
	today := w.now().In(check.Must(time.LoadLocation("Asia/Tokyo"))(t)).Format(time.DateOnly)
	for _, key := range []string{"reminder:" + soon.ID + ":PT1H", "overdue:" + late.ID + ":" + today} {
		eventually.Within(t, timeout, key+" is there", func() bool { return w.state(t, "overdue-check", key) != "" })
	}
}

// TestPreferences_AreNeverThoseOfBefore: concurrent readers and writers never see older preferences than before.
func TestPreferences_AreNeverThoseOfBefore(t *testing.T) {
	w := setup(t)
	u := w.user(t)
	key := "user-prefs:" + u.ID
	if lead := u.preferences(t)["reminder_lead"]; lead != "PT1H" {
		t.Fatalf("at first: %v", lead)
	}
	eventually.Within(t, timeout, "the state store has a copy", func() bool { return w.state(t, "tasks", key) != "" })
	done, stop := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	t.Cleanup(readers.Wait)
	t.Cleanup(stop)
	for range 4 {
		readers.Go(func() {
			for done.Err() == nil {
				_, _ = u.Do(done, client.Request{Method: http.MethodGet, Path: "/api/preferences"})
			}
		})
	}
	for minute := 1; minute <= 20; minute++ {
		lead := fmt.Sprintf("PT%dM", minute)
		u.setLead(t, lead)
		if got := u.preferences(t)["reminder_lead"]; got != lead {
			t.Fatalf("wrote %v, read %v", lead, got)
		}
	}
}

// TestWithoutRedis_NothingIsWrong: preferences can be written and read, and reminders follow the current ones.
func TestWithoutRedis_NothingIsWrong(t *testing.T) {
	w := setup(t)
	u := w.user(t)
	u.setLead(t, "PT2H")
	if got := u.preferences(t)["reminder_lead"]; got != "PT2H" {
		t.Fatalf("with Redis: %v", got)
	}
	ctx := check.Within(t, 2*time.Minute)
	check.NoError(t, w.Hold(ctx, stack.Redis))
	released := false
	release := func() {
		if !released {
			released = true
			check.NoError(t, w.Release(context.WithoutCancel(ctx), stack.Redis))
			check.Must(w.WaitHealthy(context.WithoutCancel(ctx), stack.Redis))(t)
		}
	}
	defer release()
	u.setLead(t, "PT3H")
	if got := u.preferences(t)["reminder_lead"]; got != "PT3H" {
		t.Fatalf("without Redis: %v", got)
	}
	task := u.due(t, "Without a guard", w.now().Add(150*time.Minute))
	u.settle(t, w)
	u.expectTold(t, task.ID, "upcoming")
	release()
	if got := u.preferences(t)["reminder_lead"]; got != "PT3H" {
		t.Fatalf("with Redis again: %v", got)
	}
}

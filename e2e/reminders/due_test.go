package reminders

import (
	"net/http"
	"testing"
	"time"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

// TestATaskDueInAnHour_NotifiesOnce: the notification is on the stream and in the list, and returns after its snooze.
func TestATaskDueInAnHour_NotifiesOnce(t *testing.T) {
	w := setup(t)
	u := w.user(t)
	s := check.Must(u.OpenStream(t.Context(), "", nil))(t)
	t.Cleanup(s.Close)
	check.Must(s.NextEvent(check.Within(t, timeout)))(t)
	task := u.due(t, "Due in three hours", w.now().Add(3*time.Hour))
	u.settle(t, w)
	u.expectTold(t, task.ID)

	w.advance(t, 2*time.Hour)
	rung := bell(t, s, task.ID)
	if rung.ChangeType != "created" || rung.Notification.Kind != "upcoming" {
		t.Fatalf("%+v", rung)
	}
	w.advance(t, 30*time.Minute)
	u.settle(t, w)
	u.expectTold(t, task.ID, "upcoming")

	check.Must(u.SnoozeNotification(t.Context(), rung.Notification.ID, "PT20M"))(t)
	if away := bell(t, s, task.ID); away.ChangeType != "read" || away.Notification.SnoozedUntil == nil {
		t.Fatalf("%+v", away)
	}
	w.advance(t, 10*time.Minute)
	u.settle(t, w)
	u.expectTold(t, task.ID)
	w.advance(t, 11*time.Minute)
	back := bell(t, s, task.ID)
	if back.ChangeType != "created" || back.Notification.ID != rung.Notification.ID || back.Notification.ReadAt != nil {
		t.Fatalf("%+v", back)
	}
	u.expectTold(t, task.ID, "upcoming")
}

// TestOverdue_NotifiesOnceALocalDay, at the time of day of the due date.
func TestOverdue_NotifiesOnceALocalDay(t *testing.T) {
	w := setup(t)
	u := w.user(t)
	zone := check.Must(time.LoadLocation("Europe/Berlin"))(t)
	tomorrow := w.now().In(zone).AddDate(0, 0, 1)
	at := func(days, hour, minute int) time.Time {
		return time.Date(tomorrow.Year(), tomorrow.Month(), tomorrow.Day()+days, hour, minute, 0, 0, zone)
	}
	task := u.due(t, "At nine", at(0, 9, 0), client.Fields{"timezone": "Europe/Berlin", "reminders": []string{"PT5M"}})
	quiet := w.user(t)
	expectOK(t, check.Must(quiet.Do(t.Context(), client.Request{
		Method: http.MethodPut, Path: "/api/preferences", JSON: client.Fields{"overdue_reminders": false},
	}))(t))
	unmentioned := quiet.due(t, "Not to be nagged about", at(0, 9, 0))
	for _, step := range []struct {
		to   time.Time
		want []string
	}{
		{at(0, 8, 57), []string{"upcoming"}},
		{at(0, 9, 1), []string{"upcoming", "overdue"}},
		{at(0, 22, 0), []string{"upcoming", "overdue"}},
		{at(1, 8, 0), []string{"upcoming", "overdue"}},
		{at(1, 9, 1), []string{"upcoming", "overdue", "overdue"}},
		{at(4, 12, 0), []string{"upcoming", "overdue", "overdue", "overdue"}}, // no tick in between
	} {
		w.moveTo(t, step.to)
		u.settle(t, w)
		u.expectTold(t, task.ID, step.want...)
	}
	check.Must(u.CompleteTask(t.Context(), task.ID, true))(t)
	w.moveTo(t, at(5, 12, 0))
	u.settle(t, w)
	u.expectTold(t, task.ID, "upcoming", "overdue", "overdue", "overdue")
	quiet.settle(t, w)
	quiet.expectTold(t, unmentioned.ID, "upcoming")
}

// TestAnHourOfDowntime_IsCaughtUp: each reminder is sent once, and none for tasks that were completed or moved
// meanwhile.
func TestAnHourOfDowntime_IsCaughtUp(t *testing.T) {
	w := setup(t)
	u := w.user(t)
	at := w.now().Add(90 * time.Minute)
	kept, done, moved := u.due(t, "Kept", at), u.due(t, "Done", at), u.due(t, "Moved", at)
	ctx := check.Within(t, timeout)
	check.NoError(t, w.Hold(ctx, "overdue-check"))
	w.advance(t, time.Hour)
	check.Must(u.CompleteTask(t.Context(), done.ID, true))(t)
	check.Must(u.PatchTask(t.Context(), moved.ID, client.Fields{"due_at": at.Add(48 * time.Hour).Format(time.RFC3339)}))(t)
	check.NoError(t, w.Release(ctx, "overdue-check"))
	u.settle(t, w)
	u.expectTold(t, kept.ID, "upcoming")
	u.expectTold(t, done.ID)
	u.expectTold(t, moved.ID)
	w.moveTo(t, at.Add(47*time.Hour+time.Minute))
	u.settle(t, w)
	u.expectTold(t, moved.ID, "upcoming")
}

// TestNotificationsPort_AnswersOnlyTheSidecar: a user's valid token is not enough.
func TestNotificationsPort_AnswersOnlyTheSidecar(t *testing.T) {
	w := setup(t)
	u := w.user(t)
	for _, function := range []string{"notifications", "overdue-check", "reminder-fan-in"} {
		target := w.values.Functions[function]
		direct := client.New(target.URL, http.DefaultTransport).As(u.Token())
		for _, r := range []client.Request{
			{Method: http.MethodGet, Path: "/api/notifications"},
			{Method: http.MethodGet, Path: "/api/notifications/unread-count"},
			{Method: http.MethodPost, Path: "/api/notifications/read-all"},
			{Method: http.MethodPost, Path: "/"},
			{Method: http.MethodPost, Path: "/cron-overdue-check"},
			{Method: http.MethodPost, Path: "/internal/events/reminders", JSON: client.Fields{}},
		} {
			for _, token := range []string{"", "guessed"} {
				r.Header = map[string]string{"dapr-api-token": token}
				if got := check.Must(direct.Do(t.Context(), r))(t); got.Status != http.StatusNotFound {
					t.Errorf("%s: %s %s with the app token %q: %d %s", function, r.Method, r.Path, token, got.Status, got.Body)
				}
			}
		}
	}
	// The sidecar's token does not replace a user's: without one it gets nothing.
	target := w.values.Functions["notifications"]
	header := map[string]string{"dapr-api-token": target.AppToken}
	nobody := client.New(target.URL, http.DefaultTransport)
	if got := check.Must(nobody.Do(t.Context(), client.Request{Method: http.MethodGet, Path: "/api/notifications", Header: header}))(t); got.Status != http.StatusUnauthorized {
		t.Errorf("without a user: %d", got.Status)
	}
	expectOK(t, check.Must(nobody.As(u.Token()).Do(t.Context(), client.Request{Method: http.MethodGet, Path: "/api/notifications", Header: header}))(t))
}

func expectOK(t *testing.T, r *client.Response) {
	t.Helper()
	if r.Status != http.StatusOK {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
}

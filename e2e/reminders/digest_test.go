package reminders

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

// TestManyOverdueTasks_AreOneDigestADay: seven tasks of a day are one notification the next morning, and another one the
// morning after. It says how many are left, and disappears with the last one.
func TestManyOverdueTasks_AreOneDigestADay(t *testing.T) {
	w := setup(t)
	u := w.user(t)
	expectOK(t, check.Must(u.Do(t.Context(), client.Request{
		Method: http.MethodPut, Path: "/api/preferences", JSON: client.Fields{"timezone": "Europe/Berlin", "day_start": "08:00"},
	}))(t))
	zone := check.Must(time.LoadLocation("Europe/Berlin"))(t)
	today := w.now().In(zone)
	morning := func(days int) time.Time {
		return time.Date(today.Year(), today.Month(), today.Day()+days, 8, 1, 0, 0, zone)
	}
	var tasks []string
	for i := range 7 {
		task := check.Must(u.CreateTask(t.Context(), client.Fields{
			"title": fmt.Sprintf("Task %d", i), "due_date": morning(1).Format(time.DateOnly), "reminders": []string{},
		}))(t)
		tasks = append(tasks, task.ID)
	}
	s := check.Must(u.OpenStream(t.Context(), "", nil))(t)
	t.Cleanup(s.Close)
	check.Must(s.NextEvent(check.Within(t, timeout)))(t)
	for day := 2; day <= 3; day++ {
		w.moveTo(t, morning(day))
		created := digestFrame(t, s)
		slices.Sort(tasks)
		if got := slices.Sorted(slices.Values(created.Notification.TaskIds)); created.ChangeType != "created" || !slices.Equal(got, tasks) ||
			created.Notification.Title != "7 tasks are overdue" || created.TaskID != nil {
			t.Fatalf("%+v", created)
		}
		if n := check.Must(u.UnreadNotifications(t.Context()))(t); n != day-1 {
			t.Fatalf("day %d: %d are unread", day, n)
		}
	}
	for i, id := range tasks {
		check.Must(u.CompleteTask(t.Context(), id, true))(t)
		for range 2 {
			left := digestFrame(t, s)
			if last := i == len(tasks)-1; left.ChangeType != "read" || last != (left.Notification.ResolvedAt != nil) || len(left.Notification.TaskIds) != len(tasks)-1-i {
				t.Fatalf("after %d: %+v", i+1, left.Notification)
			}
		}
	}
	if n := check.Must(u.UnreadNotifications(t.Context()))(t); n != 0 {
		t.Fatalf("%d are unread", n)
	}
	w.moveTo(t, morning(4))
	u.settle(t, w)
	u.expectTold(t, tasks[0], "overdue", "overdue")
}

// digestFrame reads the stream up to the next event of a digest.
func digestFrame(t *testing.T, s *client.Stream) client.NotificationUpdate {
	t.Helper()
	ctx := check.Within(t, timeout)
	for {
		f := check.Must(s.NextEvent(ctx))(t)
		if told, err := f.Notified(); err == nil && told.Notification != nil && told.Notification.Kind == "digest" {
			return told
		}
	}
}

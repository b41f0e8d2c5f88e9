package e2e

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
	"taskwire.dev/shared/eventually"
)

// soonDue is a task whose reminder is due at once: the lead time is an hour.
func soonDue(title string) client.Fields {
	return client.Fields{"title": title, "due_at": time.Now().Add(30 * time.Minute).UTC().Format(time.RFC3339)}
}

// notified creates a task that is due soon and waits for its notification.
func (u *user) notified(t *testing.T) client.Notification {
	t.Helper()
	task := u.create(t, soonDue("Due soon"))
	return u.toldOf(t, task.ID)
}

// toldOf waits for the notification about a task.
func (u *user) toldOf(t *testing.T, taskID string) (told client.Notification) {
	t.Helper()
	eventually.Within(t, timeout, "a notification about "+taskID, func() bool {
		all := check.Must(u.AllNotifications(t.Context()))(t)
		i := slices.IndexFunc(all, func(n client.Notification) bool { return n.TaskID == taskID })
		if i >= 0 {
			told = all[i]
		}
		return i >= 0
	})
	return told
}

// TestNotifications_AreListedReadAndPutOff tries everything that can be done with notifications.
func TestNotifications_AreListedReadAndPutOff(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	if n := check.Must(u.UnreadNotifications(t.Context()))(t); n != 0 {
		t.Fatalf("a new user has %d", n)
	}
	for range 5 {
		u.notified(t) // one after the other: together they would be a digest
	}
	if n := check.Must(u.UnreadNotifications(t.Context()))(t); n != 5 {
		t.Fatalf("%d are unread, want five", n)
	}
	all := check.Must(u.AllNotifications(t.Context()))(t)
	for i, n := range all {
		if n.Kind != "upcoming" || n.Title != "Due soon" || n.Body == "" || n.ReadAt != nil || n.SnoozedUntil != nil {
			t.Fatalf("%+v", n)
		}
		if i > 0 && n.CreatedAt.After(all[i-1].CreatedAt) {
			t.Fatalf("not newest first: %+v", all)
		}
	}
	var paged []client.Notification
	query := url.Values{"limit": {"2"}}
	for {
		page := check.Must(u.Notifications(t.Context(), query))(t)
		paged = append(paged, page.Items...)
		if page.NextCursor == nil {
			break
		}
		query.Set("cursor", *page.NextCursor)
	}
	same(t, "page by page", paged, all)

	before, _ := u.state(t)
	read := check.Must(u.ReadNotification(t.Context(), all[0].ID))(t)
	again := check.Must(u.ReadNotification(t.Context(), all[0].ID))(t)
	if read.ReadAt == nil || !read.ReadAt.Equal(*again.ReadAt) {
		t.Fatalf("%+v, then %+v", read, again)
	}
	snoozed := check.Must(u.SnoozeNotification(t.Context(), all[1].ID, "PT1H"))(t)
	if snoozed.SnoozedUntil == nil || time.Until(*snoozed.SnoozedUntil) < 30*time.Minute {
		t.Fatalf("%+v", snoozed)
	}
	left := check.Must(u.AllNotifications(t.Context()))(t)
	unread := check.Must(u.Notifications(t.Context(), url.Values{"unread": {"true"}}))(t)
	if len(left) != 4 || len(unread.Items) != 3 || check.Must(u.UnreadNotifications(t.Context()))(t) != 3 {
		t.Fatalf("%d are left, %d unread", len(left), len(unread.Items))
	}
	if n := check.Must(u.ReadAllNotifications(t.Context()))(t); n != 3 {
		t.Fatalf("%d were marked as read, want all", n)
	}
	if n := check.Must(u.ReadAllNotifications(t.Context()))(t); n != 0 {
		t.Fatalf("%d were marked as read again", n)
	}
	history := check.Must(u.History(t.Context(), before))(t)
	if len(history) != 3 {
		t.Fatalf("the log has %d events for a read, a snooze and a read of all", len(history))
	}
	for i, e := range history {
		if e.EventType != "notification.read" || e.Seq != before+int64(i+1) || e.Task != nil {
			t.Fatalf("%+v", e)
		}
	}
}

// TestNotifications_AreOnTheStream in one sequence with the changes of tasks, live and replayed.
func TestNotifications_AreOnTheStream(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	s := check.Must(u.OpenStream(t.Context(), "", nil))(t)
	t.Cleanup(s.Close)
	hello := check.Must(s.NextEvent(check.Within(t, timeout)))(t)
	task := u.create(t, soonDue("Ring the bell"))
	told := u.toldOf(t, task.ID)
	check.Must(u.ReadNotification(t.Context(), told.ID))(t)
	check.Must(u.PatchTask(t.Context(), task.ID, client.Fields{"title": "Rung"}))(t)
	check.Must(u.SnoozeNotification(t.Context(), told.ID, "P1D"))(t)
	names := []string{"sync.task-changed", "sync.notification-created", "sync.notification-read", "sync.task-changed", "sync.notification-read"}
	var live []client.Frame
	for i, name := range names {
		f := check.Must(s.NextEvent(check.Within(t, timeout)))(t)
		check.NoError(t, documents(t).CheckFrame(f.Event, f.Data))
		if f.Event != name {
			t.Fatalf("frame %d is %s: %s", i+1, f.Event, f.Data)
		}
		live = append(live, f)
	}
	created := check.Must(live[1].Notified())(t)
	same(t, "the notification of the frame", created.Notification, told)
	if created.Seq != 2 || *created.TaskID != task.ID || created.UserID != u.ID || created.ChangeType != "created" {
		t.Fatalf("%s", live[1].Data)
	}
	if snoozed := check.Must(live[4].Notified())(t); snoozed.Notification.SnoozedUntil == nil {
		t.Fatalf("%s", live[4].Data)
	}
	replayed := check.Must(u.OpenStream(t.Context(), hello.ID, nil))(t)
	t.Cleanup(replayed.Close)
	check.Must(replayed.NextEvent(check.Within(t, timeout)))(t)
	for i, want := range live {
		f := check.Must(replayed.NextEvent(check.Within(t, timeout)))(t)
		if f.Event != want.Event || f.ID != want.ID || string(f.Data) != string(want.Data) {
			t.Fatalf("frame %d, replayed: %s %s %s\nlive: %s %s %s", i+1, f.Event, f.ID, f.Data, want.Event, want.ID, want.Data)
		}
	}
}

// TestNotifications_AreResolvedWithTheirTasks: completing, deleting or moving a task takes its notification out of the
// unread count, and open screens hear of it.
func TestNotifications_AreResolvedWithTheirTasks(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	for name, change := range map[string]func(id string){
		"completed": func(id string) { check.Must(u.CompleteTask(t.Context(), id, true))(t) },
		"deleted":   func(id string) { check.NoError(t, u.DeleteTask(t.Context(), id)) },
		"moved": func(id string) {
			check.Must(u.PatchTask(t.Context(), id, client.Fields{"due_at": time.Now().Add(72 * time.Hour).UTC().Format(time.RFC3339)}))(t)
		},
		"unreminded": func(id string) { check.Must(u.PatchTask(t.Context(), id, client.Fields{"reminders": []string{}}))(t) },
	} {
		told := u.notified(t)
		s := check.Must(u.OpenStream(t.Context(), "", nil))(t)
		check.Must(s.NextEvent(check.Within(t, timeout)))(t)
		change(told.TaskID)
		if n := check.Must(u.UnreadNotifications(t.Context()))(t); n != 0 {
			t.Fatalf("%s: %d are unread at once", name, n)
		}
		for _, want := range []string{"sync.task-changed", "sync.notification-read"} {
			f := check.Must(s.NextEvent(check.Within(t, timeout)))(t)
			check.NoError(t, documents(t).CheckFrame(f.Event, f.Data))
			if f.Event != want {
				t.Fatalf("%s: %s, not %s: %s", name, f.Event, want, f.Data)
			}
			if want == "sync.task-changed" {
				continue
			}
			if read := check.Must(f.Notified())(t); read.Notification.ID != told.ID || read.Notification.ResolvedAt == nil {
				t.Fatalf("%s: %s", name, f.Data)
			}
		}
		s.Close()
	}
	all := check.Must(u.AllNotifications(t.Context()))(t)
	if left := check.Must(u.Notifications(t.Context(), url.Values{"resolved": {"false"}}))(t); len(all) != 4 || len(left.Items) != 0 {
		t.Fatalf("of %+v, %+v are not resolved", all, left.Items)
	}
}

// TestNotifications_Invalid: invalid requests change nothing.
func TestNotifications_Invalid(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	told := u.notified(t)
	path := client.NotificationPath + "/" + told.ID
	for query, field := range map[string]string{
		"limit=0": "/limit", "limit=201": "/limit", "unread=yes": "/unread", "resolved=1": "/resolved", "cursor=x": "/cursor", "cursor=e30": "/cursor", "colour=red": "/colour",
	} {
		expectProblem(t, do(t, u.Client, client.Request{Method: http.MethodGet, Path: client.NotificationPath + "?" + query}), 422, field)
	}
	expectProblem(t, do(t, u.Client, client.Request{Method: http.MethodGet, Path: client.NotificationPath + "?unread=%zz"}), http.StatusBadRequest)
	snooze := func(body string, header map[string]string) *client.Response {
		h := map[string]string{"Content-Type": "application/json"}
		for name, value := range header {
			h[name] = value
		}
		return do(t, u.Client, client.Request{Method: http.MethodPost, Path: path + "/snooze", Body: []byte(body), Header: h})
	}
	for body, field := range map[string]string{
		`{}`: "/for", `{"for":null}`: "/for", `{"for":"1 hour"}`: "/for", `{"for":"PT0S"}`: "/for", `{"for":"P400D"}`: "/for", `{"for":1}`: "/for",
		`{"for":"PT1H","until":"x"}`: "/until",
	} {
		expectProblem(t, snooze(body, nil), 422, field)
	}
	expectProblem(t, snooze(`{`, nil), http.StatusBadRequest)
	expectProblem(t, snooze(`{"for":"PT1H"}`, map[string]string{"Content-Type": "text/plain"}), http.StatusUnsupportedMediaType)
	expectProblem(t, snooze(`{"for":"PT1H"}`, map[string]string{"Idempotency-Key": "ü"}), http.StatusBadRequest)
	for _, id := range []string{absentID, "x", told.ID[:35], told.TaskID} {
		expectProblem(t, do(t, u.Client, client.Request{Method: http.MethodPatch, Path: client.NotificationPath + "/" + id + "/read"}), http.StatusNotFound)
	}
	expectProblem(t, do(t, u.Client, client.Request{Method: http.MethodDelete, Path: client.NotificationPath}), http.StatusMethodNotAllowed)
	same(t, "the list", check.Must(u.AllNotifications(t.Context()))(t), []client.Notification{told})

	// The same key gets the first response, whatever has changed since.
	key := map[string]string{"Idempotency-Key": rand.Text()}
	first := snooze(`{"for":"PT1H"}`, key)
	check.Must(u.SnoozeNotification(t.Context(), told.ID, "PT5H"))(t)
	if second := snooze(`{"for":"PT1H"}`, key); string(second.Body) != string(first.Body) {
		t.Fatalf("%s, then %s", first.Body, second.Body)
	}
	expectProblem(t, snooze(`{"for":"PT2H"}`, key), 422)
}

// TestNotifications_AreOfOpenTasks: a completed task, or a former due date, causes none.
func TestNotifications_AreOfOpenTasks(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	far := time.Now().Add(100 * 24 * time.Hour).UTC().Format(time.RFC3339)
	u.create(t, client.Fields{"title": "Far away", "due_at": far})
	done := u.create(t, client.Fields{"title": "Done", "due_at": far})
	check.Must(u.CompleteTask(t.Context(), done.ID, true))(t)
	check.Must(u.PatchTask(t.Context(), done.ID, client.Fields{"due_at": time.Now().Add(time.Minute).UTC().Format(time.RFC3339)}))(t)
	late := u.create(t, client.Fields{"title": "Late", "due_at": "2020-01-01T00:00:00Z"})
	if n := u.toldOf(t, late.ID); n.Kind != "overdue" {
		t.Fatalf("%+v", n)
	}
	if all := check.Must(u.AllNotifications(t.Context()))(t); len(all) != 1 {
		t.Fatalf("%+v", all)
	}
}

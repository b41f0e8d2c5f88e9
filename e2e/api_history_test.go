package e2e

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"testing"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

// TestHistory_TellsEveryChange: without gaps, oldest first, each with the whole task after the change.
func TestHistory_TellsEveryChange(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	created := u.create(t, full())
	patched := check.Must(u.PatchTask(t.Context(), created.ID, client.Fields{"title": "New", "due_at": nil}))(t)
	reopened := check.Must(u.CompleteTask(t.Context(), created.ID, false))(t)
	check.NoError(t, u.DeleteTask(t.Context(), created.ID))
	restored := check.Must(u.RestoreTask(t.Context(), created.ID))(t)

	history := check.Must(u.History(t.Context(), 0))(t)
	kinds := []string{"task.created", "task.updated", "task.updated", "task.deleted", "task.updated"}
	tasks := []*client.Task{created, patched, reopened, nil, restored}
	if len(history) != len(kinds) {
		t.Fatalf("%d events", len(history))
	}
	seen := map[string]bool{}
	for i, e := range history {
		if e.Seq != int64(i+1) || e.EventType != kinds[i] || e.UserID != u.ID || e.TaskID != created.ID || e.Actor != "user:"+u.ID || seen[e.ID] {
			t.Fatalf("event %d: %+v", i, e)
		}
		seen[e.ID] = true
		same(t, "the task of event "+strconv.Itoa(i), e.Task, tasks[i])
	}
	same(t, "what was patched", history[1].ChangedFields, map[string]client.Change{
		"title": {From: "Water the plants", To: "New"}, "due_at": {From: "2026-12-01T08:00:00.123456Z"},
	})
	same(t, "what was reopened", history[2].ChangedFields, map[string]client.Change{"completed": {From: true, To: false}})
	for name := range full() {
		if _, told := history[0].ChangedFields[name]; !told {
			t.Fatalf("the creation does not include %s", name)
		}
	}
	// For a personal access token, the actor is the token.
	token := check.Must(u.CreateToken(t.Context(), "script", "tasks:write"))(t)
	check.Must(u.As(token.Secret).CreateTask(t.Context(), client.Fields{"title": "By script"}))(t)
	if e := u.lastEvent(t); e.Actor != "token:"+token.ID {
		t.Fatalf("actor %s", e.Actor)
	}
}

func TestHistory_Pages(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	watched := u.create(t, client.Fields{"title": "0"})
	for i := range 12 {
		check.Must(u.PatchTask(t.Context(), watched.ID, client.Fields{"title": strconv.Itoa(i + 1)}))(t)
		u.create(t, client.Fields{"title": "Noise"})
	}
	read := func(path string, query url.Values) (seqs []int64) {
		for {
			page := check.Must(u.HistoryPage(t.Context(), path, query))(t)
			for _, e := range page.Items {
				seqs = append(seqs, e.Seq)
			}
			if page.NextCursor == nil {
				return seqs
			}
			query.Set("cursor", *page.NextCursor)
			u.create(t, client.Fields{"title": "Meanwhile"}) // only the end of the log grows
		}
	}
	all := read("/api/history", url.Values{"limit": {"4"}})
	for i, seq := range all {
		if seq != int64(i+1) {
			t.Fatalf("page by page: %v", all)
		}
	}
	if after := read("/api/history", url.Values{"after": {"20"}, "limit": {"200"}}); after[0] != 21 {
		t.Fatalf("after 20: %v", after)
	}
	one := read("/api/todos/"+watched.ID+"/history", url.Values{"limit": {"5"}})
	if len(one) != 13 || one[0] != 1 || one[1] != 2 || one[2] != 4 {
		t.Fatalf("of one task: %v", one)
	}
	newest := check.Must(u.HistoryPage(t.Context(), "/api/history", url.Values{"after": {"9223372036854775807"}}))(t)
	if len(newest.Items) != 0 || newest.NextCursor != nil {
		t.Fatalf("after all: %+v", newest)
	}
}

// TestHistory_NewestFirst: one request finds the newest change, and pages back do not shift while the log grows.
func TestHistory_NewestFirst(t *testing.T) {
	t.Parallel()
	u, other := newUser(t), newUser(t)
	other.create(t, client.Fields{"title": "Not mine"})
	newest := func(path string, query url.Values) *client.Page[client.AuditEvent] {
		query.Set("sort", "-seq")
		return check.Must(u.HistoryPage(t.Context(), path, query))(t)
	}
	if page := newest("/api/history", url.Values{}); len(page.Items) != 0 || page.NextCursor != nil {
		t.Fatalf("nothing has happened yet: %+v", page)
	}
	task := u.create(t, client.Fields{"title": "0"})
	for i := range 6 {
		u.create(t, client.Fields{"title": "Noise"})
		check.Must(u.PatchTask(t.Context(), task.ID, client.Fields{"title": strconv.Itoa(i + 1)}))(t)
	}
	if page := newest("/api/history", url.Values{"limit": {"1"}}); len(page.Items) != 1 || page.Items[0].Seq != 13 || page.NextCursor == nil {
		t.Fatalf("the newest: %+v", page)
	}
	for path, want := range map[string][]int64{
		"/api/history":                       {13, 12, 11, 10, 9, 8, 7, 6, 5, 4},
		"/api/todos/" + task.ID + "/history": {13, 11, 9, 7, 5},
	} {
		var seqs []int64
		for query := (url.Values{"limit": {"3"}, "after": {"3"}}); ; {
			page := newest(path, query)
			for _, e := range page.Items {
				seqs = append(seqs, e.Seq)
			}
			if page.NextCursor == nil {
				break
			}
			query.Set("cursor", *page.NextCursor)
		}
		if !slices.Equal(seqs, want) {
			t.Errorf("%s: %v, want %v", path, seqs, want)
		}
	}
	page := newest("/api/history", url.Values{"limit": {"3"}})
	u.create(t, client.Fields{"title": "Meanwhile"})
	if next := newest("/api/history", url.Values{"cursor": {*page.NextCursor}}); next.Items[0].Seq != 10 {
		t.Errorf("after the log has grown: %+v", next.Items[0])
	}
}

func TestHistory_Invalid(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	task := u.create(t, client.Fields{"title": "Some"})
	for query, field := range map[string]string{
		"after=-1": "/after", "after=x": "/after", "after=1e3": "/after", "after=9223372036854775808": "/after",
		"limit=0": "/limit", "limit=201": "/limit", "cursor=x": "/cursor", "before=3": "/before",
		"sort=seq_": "/sort", "sort=-time": "/sort", "sort=-seq&cursor=5": "/cursor", "cursor=-5": "/cursor", "sort=-seq&cursor=--5": "/cursor",
		"sort=seq&sort=-seq": "/sort",
	} {
		expectProblem(t, do(t, u.Client, client.Request{Method: "GET", Path: "/api/history?" + query}), 422, field)
		if field != "/after" {
			expectProblem(t, do(t, u.Client, client.Request{Method: "GET", Path: "/api/todos/" + task.ID + "/history?" + query}), 422, field)
		}
	}
	expectProblem(t, do(t, u.Client, client.Request{Method: "GET", Path: "/api/history?after=%zz"}), http.StatusBadRequest)
	const absent = "019aa8f0-7c00-7a10-8b5e-3f2a1c4d5e6f"
	for _, id := range []string{absent, "x", task.ID[:35]} {
		expectProblem(t, do(t, u.Client, client.Request{Method: "GET", Path: "/api/todos/" + id + "/history"}), http.StatusNotFound)
	}
}

func TestPreferences(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	type preferences = map[string]any
	get := func() preferences {
		var p preferences
		check.NoError(t, do(t, u.Client, client.Request{Method: "GET", Path: "/api/preferences"}).Decode("get", http.StatusOK, &p))
		return p
	}
	put := func(in preferences) *client.Response {
		return do(t, u.Client, client.Request{Method: "PUT", Path: "/api/preferences", JSON: in})
	}
	defaults := preferences{"timezone": "UTC", "reminder_lead": "PT1H", "overdue_reminders": true, "week_start": "monday", "day_start": "09:00"}
	same(t, "at first", get(), defaults)
	chosen := preferences{"timezone": "Europe/Berlin", "reminder_lead": "P1DT2H", "overdue_reminders": false, "week_start": "sunday", "day_start": "06:30", "language": "de", "first_steps_dismissed": true}
	expectStatus(t, put(chosen), http.StatusOK)
	same(t, "chosen", get(), chosen)
	for field, bad := range map[string]any{
		"/timezone": "Mars/Olympus", "/reminder_lead": "1 hour", "/overdue_reminders": "yes", "/week_start": "Monday", "/day_start": "24:00", "/colour": "red",
	} {
		expectProblem(t, put(preferences{field[1:]: bad}), 422, field)
	}
	for _, lead := range []string{"PT0S", "P31D", "-PT1H", "", "P"} {
		expectProblem(t, put(preferences{"reminder_lead": lead}), 422, "/reminder_lead")
	}
	for _, zone := range []string{"", "Local", "../etc/passwd", "europe/berlin/x"} {
		expectProblem(t, put(preferences{"timezone": zone}), 422, "/timezone")
	}
	same(t, "after refusals", get(), chosen)
	expectStatus(t, put(preferences{"timezone": nil, "week_start": "friday"}), http.StatusOK)
	defaults["week_start"] = "friday"
	same(t, "absent is default", get(), defaults)
	if seq, _ := u.state(t); seq != 0 {
		t.Fatal("preferences caused a task's event")
	}
}

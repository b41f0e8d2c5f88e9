package function

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"taskwire.dev/migrations"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/label"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog/userlogtest"
)

// setupLabels is setup, with a check at the end: a rebuild of the log must always give the same tasks.
func setupLabels(t *testing.T) *bundle {
	t.Helper()
	b := setup(t)
	t.Cleanup(func() {
		_, err := migrations.CheckRebuild(context.WithoutCancel(t.Context()), b.Direct("taskwire_owner"), func(d migrations.Difference) { t.Error(d) }, func(migrations.Progress) {})
		if err != nil {
			t.Error(err)
		}
		if folded, err := migrations.Fold(context.WithoutCancel(t.Context()), b.Direct("taskwire_owner")); err != nil || folded > 0 {
			t.Errorf("the search columns of %d tasks are wrong, %v", folded, err)
		}
	})
	return b
}

func (b *bundle) labels(t *testing.T, path string) (names []string, byName map[string]label.Label) {
	t.Helper()
	byName = map[string]label.Label{}
	for _, l := range decoded[page[label.Label]](t, b.send("GET", path, "")).Items {
		names, byName[l.Name] = append(names, l.Name), l
	}
	return names, byName
}

func (b *bundle) task(t *testing.T, id fmt.Stringer) task.Task {
	t.Helper()
	return decoded[task.Task](t, b.send("GET", "/api/todos/"+id.String(), ""))
}

// expect sends a request and checks its status.
func (b *bundle) expect(t *testing.T, status int, method, path, body string, header ...string) {
	t.Helper()
	if w := b.send(method, path, body, header...); w.Code != status {
		t.Errorf("%s %s %s: %d %s, want %d", method, path, body, w.Code, w.Body, status)
	}
}

// lastEvent returns the id of the last event of the user's log.
func (b *bundle) lastEvent(t *testing.T) (e task.Event, undo string) {
	t.Helper()
	events := b.Events(t, b.who)
	e = events[len(events)-1]
	return e, "/api/history/" + e.ID.String() + "/undo"
}

func TestATaskMakesItsProjectAndTagsExist(t *testing.T) {
	t.Parallel()
	b := setupLabels(t)
	b.created(t, `{"title":"Water the plants","project":"Home","tags":["garden","slow"]}`)
	b.created(t, `{"title":"Sweep","project":"HOME","tags":["Garden"]}`)
	projects, byName := b.labels(t, "/api/projects")
	if tags, _ := b.labels(t, "/api/tags"); !slices.Equal(projects, []string{"Home"}) || !slices.Equal(tags, []string{"garden", "slow"}) {
		t.Errorf("%v %v", projects, tags)
	}
	home := byName["Home"]
	if home.ID.Version() != 7 || home.Version != 1 || home.Color != nil || home.Archived || !task.ValidPosition(home.Position) {
		t.Errorf("%+v", home)
	}
	if events := b.Events(t, b.who); len(events) != 2 {
		t.Errorf("%d events, want those of the tasks alone", len(events))
	}
	b.expect(t, http.StatusConflict, "POST", "/api/projects", `{"name":"home"}`)
}

func TestAProjectIsCreatedChangedAndUndone(t *testing.T) {
	t.Parallel()
	b := setupLabels(t)
	made := b.send("POST", "/api/projects", `{"name":" Garden ","color":"green"}`, "Idempotency-Key", "k")
	again := b.send("POST", "/api/projects", `{"name":" Garden ","color":"green"}`, "Idempotency-Key", "k")
	garden := decoded[label.Label](t, made)
	path := "/api/projects/" + garden.ID.String()
	if made.Code != http.StatusCreated || made.Header().Get("Location") != path || again.Body.String() != made.Body.String() || garden.Name != "Garden" {
		t.Fatalf("%d %s, then %s", made.Code, made.Body, again.Body)
	}
	b.expect(t, http.StatusOK, "PATCH", path, `{"color":null,"archived":true}`, "If-Match", `"1"`)
	refused := b.send("PATCH", path, `{"name":"Yard"}`, "If-Match", `"1"`)
	if f := decoded[httpapi.Problem](t, refused); refused.Code != http.StatusPreconditionFailed || f.Detail != "it now has version 2" || strings.Contains(f.Title, "task") {
		t.Errorf("%d %s", refused.Code, refused.Body)
	}
	b.expect(t, http.StatusOK, "PATCH", path, `{"archived":true}`) // an unchanged one makes no event
	e, undo := b.lastEvent(t)
	if e.EventType != "project.updated" || e.Seq != 2 || len(e.ChangedFields) != 2 || e.ChangedFields["color"].From != "green" {
		t.Errorf("%+v", e)
	}
	b.expect(t, http.StatusOK, "POST", undo+"?dry_run=true", "")
	if again, _ := b.lastEvent(t); again.Seq != e.Seq {
		t.Errorf("an undo that is only tried made an event: %+v", again)
	}
	b.expect(t, http.StatusOK, "POST", undo, "")
	if got := decoded[label.Label](t, b.send("GET", path, "")); got.Color == nil || *got.Color != "green" || got.Archived || got.Version != 3 {
		t.Errorf("%+v", got)
	}
	b.expect(t, http.StatusConflict, "POST", undo, "")
	b.expect(t, http.StatusOK, "PATCH", path, `{"position":"a5","color":"blue"}`)
	first := b.Events(t, b.who)[0]
	b.expect(t, http.StatusConflict, "POST", "/api/history/"+first.ID.String()+"/undo", "")
	if w := b.send("GET", "/api/history?sort=-seq&limit=1", ""); !strings.Contains(w.Body.String(), `"project":{"id":"`+garden.ID.String()) {
		t.Errorf("%s", w.Body)
	}
}

func TestWhatIsNotAProject(t *testing.T) {
	t.Parallel()
	b := setupLabels(t)
	for _, body := range []string{
		`{}`, `{"name":""}`, `{"name":"  "}`, `{"name":"\u200b"}`, `{"name":"a\nb"}`, `{"name":"` + strings.Repeat("x", 101) + `"}`,
		`{"name":"a","color":"mauve"}`, `{"name":"a","color":3}`, `{"name":"a","position":"!"}`, `{"name":"a","colour":"red"}`,
	} {
		b.expect(t, http.StatusUnprocessableEntity, "POST", "/api/projects", body)
	}
	b.expect(t, http.StatusUnprocessableEntity, "POST", "/api/tags", `{"name":"`+strings.Repeat("x", 51)+`"}`)
	b.expect(t, http.StatusCreated, "POST", "/api/projects", `{"name":"`+strings.Repeat("ö", 100)+`"}`)
	b.expect(t, http.StatusUnprocessableEntity, "GET", "/api/projects?archived=true", "")
	b.expect(t, http.StatusUnprocessableEntity, "GET", "/api/projects?cursor=x", "")
	b.expect(t, http.StatusNotFound, "GET", "/api/projects/none", "")
	if events := b.Events(t, b.who); len(events) != 1 {
		t.Errorf("%d events", len(events))
	}
}

func TestAnotherUsersProjectIsNotFound(t *testing.T) {
	t.Parallel()
	b := setupLabels(t)
	theirs := decoded[label.Label](t, b.send("POST", "/api/projects", `{"name":"Home"}`))
	mine, path := userlogtest.Principal(), "/api/projects/"+theirs.ID.String()
	b.bearer = b.issuer.Bearer(t, mine.UserID, token.Scopes...)
	b.expect(t, http.StatusNotFound, "GET", path, "")
	b.expect(t, http.StatusNotFound, "PATCH", path, `{"name":"Mine"}`)
	b.expect(t, http.StatusNotFound, "DELETE", path, "")
	b.expect(t, http.StatusNotFound, "GET", strings.Replace(path, "projects", "tags", 1), "")
	b.created(t, `{"title":"a","project":"Home"}`)
	_, own := b.labels(t, "/api/projects")
	b.expect(t, http.StatusUnprocessableEntity, "DELETE", "/api/projects/"+own["Home"].ID.String()+"?tasks=move&to="+theirs.ID.String(), "")
}

// One event says that a project has another name, however many tasks it has: each of them has a new version.
func TestARenameIsOneEvent(t *testing.T) {
	t.Parallel()
	b := setupLabels(t)
	var all []task.Task
	for i := range 3 {
		all = append(all, b.created(t, fmt.Sprintf(`{"title":"task %d","project":"Home","tags":["a"]}`, i)))
	}
	b.created(t, `{"title":"other","project":"Work"}`)
	b.send("DELETE", "/api/todos/"+all[2].ID.String(), "")
	_, byName := b.labels(t, "/api/projects")
	path := "/api/projects/" + byName["Home"].ID.String()
	b.expect(t, http.StatusConflict, "PATCH", path, `{"name":"work"}`)
	b.expect(t, http.StatusOK, "PATCH", path, `{"name":"House"}`)
	e, undo := b.lastEvent(t)
	if entry, err := label.EntryOf(e); err != nil || e.Seq != 6 || len(entry.Relabels) != 1 || entry.Relabels[0].Count != 3 || len(entry.Relabels[0].Tasks) != 3 {
		t.Fatalf("%+v %v", entry, err)
	}
	if got := b.task(t, all[0].ID); *got.Project != "House" || got.Version != 2 || !got.UpdatedAt.Equal(e.Time) {
		t.Errorf("%+v", got)
	}
	if w := b.send("GET", "/api/todos?project=house", ""); len(decoded[page[task.Task]](t, w).Items) != 2 {
		t.Errorf("%s", w.Body)
	}
	b.send("PATCH", "/api/todos/"+all[0].ID.String(), `{"title":"changed"}`)
	b.send("POST", "/api/todos/"+all[2].ID.String()+"/restore", "")
	b.expect(t, http.StatusOK, "PATCH", path, `{"name":"house"}`) // only the spelling
	b.expect(t, http.StatusConflict, "POST", undo, "")
	_, again := b.lastEvent(t)
	b.expect(t, http.StatusOK, "POST", again, "")
	b.expect(t, http.StatusOK, "POST", undo, `{"scope":"batch"}`)
	for _, was := range all {
		if got := b.task(t, was.ID); *got.Project != "Home" {
			t.Errorf("%+v", got)
		}
	}
}

func TestADeletedProjectLeavesItsTasksAndComesBack(t *testing.T) {
	t.Parallel()
	b := setupLabels(t)
	kept, moved := b.created(t, `{"title":"kept","project":"Home"}`), b.created(t, `{"title":"moved later","project":"Home"}`)
	_, byName := b.labels(t, "/api/projects")
	home := byName["Home"]
	b.expect(t, http.StatusNoContent, "DELETE", "/api/projects/"+home.ID.String()+"?tasks=keep", "")
	e, undo := b.lastEvent(t)
	if got := b.task(t, kept.ID); e.EventType != "project.deleted" || got.Project != nil || got.Version != 2 {
		t.Errorf("%s %+v", e.EventType, got)
	}
	b.send("PATCH", "/api/todos/"+moved.ID.String(), `{"project":"Work"}`)
	b.expect(t, http.StatusOK, "POST", undo, "")
	if _, byName = b.labels(t, "/api/projects"); byName["Home"].ID != home.ID || byName["Home"].Position != home.Position {
		t.Errorf("%+v", byName["Home"])
	}
	if got, other := b.task(t, kept.ID), b.task(t, moved.ID); *got.Project != "Home" || *other.Project != "Work" {
		t.Errorf("%+v %+v", got, other)
	}
	b.expect(t, http.StatusConflict, "POST", undo, "")
	_, redo := b.lastEvent(t)
	b.expect(t, http.StatusOK, "POST", redo, "")
	if got := b.task(t, kept.ID); got.Project != nil {
		t.Errorf("%+v", got)
	}
}

func TestAProjectIsDeletedWithItsTasks(t *testing.T) {
	t.Parallel()
	b := setupLabels(t)
	parent := b.created(t, `{"title":"parent","project":"Home","due_at":"2098-06-02T08:00:00Z"}`)
	below := b.created(t, `{"title":"below","parent_id":"`+parent.ID.String()+`","project":"Home"}`)
	daily := b.created(t, `{"title":"daily","project":"Home","due_at":"2098-06-02T08:00:00Z","recurrence":{"rrule":"FREQ=DAILY","mode":"schedule"}}`)
	_, byName := b.labels(t, "/api/projects")
	b.expect(t, http.StatusNoContent, "DELETE", "/api/projects/"+byName["Home"].ID.String()+"?tasks=trash", "")
	if left := b.Tasks(t, b.who); len(left) != 0 {
		t.Errorf("%v", left)
	}
	_, undo := b.lastEvent(t)
	b.expect(t, http.StatusOK, "POST", undo, `{"scope":"batch"}`)
	for _, was := range []task.Task{parent, below, daily} {
		if got := b.task(t, was.ID); *got.Project != "Home" {
			t.Errorf("%+v", got)
		}
	}
	if _, after := b.labels(t, "/api/projects"); after["Home"].ID != byName["Home"].ID {
		t.Errorf("%+v", after)
	}
	_, redo := b.lastEvent(t)
	b.expect(t, http.StatusOK, "POST", redo, `{"scope":"batch"}`)
	if left := b.Tasks(t, b.who); len(left) != 0 {
		t.Errorf("%v", left)
	}
	b.expect(t, http.StatusOK, "POST", "/api/todos/"+daily.ID.String()+"/restore", "")
	if names, after := b.labels(t, "/api/projects"); !slices.Equal(names, []string{"Home"}) || after["Home"].ID == byName["Home"].ID {
		t.Errorf("a restored task makes its project exist, as a new one: %v", after)
	}
}

func TestTagsMergeAndPartAgain(t *testing.T) {
	t.Parallel()
	b := setupLabels(t)
	one := b.created(t, `{"title":"one","tags":["x","shop","y"]}`)
	both := b.created(t, `{"title":"both","tags":["shop","buy"]}`)
	_, byName := b.labels(t, "/api/tags")
	b.expect(t, http.StatusUnprocessableEntity, "DELETE", "/api/tags/"+byName["shop"].ID.String()+"?tasks=move", "")
	b.expect(t, http.StatusUnprocessableEntity, "DELETE", "/api/tags/"+byName["shop"].ID.String()+"?tasks=keep&to="+byName["buy"].ID.String(), "")
	b.expect(t, http.StatusNoContent, "DELETE", "/api/tags/"+byName["shop"].ID.String()+"?tasks=move&to="+byName["buy"].ID.String(), "")
	if got, other := b.task(t, one.ID), b.task(t, both.ID); !slices.Equal(got.Tags, []string{"x", "buy", "y"}) || !slices.Equal(other.Tags, []string{"buy"}) {
		t.Errorf("%v %v", got.Tags, other.Tags)
	}
	_, undo := b.lastEvent(t)
	b.expect(t, http.StatusOK, "POST", undo, "")
	if got, other := b.task(t, one.ID), b.task(t, both.ID); !slices.Equal(got.Tags, []string{"x", "shop", "y"}) || !slices.Equal(other.Tags, []string{"buy", "shop"}) {
		t.Errorf("%v %v", got.Tags, other.Tags)
	}
	b.expect(t, http.StatusOK, "PATCH", "/api/tags/"+byName["y"].ID.String(), `{"name":"why","color":"teal"}`)
	if w := b.send("GET", "/api/todos?tag=why&tag=x", ""); len(decoded[page[task.Task]](t, w).Items) != 1 {
		t.Errorf("%s", w.Body)
	}
}

func TestLabelsAreListedInTheirOrder(t *testing.T) {
	t.Parallel()
	b := setupLabels(t)
	for _, body := range []string{`{"name":"first"}`, `{"name":"second"}`, `{"name":"top","position":"a0"}`} {
		b.expect(t, http.StatusCreated, "POST", "/api/projects", body)
	}
	b.created(t, `{"title":"a","project":"last"}`)
	want := []string{"top", "first", "second", "last"}
	if names, _ := b.labels(t, "/api/projects"); !slices.Equal(names, want) {
		t.Errorf("%v", names)
	}
	var names []string
	for query := "?limit=3"; query != ""; {
		answer := decoded[page[label.Label]](t, b.send("GET", "/api/projects"+query, ""))
		for _, l := range answer.Items {
			names = append(names, l.Name)
		}
		if query = ""; answer.NextCursor != nil {
			query = "?limit=3&cursor=" + *answer.NextCursor
		}
	}
	if !slices.Equal(names, want) {
		t.Errorf("%v", names)
	}
}

func TestLabelsAreListedWithTheirOpenTasks(t *testing.T) {
	t.Parallel()
	b := setupLabels(t)
	b.created(t, `{"title":"open","project":"Home","tags":["a","b"]}`)
	b.created(t, `{"title":"open too","project":"HOME","tags":["a"]}`)
	done := b.created(t, `{"title":"done","project":"Home","tags":["b"]}`)
	b.expect(t, http.StatusOK, "PATCH", "/api/todos/"+done.ID.String()+"/complete", `{"completed":true}`)
	gone := b.created(t, `{"title":"deleted","project":"Empty"}`)
	b.expect(t, http.StatusNoContent, "DELETE", "/api/todos/"+gone.ID.String(), "")
	for path, want := range map[string]string{"/api/projects?open=true": "Home 2 Empty 0 ", "/api/tags?open=true": "a 2 b 1 "} {
		got := ""
		for _, item := range decoded[page[labelItem]](t, b.send("GET", path, "")).Items {
			got += fmt.Sprintf("%s %d ", item.Name, *item.Open)
		}
		if got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	if w := b.send("GET", "/api/projects", ""); strings.Contains(w.Body.String(), `"open"`) {
		t.Errorf("without asking: %s", w.Body)
	}
	for _, query := range []string{"?open=yes", "?open=true&open=true", "?close=true"} {
		b.expect(t, http.StatusUnprocessableEntity, "GET", "/api/projects"+query, "")
	}
}

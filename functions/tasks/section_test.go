package function

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"taskwire.dev/shared/label"
	"taskwire.dev/shared/task"
)

// section creates a section and returns its path.
func (b *bundle) section(t *testing.T, project label.Label, name string) (label.Label, string) {
	t.Helper()
	w := b.send("POST", "/api/sections", fmt.Sprintf(`{"name":%q,"project_id":"%s"}`, name, project.ID))
	if w.Code != http.StatusCreated {
		t.Fatalf("%s: %d %s", name, w.Code, w.Body)
	}
	made := decoded[label.Label](t, w)
	if made.ProjectID == nil || *made.ProjectID != project.ID {
		t.Errorf("%s", w.Body)
	}
	return made, "/api/sections/" + made.ID.String()
}

// project creates a project.
func (b *bundle) project(t *testing.T, name string) label.Label {
	t.Helper()
	return decoded[label.Label](t, b.send("POST", "/api/projects", fmt.Sprintf(`{"name":%q}`, name)))
}

// in returns where a task is, and its version.
func (b *bundle) in(t *testing.T, id fmt.Stringer) string {
	t.Helper()
	got := b.task(t, id)
	name := func(s *string) string {
		if s == nil {
			return "-"
		}
		return *s
	}
	return fmt.Sprintf("%s/%s %d", name(got.Project), name(got.Section), got.Version)
}

func TestATaskMakesItsSectionExist(t *testing.T) {
	t.Parallel()
	b := setupLabels(t)
	first := b.created(t, `{"title":"first","project":"Home","section":"Kitchen"}`)
	b.created(t, `{"title":"second","project":"HOME","section":"KITCHEN"}`)
	other := b.created(t, `{"title":"third","project":"Work","section":"kitchen"}`)
	names, _ := b.labels(t, "/api/sections")
	if !slices.Equal(names, []string{"Kitchen", "kitchen"}) || *other.Section != "kitchen" {
		t.Errorf("%v %+v", names, other)
	}
	for query, want := range map[string]int{"project=home&section=kitchen": 2, "project=work&section=Kitchen": 1, "project=work&section=cellar": 0} {
		if got := len(decoded[page[task.Task]](t, b.send("GET", "/api/todos?"+query, "")).Items); got != want {
			t.Errorf("%s: %d tasks, want %d", query, got, want)
		}
	}
	path := "/api/todos/" + first.ID.String()
	for _, step := range []struct{ patch, want string }{
		{`{"section":"Bath"}`, "Home/Bath 2"},
		{`{"section":"kitchen"}`, "Home/Kitchen 3"},
		{`{"project":"home"}`, "Home/Kitchen 3"},
		{`{"project":"Work"}`, "Work/- 4"},
		{`{"project":"Home","section":"bath"}`, "Home/Bath 5"},
		{`{"section":null}`, "Home/- 6"},
		{`{"section":"Bath"}`, "Home/Bath 7"},
		{`{"project":null}`, "-/- 8"},
	} {
		b.expect(t, http.StatusOK, "PATCH", path, step.patch)
		if got := b.in(t, first.ID); got != step.want {
			t.Errorf("%s: %s, want %s", step.patch, got, step.want)
		}
	}
	_, undo := b.lastEvent(t)
	b.expect(t, http.StatusOK, "POST", undo, "")
	if got := b.in(t, first.ID); got != "Home/Bath 9" {
		t.Error(got)
	}
	for _, body := range []string{`{"section":"x","project":null}`, `{"section":7}`, `{"section":"\u0000"}`, `{"section":"` + strings.Repeat("x", 101) + `"}`} {
		b.expect(t, http.StatusUnprocessableEntity, "PATCH", path, body)
	}
	b.expect(t, http.StatusUnprocessableEntity, "POST", "/api/todos", `{"title":"x","section":"x"}`)
	b.expect(t, http.StatusUnprocessableEntity, "GET", "/api/todos?section=x", "")
}

func TestASectionIsRenamedMovedAndDeleted(t *testing.T) {
	t.Parallel()
	b := setupLabels(t)
	home, work := b.project(t, "Home"), b.project(t, "Work")
	kitchen, path := b.section(t, home, "Kitchen")
	_, bath := b.section(t, home, "Bath")
	b.section(t, work, "Kitchen")
	task1 := b.created(t, `{"title":"a","project":"Home","section":"Kitchen"}`)
	other := b.created(t, `{"title":"b","project":"Work","section":"Kitchen"}`)
	b.expect(t, http.StatusConflict, "POST", "/api/sections", fmt.Sprintf(`{"name":"KITCHEN","project_id":"%s"}`, home.ID))
	b.expect(t, http.StatusConflict, "PATCH", path, `{"name":"bath"}`)
	b.expect(t, http.StatusOK, "PATCH", path, `{"name":"Cooking"}`, "If-Match", `"1"`)
	if got := b.in(t, task1.ID) + b.in(t, other.ID); got != "Home/Cooking 2Work/Kitchen 1" {
		t.Error(got)
	}
	e, undo := b.lastEvent(t)
	if e.EventType != "section.updated" {
		t.Errorf("%+v", e)
	}
	b.expect(t, http.StatusOK, "POST", undo, "")
	if got := b.in(t, task1.ID); got != "Home/Kitchen 3" {
		t.Error(got)
	}
	b.expect(t, http.StatusOK, "PATCH", bath, `{"position":"a0"}`)
	if names, _ := b.labels(t, "/api/sections"); names[0] != "Bath" {
		t.Errorf("%v", names)
	}
	b.expect(t, http.StatusNoContent, "DELETE", path, "")
	if got := b.in(t, task1.ID) + b.in(t, other.ID); got != "Home/- 4Work/Kitchen 1" {
		t.Error(got)
	}
	b.expect(t, http.StatusNotFound, "GET", path, "")
	e, undo = b.lastEvent(t)
	if e.EventType != "section.deleted" {
		t.Errorf("%+v", e)
	}
	b.expect(t, http.StatusOK, "POST", undo, "")
	if got := b.in(t, task1.ID); got != "Home/Kitchen 5" {
		t.Error(got)
	}
	if back := decoded[label.Label](t, b.send("GET", path, "")); back.ID != kitchen.ID || *back.ProjectID != home.ID {
		t.Errorf("%+v", back)
	}
	_, redo := b.lastEvent(t)
	b.expect(t, http.StatusOK, "POST", redo, "")
	if got := b.in(t, task1.ID); got != "Home/- 6" {
		t.Error(got)
	}
}

func TestTheTasksOfADeletedSection(t *testing.T) {
	t.Parallel()
	b := setupLabels(t)
	home, work := b.project(t, "Home"), b.project(t, "Work")
	_, kitchen := b.section(t, home, "Kitchen")
	bath, _ := b.section(t, home, "Bath")
	office, _ := b.section(t, work, "Kitchen")
	first := b.created(t, `{"title":"a","project":"Home","section":"Kitchen"}`)
	subtask := b.created(t, `{"title":"b","parent_id":"`+first.ID.String()+`"}`)
	other := b.created(t, `{"title":"c","project":"Work","section":"Kitchen"}`)
	undo := func(want string) {
		t.Helper()
		_, last := b.lastEvent(t)
		b.expect(t, http.StatusOK, "POST", last, `{"scope":"batch"}`)
		if got := b.in(t, first.ID); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	for _, to := range []string{office.ID.String(), home.ID.String(), newID(), strings.TrimPrefix(kitchen, "/api/sections/"), "x", ""} {
		b.expect(t, http.StatusUnprocessableEntity, "DELETE", kitchen+"?tasks=move&to="+to, "")
	}
	b.expect(t, http.StatusUnprocessableEntity, "DELETE", kitchen+"?tasks=move", "")
	b.expect(t, http.StatusNoContent, "DELETE", kitchen+"?tasks=move&to="+bath.ID.String(), "")
	if got := b.in(t, first.ID) + ", " + b.in(t, other.ID); got != "Home/Bath 2, Work/Kitchen 1" {
		t.Errorf("moved to another section: %s", got)
	}
	undo("Home/Kitchen 3")

	b.expect(t, http.StatusNoContent, "DELETE", kitchen+"?tasks=trash", "")
	gone := func() {
		t.Helper()
		for _, id := range []string{first.ID.String(), subtask.ID.String()} {
			b.expect(t, http.StatusNotFound, "GET", "/api/todos/"+id, "")
		}
		b.expect(t, http.StatusNotFound, "GET", kitchen, "")
		if got := b.in(t, other.ID); got != "Work/Kitchen 1" {
			t.Errorf("of another project: %s", got)
		}
	}
	gone()
	undo("Home/Kitchen 5")
	b.expect(t, http.StatusOK, "GET", kitchen, "")
	b.expect(t, http.StatusOK, "GET", "/api/todos/"+subtask.ID.String(), "")
	_, redo := b.lastEvent(t)
	b.expect(t, http.StatusOK, "POST", redo, `{"scope":"batch"}`)
	gone()
	// A task that comes back from the trash makes its section exist.
	b.expect(t, http.StatusOK, "POST", "/api/todos/"+first.ID.String()+"/restore", "")
	if names, _ := b.labels(t, "/api/sections"); !slices.Contains(names, "Kitchen") {
		t.Errorf("%v", names)
	}
}

func TestSectionsFollowTheirProject(t *testing.T) {
	t.Parallel()
	b := setupLabels(t)
	home, work := b.project(t, "Home"), b.project(t, "Work")
	kitchen, _ := b.section(t, home, "kitchen")
	bath, bathPath := b.section(t, home, "Bath")
	b.section(t, work, "Kitchen")
	one := b.created(t, `{"title":"a","project":"Home","section":"Kitchen"}`)
	two := b.created(t, `{"title":"b","project":"Home","section":"Bath"}`)
	path := "/api/projects/" + home.ID.String()
	where := func() string { return b.in(t, one.ID) + ", " + b.in(t, two.ID) }
	want := func(want string) {
		t.Helper()
		if got := where(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	b.expect(t, http.StatusOK, "PATCH", path, `{"name":"House"}`)
	want("House/kitchen 2, House/Bath 2")
	b.created(t, `{"title":"c","project":"House","section":"KITCHEN"}`)
	if names, byName := b.labels(t, "/api/sections"); len(names) != 3 || *byName["Bath"].ProjectID != home.ID {
		t.Errorf("after the rename of the project: %v", names)
	}
	// A merge: the section of the same name is that of the target, in its spelling; the other moves.
	b.expect(t, http.StatusNoContent, "DELETE", path+"?tasks=move&to="+work.ID.String(), "")
	want("Work/Kitchen 3, Work/Bath 3")
	if names, byName := b.labels(t, "/api/sections"); len(names) != 2 || byName["Bath"].ID != bath.ID || *byName["Bath"].ProjectID != work.ID {
		t.Errorf("after the merge: %v", names)
	}
	_, undo := b.lastEvent(t)
	b.created(t, `{"title":"d","project":"Work","section":"bath"}`)
	b.expect(t, http.StatusOK, "POST", undo, "")
	want("House/kitchen 4, House/Bath 4")
	if names, byName := b.labels(t, "/api/sections"); len(names) != 4 || byName["kitchen"].ID != kitchen.ID {
		t.Errorf("after its undo: %v", names)
	}
	if got := decoded[label.Label](t, b.send("GET", bathPath, "")); *got.ProjectID != home.ID {
		t.Errorf("%+v", got)
	}
	// Without their project, tasks have no section.
	b.expect(t, http.StatusNoContent, "DELETE", path, "")
	want("-/- 5, -/- 5")
	if names, _ := b.labels(t, "/api/sections"); len(names) != 2 {
		t.Errorf("after the deletion: %v", names)
	}
	_, undo = b.lastEvent(t)
	b.expect(t, http.StatusOK, "POST", undo, "")
	want("House/kitchen 6, House/Bath 6")
	// With its tasks, a restored one makes both exist.
	b.expect(t, http.StatusNoContent, "DELETE", path+"?tasks=trash", "")
	b.expect(t, http.StatusOK, "POST", "/api/todos/"+one.ID.String()+"/restore", "")
	want2 := b.in(t, one.ID)
	if names, _ := b.labels(t, "/api/sections"); !strings.HasPrefix(want2, "House/kitchen") || !slices.Contains(names, "kitchen") {
		t.Errorf("%s %v", want2, names)
	}
}

func TestHostileSections(t *testing.T) {
	t.Parallel()
	b := setupLabels(t)
	home := b.project(t, "Home")
	_, path := b.section(t, home, "Kitchen")
	tag := b.created(t, `{"title":"x","tags":["a"]}`)
	_, tags := b.labels(t, "/api/tags")
	id := home.ID.String()
	for _, body := range []string{
		`{"name":"x"}`, `{"project_id":"` + id + `"}`, `{"name":"x","project_id":7}`, `{"name":"x","project_id":"` + tag.ID.String() + `"}`,
		`{"name":"x","project_id":"` + tags["a"].ID.String() + `"}`, `{"name":"x","project_id":"` + newID() + `"}`, `{"name":"x","project_id":"1"}`,
		`{"name":"` + strings.Repeat("x", 101) + `","project_id":"` + id + `"}`, `{"name":"a\u001fb","project_id":"` + id + `"}`,
		`{"name":"x","archived":true,"project_id":"` + id + `"}`, `{"name":"\u200b","project_id":"` + id + `"}`, `{"name":"x","color":"#fff","project_id":"` + id + `"}`,
	} {
		b.expect(t, http.StatusUnprocessableEntity, "POST", "/api/sections", body)
	}
	b.expect(t, http.StatusUnprocessableEntity, "POST", "/api/projects", `{"name":"x","project_id":"`+id+`"}`)
	b.expect(t, http.StatusUnprocessableEntity, "GET", "/api/sections?open=true", "")
	for _, other := range []string{"/api/sections/" + id, "/api/sections/" + newID(), "/api/sections/x", strings.Replace(path, "sections", "projects", 1), strings.Replace(path, "sections", "tags", 1)} {
		b.expect(t, http.StatusNotFound, "GET", other, "")
		b.expect(t, http.StatusNotFound, "PATCH", other, `{"name":"y"}`)
		b.expect(t, http.StatusNotFound, "DELETE", other, "")
	}
	b.expect(t, http.StatusPreconditionFailed, "PATCH", path, `{"name":"y"}`, "If-Match", `"7"`)
}

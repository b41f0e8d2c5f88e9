package function

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"taskwire.dev/shared/label"
	"taskwire.dev/shared/task"
)

// fill gives the user n names of a kind: from+1, from+2 and so on, of sections in the given project.
func (b *bundle) fill(t *testing.T, kind, project string, from, n int) {
	t.Helper()
	b.Exec(t, `INSERT INTO task_name (user_id, name, spelling) SELECT $1, $2 || i || $3, i FROM generate_series($4::integer + 1, $4 + $5) AS i`,
		b.who.UserID, kind, project, from, n)
}

func TestNamesAreBounded(t *testing.T) {
	t.Parallel()
	b := setupLabels(t)
	home := b.project(t, "Home")
	one := b.created(t, `{"title":"one","project":"Home","section":"Kitchen","tags":["garden"]}`)
	path := "/api/todos/" + one.ID.String()
	refused := func(bound int, method, path, body string) {
		t.Helper()
		w := b.send(method, path, body)
		if w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "/problems/quota-exceeded") || !strings.Contains(w.Body.String(), fmt.Sprintf("at most %d ", bound)) {
			t.Errorf("%s %s %s: %d %s", method, path, body, w.Code, w.Body)
		}
	}
	b.fill(t, "s:", "\x1fhome", 0, task.MaxSections-1)
	b.fill(t, "p:", "", 0, task.MaxNames-1)
	b.fill(t, "t:", "", 0, task.MaxNames-1)
	sectionOfHome := fmt.Sprintf(`{"name":"Bath","project_id":"%s"}`, home.ID)
	for _, q := range []struct {
		bound              int
		method, path, body string
	}{
		{task.MaxSections, "POST", "/api/todos", `{"title":"two","project":"Home","section":"Bath"}`},
		{task.MaxSections, "PATCH", path, `{"section":"Bath"}`},
		{task.MaxSections, "PATCH", path, `{"project":"1","section":"Kitchen"}`},
		{task.MaxSections, "POST", "/api/sections", sectionOfHome},
		{task.MaxSections, "POST", "/api/todos/quick", `{"text":"Tile #home/bath"}`},
		{task.MaxNames, "PATCH", path, `{"project":"Work"}`},
		{task.MaxNames, "POST", "/api/projects", `{"name":"Work"}`},
		{task.MaxNames, "PATCH", path, `{"tags_add":["1","new"]}`},
		{task.MaxNames, "POST", "/api/tags", `{"name":"new"}`},
		{task.MaxNames, "POST", "/api/todos/batch", `{"operations":[{"op":"update","id":"` + one.ID.String() + `","task":{"title":"x"}},{"op":"create","task":{"title":"x","tags":["new"]}}]}`},
		{task.MaxNames, "POST", "/api/todos/batch?dry_run=true", `{"operations":[{"op":"create","task":{"title":"x","tags":["new"]}}]}`},
	} {
		refused(q.bound, q.method, q.path, q.body)
	}
	if got := b.in(t, one.ID); got != "Home/Kitchen 1" {
		t.Errorf("after the refusals: %s", got)
	}
	// With the names that there are, all goes on.
	for _, body := range []string{`{"title":"still one"}`, `{"section":"7"}`, `{"section":"kitchen"}`, `{"project":"7","tags_add":["7"]}`, `{"project":"home","section":"KITCHEN"}`} {
		b.expect(t, http.StatusOK, "PATCH", path, body)
	}
	if got := b.in(t, one.ID); got != "Home/Kitchen 6" {
		t.Error(got)
	}
	// What a deletion took comes back where there is room for it.
	_, sections := b.labels(t, "/api/sections?limit=1")
	b.expect(t, http.StatusNoContent, "DELETE", "/api/sections/"+sections["Kitchen"].ID.String()+"?tasks=trash", "")
	deleted, undo := b.lastEvent(t)
	b.expect(t, http.StatusCreated, "POST", "/api/sections", sectionOfHome)
	refused(task.MaxSections, "POST", undo, `{"scope":"batch"}`)
	refused(task.MaxSections, "POST", path+"/restore", "")
	_, sections = b.labels(t, "/api/sections?limit=200")
	b.expect(t, http.StatusNoContent, "DELETE", "/api/sections/"+sections["9"].ID.String(), "")
	b.expect(t, http.StatusOK, "POST", undo, `{"scope":"batch"}`)
	if got := b.in(t, one.ID); got != "Home/Kitchen 8" {
		t.Errorf("%s after the undo of %s", got, deleted.EventType)
	}
}

// A user may have more names from before there was a limit. They can be read and changed.
func TestMoreNamesThanTheLimit(t *testing.T) {
	t.Parallel()
	b := setupLabels(t)
	home, work := b.project(t, "Home"), b.project(t, "Work")
	one := b.created(t, `{"title":"one","project":"Home","section":"Kitchen"}`)
	b.created(t, `{"title":"two","project":"Work","section":"Bath"}`)
	b.fill(t, "s:", "\x1fhome", 0, task.MaxSections)
	b.fill(t, "p:", "", 0, task.MaxNames)
	path := "/api/projects/" + home.ID.String()
	b.expect(t, http.StatusOK, "PATCH", path, `{"color":"red"}`)
	b.expect(t, http.StatusOK, "PATCH", path, `{"name":"House"}`)
	_, undo := b.lastEvent(t)
	b.expect(t, http.StatusOK, "PATCH", "/api/todos/"+one.ID.String(), `{"section":"7"}`)
	b.expect(t, http.StatusOK, "POST", undo, "")
	if got := b.in(t, one.ID); got != "Home/7 4" {
		t.Error(got)
	}
	_, sections := b.labels(t, "/api/sections?limit=200")
	section := "/api/sections/" + sections["7"].ID.String()
	b.expect(t, http.StatusOK, "PATCH", section, `{"name":"Seven"}`)
	b.expect(t, http.StatusConflict, "PATCH", section, `{"name":"kitchen"}`)
	// An event about the project would have them all.
	b.expect(t, http.StatusConflict, "DELETE", path, "")
	b.expect(t, http.StatusNoContent, "DELETE", section+"?tasks=move&to="+sections["Kitchen"].ID.String(), "")
	b.expect(t, http.StatusNoContent, "DELETE", "/api/sections/"+sections["8"].ID.String(), "")
	b.expect(t, http.StatusNoContent, "DELETE", "/api/projects/"+work.ID.String(), "")
	b.expect(t, http.StatusNoContent, "DELETE", path, "")
	if left := decoded[page[label.Label]](t, b.send("GET", "/api/sections", "")); len(left.Items) > 0 {
		t.Errorf("%+v", left)
	}
	_, undo = b.lastEvent(t)
	b.expect(t, http.StatusConflict, "POST", undo, "") // there is still one project too many
}

// Sections are spelled as in their project, whatever they are called in others, also where a batch moves the task before.
func TestASectionIsSpelledAsInItsProject(t *testing.T) {
	t.Parallel()
	b := setupLabels(t)
	one := b.created(t, `{"title":"one","project":"Home","section":"Kitchen"}`)
	b.created(t, `{"title":"two","project":"Work","section":"KITCHEN"}`)
	update := `{"op":"update","id":"` + one.ID.String() + `","task":`
	b.expect(t, http.StatusOK, "POST", "/api/todos/batch", `{"operations":[`+update+`{"project":"work"}},`+update+`{"section":"kitchen"}}]}`)
	if got := b.in(t, one.ID); got != "Work/KITCHEN 3" {
		t.Error(got)
	}
	b.expect(t, http.StatusOK, "POST", "/api/todos/batch", `{"operations":[`+update+`{"project":"home"}},`+update+`{"section":"kitchen"}}]}`)
	if got := b.in(t, one.ID); got != "Home/Kitchen 5" {
		t.Error(got)
	}
	if names, _ := b.labels(t, "/api/sections"); len(names) != 2 {
		t.Errorf("%v", names)
	}
}

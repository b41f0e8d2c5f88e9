package function

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"taskwire.dev/shared/task"
)

// What a task had before is spelled as it is now: it is the same project, section or tag.
func TestAnUndoSpellsNamesAsTheyAreNow(t *testing.T) {
	t.Parallel()
	b := setupLabels(t)
	home := b.project(t, "Home")
	_, kitchen := b.section(t, home, "Kitchen")
	one := b.created(t, `{"title":"a","project":"Home","section":"Kitchen","tags":["slow"]}`)
	path := "/api/todos/" + one.ID.String()
	for _, patch := range []string{`{"section":"Bath"}`, `{"project":"Work","tags":[]}`} {
		b.expect(t, http.StatusOK, "PATCH", path, patch)
		_, undo := b.lastEvent(t)
		_, tags := b.labels(t, "/api/tags")
		b.expect(t, http.StatusOK, "PATCH", kitchen, `{"name":"KITCHEN"}`)
		b.expect(t, http.StatusOK, "PATCH", "/api/tags/"+tags["slow"].ID.String(), `{"name":"Slow"}`)
		b.expect(t, http.StatusOK, "PATCH", "/api/projects/"+home.ID.String(), `{"name":"HOME"}`)
		b.expect(t, http.StatusOK, "POST", undo, "")
		if got := b.in(t, one.ID); !strings.HasPrefix(got, "HOME/KITCHEN ") || !slices.Equal(b.task(t, one.ID).Tags, []string{"Slow"}) {
			t.Errorf("after the undo of %s: %s %q", patch, got, b.task(t, one.ID).Tags)
		}
		if got := decoded[page[task.Task]](t, b.send("GET", "/api/todos?project=home&section=kitchen", "")); len(got.Items) != 1 {
			t.Errorf("after the undo of %s: the section has %d tasks", patch, len(got.Items))
		}
		b.expect(t, http.StatusOK, "PATCH", kitchen, `{"name":"Kitchen"}`)
		b.expect(t, http.StatusOK, "PATCH", "/api/tags/"+tags["slow"].ID.String(), `{"name":"slow"}`)
		b.expect(t, http.StatusOK, "PATCH", "/api/projects/"+home.ID.String(), `{"name":"Home"}`)
	}
}

func TestARestoredTaskSpellsNamesAsTheyAreNow(t *testing.T) {
	t.Parallel()
	b := setupLabels(t)
	one := b.created(t, `{"title":"a","project":"Home","section":"Kitchen","tags":["Slow"]}`)
	b.created(t, `{"title":"below","project":"Home","section":"Kitchen","parent_id":"`+one.ID.String()+`"}`)
	_, sections := b.labels(t, "/api/sections")
	b.expect(t, http.StatusNoContent, "DELETE", "/api/sections/"+sections["Kitchen"].ID.String()+"?tasks=trash", "")
	b.created(t, `{"title":"b","project":"Home","section":"kitchen","tags":["Slow"]}`)
	b.expect(t, http.StatusOK, "POST", "/api/todos/"+one.ID.String()+"/restore", "")
	if got := b.in(t, one.ID); got != "Home/kitchen 3" {
		t.Error(got)
	}
	if got := decoded[page[task.Task]](t, b.send("GET", "/api/todos?project=home&section=kitchen", "")); len(got.Items) != 3 {
		t.Errorf("the section has %d tasks", len(got.Items))
	}
}

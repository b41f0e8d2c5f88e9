package function

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// usual returns where later occurrences than a task are, and their tags.
func (b *bundle) usual(t *testing.T, id fmt.Stringer) string {
	t.Helper()
	one := b.task(t, id)
	name := func(s *string) string {
		if s == nil {
			return "-"
		}
		return *s
	}
	later := one.Usual()
	return fmt.Sprintf("%s/%s %v", name(later.Project), name(later.Section), later.Tags)
}

// An occurrence was moved alone. Later ones are where they were, also under the names that those get by then.
func TestWhatOccurrencesKeepFollowsTheLabels(t *testing.T) {
	t.Parallel()
	b := setupLabels(t)
	daily := b.created(t, `{"title":"daily","project":"Home","section":"Kitchen","tags":["slow","home"],"due_date":"2098-06-02","recurrence":{"rrule":"FREQ=DAILY"}}`)
	plain := b.created(t, `{"title":"plain","project":"Errands"}`)
	path := "/api/todos/" + daily.ID.String()
	b.expect(t, http.StatusOK, "PATCH", path+"?scope=this", `{"project":"Errands","section":"Shop","tags":["quick"]}`)
	ids := map[string]uuid.UUID{}
	for _, kind := range []string{"projects", "sections", "tags"} {
		_, byName := b.labels(t, "/api/"+kind)
		for name, l := range byName {
			ids[kind+"/"+name] = l.ID
		}
	}
	label := func(name string) string {
		kind, _, _ := strings.Cut(name, "/")
		return "/api/" + kind + "/" + ids[name].String()
	}
	for _, step := range []struct{ method, path, body, want string }{
		{"PATCH", label("projects/Home"), `{"name":"House"}`, "House/Kitchen [slow home]"},
		{"PATCH", label("sections/Kitchen"), `{"name":"Cooking"}`, "Home/Cooking [slow home]"},
		{"PATCH", label("tags/slow"), `{"name":"later"}`, "Home/Kitchen [later home]"},
		{"DELETE", label("tags/slow"), "", "Home/Kitchen [home]"},
		{"DELETE", label("tags/slow") + "?tasks=move&to=" + ids["tags/home"].String(), "", "Home/Kitchen [home]"},
		{"DELETE", label("sections/Kitchen"), "", "Home/- [slow home]"},
		{"DELETE", label("projects/Home"), "", "-/- [slow home]"},
		{"DELETE", label("projects/Home") + "?tasks=move&to=" + ids["projects/Errands"].String(), "", "Errands/Kitchen [slow home]"},
	} {
		b.expect(t, map[string]int{"PATCH": http.StatusOK, "DELETE": http.StatusNoContent}[step.method], step.method, step.path, step.body)
		want := func(after, want string) {
			t.Helper()
			if got := b.usual(t, daily.ID); got != want {
				t.Errorf("%s %s, %s: %s, want %s", step.method, step.path, after, got, want)
			}
		}
		want("done", step.want)
		for _, again := range []string{"undone", "redone", "undone again"} {
			_, undo := b.lastEvent(t)
			b.expect(t, http.StatusOK, "POST", undo, `{"scope":"batch"}`)
			if again == "redone" {
				want(again, step.want)
			} else {
				want(again, "Home/Kitchen [slow home]")
			}
		}
	}
	// The event of the occurrence is undone like any other.
	b.expect(t, http.StatusOK, "PATCH", label("projects/Home"), `{"name":"House"}`)
	_, undo := b.lastEvent(t)
	b.expect(t, http.StatusOK, "POST", undo, "")
	if got := b.usual(t, daily.ID); got != "Home/Kitchen [slow home]" {
		t.Errorf("after its undo: %s", got)
	}
	if got := b.task(t, daily.ID); *got.Project != "Errands" || *got.Section != "Shop" || !slices.Equal(got.Tags, []string{"quick"}) {
		t.Errorf("%+v", got)
	}
	if got := b.task(t, plain.ID); got.Version != 1 {
		t.Errorf("%+v", got)
	}
}

package function

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"taskwire.dev/functions/tasks/internal/store"
	"taskwire.dev/shared/task"
)

func (b *bundle) created(t *testing.T, body string) task.Task {
	t.Helper()
	return decoded[task.Task](t, b.send("POST", "/api/todos", body))
}

func trashOf(t *testing.T, b *bundle, query string) (titles []string, answer page[store.Trashed]) {
	t.Helper()
	answer = decoded[page[store.Trashed]](t, b.send("GET", "/api/todos/trash"+query, ""))
	for _, one := range answer.Items {
		titles = append(titles, one.Task.Title)
	}
	return titles, answer
}

func TestTheTrashListsWhatCanBeRestored(t *testing.T) {
	t.Parallel()
	b := setup(t)
	parent := b.created(t, `{"title":"parent"}`)
	b.created(t, `{"title":"below","parent_id":"`+parent.ID.String()+`"}`)
	alone := b.created(t, `{"title":"alone"}`)
	b.created(t, `{"title":"kept"}`)
	skipped := b.created(t, `{"title":"skipped","due_at":"2098-06-02T08:00:00Z","recurrence":{"rrule":"FREQ=DAILY","mode":"schedule"}}`)
	if _, answer := trashOf(t, b, ""); len(answer.Items) != 0 || answer.Items == nil || answer.NextCursor != nil {
		t.Errorf("of a user who deleted nothing: %+v", answer)
	}
	for _, t := range []task.Task{parent, alone} {
		b.send("DELETE", "/api/todos/"+t.ID.String(), "")
	}
	b.send("POST", "/api/todos/"+skipped.ID.String()+"/skip", "")

	titles, answer := trashOf(t, b, "")
	if !slices.Equal(titles, []string{"alone", "parent"}) {
		t.Fatalf("%v", titles)
	}
	if one := answer.Items[1]; one.Subtasks != 1 || one.DeletedAt.IsZero() {
		t.Errorf("%+v", one)
	}

	first, answer := trashOf(t, b, "?limit=1")
	if answer.NextCursor == nil {
		t.Fatal("no second page")
	}
	second, answer := trashOf(t, b, "?limit=1&cursor="+*answer.NextCursor)
	if !slices.Equal(append(first, second...), titles) || answer.NextCursor != nil {
		t.Errorf("%v, then %v, and more: %v", first, second, answer.NextCursor)
	}

	b.send("POST", "/api/todos/"+parent.ID.String()+"/restore", "")
	if titles, _ := trashOf(t, b, ""); !slices.Equal(titles, []string{"alone"}) {
		t.Errorf("after a restore: %v", titles)
	}
}

func TestTheTrashForgetsWhatIsThirtyDaysOld(t *testing.T) {
	t.Parallel()
	b := setup(t)
	old := b.created(t, `{"title":"old"}`)
	b.send("DELETE", "/api/todos/"+old.ID.String(), "")
	b.Exec(t, `UPDATE task SET deleted_at = deleted_at - interval '30 days' WHERE id = $1`, old.ID)
	if titles, _ := trashOf(t, b, ""); len(titles) != 0 {
		t.Errorf("%v", titles)
	}
}

func TestTheTrashRefusesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, query := range []string{"?limit=0", "?cursor=nonsense", "?status=open", "?limit=1&limit=2"} {
		if w := b.send("GET", "/api/todos/trash"+query, ""); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", query, w.Code, w.Body)
		}
	}
}

// A skipped occurrence is not in the trash, so what was deleted below it before comes back without it.
func TestASubtaskOfASkippedOccurrenceIsRestored(t *testing.T) {
	t.Parallel()
	b := setupLabels(t)
	daily := b.created(t, `{"title":"daily","due_date":"2098-06-02","recurrence":{"rrule":"FREQ=DAILY"}}`)
	below := b.created(t, `{"title":"below","parent_id":"`+daily.ID.String()+`"}`)
	part := b.created(t, `{"title":"part","parent_id":"`+below.ID.String()+`"}`)
	subtask := b.created(t, `{"title":"subtask","parent_id":"`+daily.ID.String()+`"}`)
	for _, id := range []fmt.Stringer{part.ID, subtask.ID} {
		b.expect(t, http.StatusNoContent, "DELETE", "/api/todos/"+id.String(), "")
	}
	b.expect(t, http.StatusOK, "POST", "/api/todos/"+daily.ID.String()+"/skip", "")
	if titles, _ := trashOf(t, b, ""); !slices.Equal(titles, []string{"subtask", "part"}) {
		t.Errorf("in the trash: %q", titles)
	}
	for _, id := range []fmt.Stringer{part.ID, subtask.ID} {
		path := "/api/todos/" + id.String()
		b.expect(t, http.StatusOK, "POST", path+"/restore", "")
		if back := b.task(t, id); back.ParentID != nil || back.Version != 3 {
			t.Errorf("%+v", back)
		}
		_, undo := b.lastEvent(t)
		b.expect(t, http.StatusOK, "POST", undo, "")
		b.expect(t, http.StatusNotFound, "GET", path, "")
		b.expect(t, http.StatusOK, "POST", path+"/restore", "")
	}
}

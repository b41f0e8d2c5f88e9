package comment_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/google/uuid"

	"taskwire.dev/shared/comment"
	"taskwire.dev/shared/task"
)

// An event has the comment before and after, and how many the task has: as it is made, and as it is read from the log.
func TestEvent(t *testing.T) {
	t.Parallel()
	said := &comment.Comment{ID: uuid.New(), TaskID: uuid.New(), Text: "said"}
	edited := &comment.Comment{ID: said.ID, TaskID: said.TaskID, Text: "edited"}
	for name, c := range map[string]struct {
		before, after *comment.Comment
		want          task.EventType
		counted       bool
	}{
		"added":   {nil, said, comment.Created, true},
		"edited":  {said, edited, comment.Updated, false},
		"deleted": {edited, nil, comment.Deleted, true},
	} {
		made := comment.Event(c.before, c.after, 2)
		raw, err := json.Marshal(made)
		if err != nil {
			t.Fatal(err)
		}
		var read task.Event
		if err := json.Unmarshal(raw, &read); err != nil {
			t.Fatal(err)
		}
		for _, e := range []task.Event{*made, read} {
			before, after, err := comment.Of(e)
			if err != nil || !reflect.DeepEqual(before, c.before) || !reflect.DeepEqual(after, c.after) || e.EventType != c.want || e.TaskID != said.TaskID {
				t.Errorf("%s: %+v", name, e)
			}
			if n := comment.Count(e); (n != nil) != c.counted || n != nil && *n != 2 {
				t.Errorf("%s: %v comments", name, n)
			}
		}
	}
}

package view

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/uuid"

	"taskwire.dev/shared/task"
)

func TestFieldsFollowTheRules(t *testing.T) {
	t.Parallel()
	wrong := "x"
	for name, f := range map[string]Fields{
		"no name":       {Name: " "},
		"a long name":   {Name: strings.Repeat("ä", MaxName+1)},
		"a line":        {Name: "a\nb"},
		"a long query":  {Name: "a", Query: strings.Repeat("ä", MaxQuery+1)},
		"a tab":         {Name: "a", Query: "a\tb"},
		"a new layout":  {Name: "a", Layout: wrong},
		"a new group":   {Name: "a", GroupBy: &wrong},
		"another order": {Name: "a", Sort: &wrong},
	} {
		if _, err := f.Check(); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
	f, err := Fields{Name: " Work ", Query: "#work", GroupBy: &Groups[0], Sort: &Sorts[0]}.Check()
	if err != nil || f.Name != "Work" || f.Layout != "list" {
		t.Errorf("%+v, %v", f, err)
	}
}

func TestAnEventHasTheViewBeforeAndAfter(t *testing.T) {
	t.Parallel()
	v := &View{ID: uuid.New(), Fields: Fields{Name: "a", Layout: "board", GroupBy: &Groups[1]}}
	for want, e := range map[task.EventType]*task.Event{Created: Event(nil, v), Updated: Event(v, v), Deleted: Event(v, nil)} {
		var read task.Event
		encoded, _ := json.Marshal(e)
		if err := json.Unmarshal(encoded, &read); err != nil {
			t.Fatal(err)
		}
		before, after, err := Of(read)
		if err != nil || read.EventType != want || (before == nil) != (want == Created) || (after == nil) != (want == Deleted) {
			t.Errorf("%s: %v, %v, %v", want, before, after, err)
		}
		if before == nil {
			before = after
		}
		if before.ID != v.ID || !before.Equal(v.Fields) {
			t.Errorf("%s: %+v", want, before)
		}
	}
}

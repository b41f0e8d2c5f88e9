package export

import (
	"archive/zip"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// parse sets the hash to one of an archive.
func (c *chain) parse(s string) error {
	b, err := hex.DecodeString(s)
	if err == nil && len(b) != len(c) {
		err = hex.ErrLength
	}
	if err == nil {
		*c = chain(b)
	}
	return err
}

// object is a task in JSON.
type object map[string]any

// decode keeps numbers as they are written.
func decode(from []byte, to any) error {
	d := json.NewDecoder(bytes.NewReader(from))
	d.UseNumber()
	return d.Decode(to)
}

// replay is the state that the events lead to.
type replay struct {
	tasks    map[uuid.UUID]*replayed
	comments map[commentKey]object
}

type replayed struct {
	task    object // as it was last, also when it is deleted
	deleted bool
}

func newReplay() *replay {
	return &replay{tasks: map[uuid.UUID]*replayed{}, comments: map[commentKey]object{}}
}

// derived are the members that no change names: they follow from others.
var derived = map[string]bool{
	"id": true, "completed_at": true, "series_id": true, "occurrence": true, "series": true, "version": true, "created_at": true, "updated_at": true,
}

// apply applies an event, and says in what it does not follow from the one before.
func (r *replay) apply(e Event) (problem string) {
	for _, l := range relabelsOf(e) {
		for _, id := range l.tasks {
			if known := r.tasks[id]; known != nil && known.task != nil {
				l.apply(known.task)
			}
		}
	}
	if strings.HasPrefix(string(e.Type), "comment.") && e.TaskID != nil {
		return r.comment(e)
	}
	if !strings.HasPrefix(string(e.Type), "task.") || e.TaskID == nil {
		return ""
	}
	known := r.tasks[*e.TaskID]
	if known == nil {
		known = &replayed{}
		r.tasks[*e.TaskID] = known
	}
	var after object
	if err := decode(e.Task, &after); err != nil {
		return "its task cannot be read"
	}
	if known.deleted = after == nil; known.deleted {
		return ""
	}
	var changes map[string]struct {
		To any `json:"to"`
	}
	if err := decode(e.ChangedFields, &changes); err != nil {
		return "its changes cannot be read"
	}
	var wrong []string
	for name, value := range after {
		want, changed := known.task[name], false
		if c, ok := changes[name]; ok {
			want, changed = c.To, true
		}
		if derived[name] || reflect.DeepEqual(value, want) || !changed && empty(value) && empty(want) {
			continue
		}
		wrong = append(wrong, name)
	}
	known.task = after
	if wrong == nil {
		return ""
	}
	slices.Sort(wrong)
	return fmt.Sprintf("task %s differs in %s", *e.TaskID, strings.Join(wrong, ", "))
}

// empty reports whether a value is what a member is before anything sets it: events from before the member existed have none.
func empty(value any) bool {
	switch v := value.(type) {
	case nil:
		return true
	case string:
		return v == "" || v == "none"
	case bool:
		return !v
	case []any:
		return len(v) == 0
	default:
		return false
	}
}

// checkTasks compares the tasks of an archive with those that the events lead to.
func (r *Report) checkTasks(file *zip.File, want *replay) error {
	seen := map[uuid.UUID]bool{}
	err := eachLine(file, func(line []byte) error {
		var t object
		if decode(line, &t) != nil {
			r.problem("a line of %s cannot be read", fileTasks)
			return nil
		}
		given, _ := t["id"].(string)
		id, err := uuid.Parse(given)
		known := want.tasks[id]
		switch {
		case err != nil || known == nil || known.deleted:
			r.problem("task %s (%v) is in %s, but not in the events", given, t["title"], fileTasks)
		case seen[id]:
			r.problem("task %s (%v) is in %s twice", given, t["title"], fileTasks)
		case !reflect.DeepEqual(t, known.task):
			r.problem("task %s (%v) differs from the events in %s", given, known.task["title"], strings.Join(differences(t, known.task), ", "))
		}
		seen[id] = true
		return nil
	})
	if err != nil {
		return err
	}
	for id, known := range want.tasks {
		if known.deleted {
			continue
		}
		r.Tasks++
		if !seen[id] {
			r.problem("task %s (%v) is missing in %s", id, known.task["title"], fileTasks)
		}
	}
	return nil
}

func differences(a, b object) (names []string) {
	for name := range maps.Keys(union(a, b)) {
		if !reflect.DeepEqual(a[name], b[name]) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func union(a, b object) object {
	all := maps.Clone(a)
	if all == nil {
		all = object{}
	}
	maps.Copy(all, b)
	return all
}

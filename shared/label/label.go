// Package label describes projects, their sections, and tags. All are labels: tasks carry their names, and a name is the key by which
// the wire and the tasks know them, that of a section within its project. A label exists from the first task that is written with its name, or from its creation, until it is
// deleted. Its changes are part of the user's log.
package label

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/search"
	"taskwire.dev/shared/task"
)

// Kind is what a label is.
type Kind string

// The kinds of labels.
const (
	Project Kind = "project"
	Section Kind = "section"
	Tag     Kind = "tag"
)

// Folded returns a name as it is compared: those of one kind that fold to the same are one label, sections if their project is the
// same too (Key).
func (k Kind) Folded(name string) string {
	switch k {
	case Tag:
		return search.TagName(name)
	case Section:
		return search.SectionsNamed(name)
	default:
		return search.ProjectName(name)
	}
}

// Key returns what identifies a label of the kind among those of its user. The parent of a section is the folded name of its
// project; others have none.
func (k Kind) Key(name, parent string) string {
	if k == Section {
		return search.SectionsNamed(name) + parent
	}
	return k.Folded(name)
}

// Parent returns the folded name of the project of the section with that Key.
func Parent(key string) string {
	_, parent, _ := strings.Cut(key, search.Separator)
	return parent
}

// Created is the type of the event by which a label of the kind comes to be.
func (k Kind) Created() task.EventType { return task.EventType(string(k) + ".created") }

// Updated is the type of a change.
func (k Kind) Updated() task.EventType { return task.EventType(string(k) + ".updated") }

// Deleted is the type of a deletion, or of a merge into another label.
func (k Kind) Deleted() task.EventType { return task.EventType(string(k) + ".deleted") }

// KindOf returns the kind of the label that an event is about.
func KindOf(t task.EventType) Kind {
	kind, _, _ := strings.Cut(string(t), ".")
	return Kind(kind)
}

// Colors are the names of the colors that a label can have.
var Colors = []string{"red", "orange", "yellow", "green", "teal", "blue", "purple", "pink", "brown", "gray"}

// Label is a project, a section or a tag in its public form.
type Label struct {
	ID        uuid.UUID  `json:"id"`
	ProjectID *uuid.UUID `json:"project_id,omitempty"` // only of a section
	Name      string     `json:"name"`
	Color     *string    `json:"color"`
	Position  string     `json:"position"` // order key, as that of a task
	Archived  bool       `json:"archived"`
	Version   int64      `json:"version"`
	CreatedAt time.Time  `json:"created_at"`
	UpdatedAt time.Time  `json:"updated_at"`

	// Key is Kind.Key of its name.
	Key string `json:"-"`
}

// Relabel is what a change of a label did to tasks: they lost the name From and got To, of which one can be nil. Names are compared
// exactly. A tag takes the place of the one that it replaces, and an additional tag comes last. Each of the tasks has a new version.
type Relabel struct {
	From *string `json:"from"`
	To   *string `json:"to"`
	// Section is how the section changed with the project, if it did.
	Section *Rename     `json:"section,omitempty"`
	Count   int         `json:"count"`
	Tasks   []uuid.UUID `json:"tasks"` // nil where they are left out because they are many
}

// Rename is a name that a task lost, and the one that it got.
type Rename struct {
	From *string `json:"from"`
	To   *string `json:"to"`
}

// MaxListed is how many tasks of an entry are listed for readers that keep the entry in memory.
const MaxListed = 1000

// Entry is what the log has about a label.
type Entry struct {
	Label
	Relabels []Relabel `json:"relabels,omitempty"`
	Sections []Label   `json:"sections,omitempty"` // that a project had when it was deleted, or got back
}

// Event returns the audit event about a label as it is now, or as it was when it was deleted.
func Event(kind task.EventType, l Label, changes map[string]task.Change, relabels []Relabel, sections []Label) *task.Event {
	entry := Entry{Label: l, Sections: sections}
	e := &task.Event{EventType: kind, ChangedFields: changes}
	for _, r := range relabels {
		e.Relabeled = append(e.Relabeled, r.Tasks...)
		r.Count, r.Tasks = len(r.Tasks), nil
		entry.Relabels = append(entry.Relabels, r)
	}
	e.Label, _ = json.Marshal(entry) // plain values always marshal
	return e
}

// EntryOf returns what an event says about its label, with the tasks if the event was read with them.
func EntryOf(e task.Event) (Entry, error) {
	var entry Entry
	if err := json.Unmarshal(e.Label, &entry); err != nil {
		return entry, err
	}
	tasks := e.Relabeled
	for i := range entry.Relabels {
		r := &entry.Relabels[i]
		if n := min(r.Count, len(tasks)); n == r.Count {
			r.Tasks, tasks = append([]uuid.UUID{}, tasks[:n]...), tasks[n:]
		}
	}
	return entry, nil
}

// fields are the names of a label's fields that clients decide, in their order.
var fields = []string{"name", "color", "position", "archived"}

// Diff returns the changes of a label's fields; nil stands for one that is not there.
func Diff(before, after *Label) map[string]task.Change {
	changes := map[string]task.Change{}
	from, to := values(before), values(after)
	for i, name := range fields {
		if from[i] != to[i] {
			changes[name] = task.Change{From: from[i], To: to[i]}
		}
	}
	return changes
}

func values(l *Label) [4]any {
	if l == nil {
		return [4]any{}
	}
	v := [4]any{l.Name, nil, l.Position, l.Archived}
	if l.Color != nil {
		v[1] = *l.Color
	}
	return v
}

// ChangedNames lists the names of the changed fields in their order.
func ChangedNames(changes map[string]task.Change) []string {
	names := []string{}
	for _, name := range fields {
		if _, ok := changes[name]; ok {
			names = append(names, name)
		}
	}
	return names
}

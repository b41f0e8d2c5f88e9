// Package view is a user's saved views: lists of tasks by a query, with how they are shown.
package view

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/task"
)

// The types of the events about views.
const (
	Created task.EventType = "view.created"
	Updated task.EventType = "view.updated"
	Deleted task.EventType = "view.deleted"
)

// Limits of a user's views.
const (
	Max      = 100
	MaxName  = 100  // characters
	MaxQuery = 1000 // characters
)

// What a view can be.
var (
	Layouts = []string{"list", "board", "calendar"}
	Groups  = []string{"project", "section", "priority", "tag", "due"}
	Sorts   = []string{"position", "due_at", "priority", "title", "-created_at", "-updated_at", "-completed_at"}
)

// Fields are what a user decides of a view.
type Fields struct {
	Name string `json:"name"`
	// Query is in the language of docs/views.md, which clients read. The server keeps it as it is.
	Query   string  `json:"query"`
	Layout  string  `json:"layout"`
	GroupBy *string `json:"group_by"`
	Sort    *string `json:"sort"`
}

// View is a saved view in its public form.
type View struct {
	ID uuid.UUID `json:"id"`
	Fields
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// Check returns the fields once they follow the rules.
func (f Fields) Check() (Fields, error) {
	var fs fault.Fields
	f.Name = strings.TrimSpace(f.Name)
	switch n := utf8.RuneCountInString(f.Name); {
	case n == 0:
		fs.Add("/name", "must not be empty")
	case n > MaxName:
		fs.Add("/name", "must have at most %d characters", MaxName)
	case strings.ContainsFunc(f.Name, unicode.IsControl):
		fs.Add("/name", "must have no control characters")
	}
	if utf8.RuneCountInString(f.Query) > MaxQuery {
		fs.Add("/query", "must have at most %d characters", MaxQuery)
	} else if strings.ContainsFunc(f.Query, unicode.IsControl) {
		fs.Add("/query", "must have no control characters")
	}
	if f.Layout == "" {
		f.Layout = Layouts[0]
	}
	oneOf(&fs, "/layout", &f.Layout, Layouts)
	oneOf(&fs, "/group_by", f.GroupBy, Groups)
	oneOf(&fs, "/sort", f.Sort, Sorts)
	return f, fs.Err()
}

func oneOf(fs *fault.Fields, pointer string, given *string, allowed []string) {
	if given != nil && !slices.Contains(allowed, *given) {
		fs.Add(pointer, "must be one of %s", strings.Join(allowed, ", "))
	}
}

// Equal reports whether f and g are the same view.
func (f Fields) Equal(g Fields) bool { return len(Diff(&f, &g)) == 0 }

// Diff names the fields that differ; nil is a view that is not there.
func Diff(before, after *Fields) []string {
	names := []string{}
	from, to := before.values(), after.values()
	for i, name := range []string{"name", "query", "layout", "group_by", "sort"} {
		if from[i] != to[i] {
			names = append(names, name)
		}
	}
	return names
}

// With returns f with the named fields of g.
func (f Fields) With(g Fields, names ...string) Fields {
	for _, name := range names {
		switch name {
		case "name":
			f.Name = g.Name
		case "query":
			f.Query = g.Query
		case "layout":
			f.Layout = g.Layout
		case "group_by":
			f.GroupBy = g.GroupBy
		case "sort":
			f.Sort = g.Sort
		}
	}
	return f
}

func (f *Fields) values() [5]any {
	if f == nil {
		return [5]any{}
	}
	return [5]any{f.Name, f.Query, f.Layout, text(f.GroupBy), text(f.Sort)}
}

func text(s *string) any {
	if s == nil {
		return nil
	}
	return *s
}

// field is the only changed field of an event about a view: the whole view before and after, of which one can be null.
const field = "view"

// Event returns the audit event of a change. The log has the whole view before and after it, so that views can be rebuilt from the
// log, and restored.
func Event(before, after *View) *task.Event {
	e := &task.Event{EventType: Updated}
	var change task.Change // not with a nil *View, which is no nil
	if before != nil {
		change.From = before
	} else {
		e.EventType = Created
	}
	if after != nil {
		change.To = after
	} else {
		e.EventType = Deleted
	}
	e.ChangedFields = map[string]task.Change{field: change}
	return e
}

// Of returns the view of an event, before and after the change.
func Of(e task.Event) (before, after *View, err error) {
	return task.Sides[View](e.ChangedFields[field])
}

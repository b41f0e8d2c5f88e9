// Package list parses the query of GET /api/todos.
package list

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/search"
	"taskwire.dev/shared/task"
)

const sortDue = "due_at" // by the due date, of either kind

var sorts = []string{sortDue, "created_at", "updated_at", "priority", "title", "position"}

// Query selects tasks. Nil fields do not restrict.
type Query struct {
	Completed  *bool
	Priority   *task.Priority
	Project    *string
	Section    *string  // of the project, which is set as well
	Tags       []string // a task must have all of them
	ParentID   *uuid.UUID
	Terms      []string // texts that it must contain, folded (package search)
	DueFrom    []Bound  // all of them: the greatest counts
	DueTo      []Bound  // exclusive, the least counts
	Sort       string
	Descending bool
	Limit      int
	After      *SortKey
	Zone       *time.Location `json:"-"` // the user's, for which the due dates count; UTC unless the caller sets it (NeedsZone)
	filter     string         // a digest of everything but Limit and After
}

// SortKey is the place of a task in a sorted list. Only the field that the sort uses is set; Time is nil behind the
// tasks that have a due date.
type SortKey struct {
	Time     *time.Time    `json:"t,omitempty"`
	Text     string        `json:"s,omitempty"`
	Priority task.Priority `json:"p,omitempty"`
	ID       uuid.UUID     `json:"i"`
	Filter   string        `json:"f"`
}

// Key returns the place of a task in the list of q.
func (q Query) Key(t *task.Task) *SortKey {
	key := SortKey{ID: t.ID}
	switch q.Sort {
	case sortDue:
		if key.Time = t.DueAt; t.DueDate != nil {
			start := OffsetsOf(q.Zone).Start(*t.DueDate)
			key.Time = &start
		}
	case "created_at":
		key.Time = &t.CreatedAt
	case "updated_at":
		key.Time = &t.UpdatedAt
	case "priority":
		key.Priority = t.Priority
	case "title":
		key.Text = t.Title
	default:
		key.Text = t.Position
	}
	return &key
}

// Page is a page of a list. Next is where the next one begins, nil on the last.
type Page struct {
	Tasks []*task.Task
	Next  *SortKey
}

// parameters are all parameters that Parse knows but tag, which may appear several times; a misspelled one must not silently return the whole list.
var parameters = []string{"status", "priority", "project", "section", "parent_id", "q", "due_before", "due_after", "due_from", "due_to", "due_on", "sort", "limit", "cursor"}

// Parse parses the parameters of GET /api/todos.
func Parse(v url.Values) (Query, error) {
	var fs fault.Fields
	q := Query{Tags: []string{}, Sort: "position", Limit: httpapi.DefaultLimit, Zone: time.UTC}
	single := maps.Clone(v)
	delete(single, "tag") // a task may have several
	httpapi.Parameters(&fs, single, parameters...)
	httpapi.Text(&fs, v)
	switch s := v.Get("status"); s {
	case "", "all":
	case "open", "completed":
		completed := s == "completed"
		q.Completed = &completed
	default:
		fs.Add("/status", "must be open, completed or all")
	}
	if s := v.Get("priority"); s != "" {
		p, ok := task.ParsePriority(s)
		if !ok {
			fs.Add("/priority", "must be one of %s", strings.Join(task.Priorities(), ", "))
		}
		q.Priority = &p
	}
	if s := v.Get("project"); s != "" {
		q.Project = &s
	}
	if s := v.Get("section"); s != "" {
		if q.Section = &s; q.Project == nil {
			fs.Add("/section", "needs a project, to which it belongs: send project too")
		}
	}
	for _, s := range v["tag"] {
		if s != "" {
			q.Tags = append(q.Tags, s)
		}
	}
	if s := v.Get("parent_id"); s != "" {
		id, ok := task.ParseID(s)
		if !ok {
			fs.Add("/parent_id", "must be a UUID")
		}
		q.ParentID = &id
	}
	if s := v.Get("q"); s != "" {
		if utf8.RuneCountInString(s) > task.MaxSearch {
			fs.Add("/q", "must have at most %d characters", task.MaxSearch)
		} else {
			q.Terms = search.Terms(s)
		}
	}
	q.parseDue(&fs, v)
	if s := v.Get("sort"); s != "" {
		q.Sort, q.Descending = strings.CutPrefix(s, "-")
		if !slices.Contains(sorts, q.Sort) {
			fs.Add("/sort", "must be one of %s, with - before it for descending", strings.Join(sorts, ", "))
		}
	}
	q.Limit = httpapi.Limit(&fs, v)
	q.filter = q.digest()
	if s := v.Get("cursor"); s != "" {
		q.After = q.parseCursor(&fs, s)
	}
	return q, fs.Err()
}

// digest returns the same value for queries that list the same tasks in the same order.
func (q Query) digest() string {
	q.Limit, q.After = 0, nil
	b, _ := json.Marshal(q) // a struct of plain values always marshals
	sum := sha256.Sum256(b)
	return base64.RawURLEncoding.EncodeToString(sum[:6])
}

// Cursor returns the cursor of the page after key.
func (q Query) Cursor(key SortKey) string {
	key.Filter = q.filter
	b, _ := json.Marshal(key) // as above
	return base64.RawURLEncoding.EncodeToString(b)
}

func (q Query) parseCursor(fs *fault.Fields, s string) *SortKey {
	var key SortKey
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		err = json.Unmarshal(b, &key)
	}
	timed := q.Sort == "created_at" || q.Sort == "updated_at"
	if err != nil || strings.ContainsRune(key.Text, 0) || timed && key.Time == nil {
		fs.Add("/cursor", "is not one that this list gave out")
	} else if key.Filter != q.filter {
		fs.Add("/cursor", "belongs to a list with other filters or another sort")
	}
	return &key
}

// String is for logs and test failures.
func (q Query) String() string {
	return fmt.Sprintf("sort=%s desc=%t limit=%d", q.Sort, q.Descending, q.Limit)
}

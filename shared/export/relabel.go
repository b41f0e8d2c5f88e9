package export

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// relabel is what an entry about a project, a section or a tag did to tasks: each lost a name, or got one, or both (package label).
type relabel struct {
	seq       int64
	at        time.Time
	kind      string // project, section or tag
	lost, got *string
	section   *rename // of a project: how the section changed with it
	tasks     []uuid.UUID
}

type rename struct{ To *string }

// relabeling is the names that tasks lost and got, as an entry of the log has it.
type relabeling struct {
	From, To *string
	Section  *rename
	Count    int // of its tasks
}

func (r relabeling) of(kind string, seq int64, at time.Time, tasks []uuid.UUID) relabel {
	return relabel{seq, at, kind, r.From, r.To, r.Section, tasks}
}

// relabelsOf returns what an event did to tasks beside the one that it is about. The tasks of an entry are in one list, in the order
// of the names that they lost and got.
func relabelsOf(e Event) (all []relabel) {
	var label struct{ Relabels []relabeling }
	if e.Relabeled == nil || json.Unmarshal(e.Label, &label) != nil {
		return nil
	}
	rest := e.Relabeled
	for _, r := range label.Relabels {
		n := max(0, min(r.Count, len(rest)))
		kind, _, _ := strings.Cut(string(e.Type), ".")
		all = append(all, r.of(kind, e.Seq, e.Time, rest[:n]))
		rest = rest[n:]
	}
	return all
}

// apply changes a task.
func (r relabel) apply(t object) {
	if version, ok := t["version"].(json.Number); ok {
		n, _ := version.Int64()
		t["version"] = json.Number(strconv.FormatInt(n+1, 10))
	}
	t["updated_at"] = r.at.UTC().Format(time.RFC3339Nano)
	switch {
	case r.kind == "project" && same(t["project"], r.lost):
		t["project"] = value(r.got)
		if r.section != nil {
			t["section"] = value(r.section.To)
		}
	case r.kind == "section":
		t["section"] = value(r.got)
	case r.kind == "tag":
		r.tag(t)
	}
}

func value(name *string) any {
	if name == nil {
		return nil
	}
	return *name
}

// tag changes the tags of a task.
func (r relabel) tag(t object) {
	tags, _ := t["tags"].([]any)
	kept := []any{}
	for _, tag := range tags {
		switch {
		case !same(tag, r.lost):
			kept = append(kept, tag)
		case r.got != nil:
			kept = append(kept, *r.got)
		}
	}
	if r.lost == nil && r.got != nil {
		kept = append(kept, *r.got)
	}
	t["tags"] = kept
}

func same(value any, name *string) bool {
	if name == nil {
		return value == nil
	}
	return value == *name
}

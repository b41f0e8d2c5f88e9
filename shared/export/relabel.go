package export

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
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

// relabelsOf returns what an event did to tasks beside the one that it is about. The tasks of an entry are in one list, in the order
// of the names that they lost and got.
func relabelsOf(e Event) (all []relabel) {
	var label struct {
		Relabels []struct {
			From, To *string
			Section  *rename
			Count    int
		}
	}
	if e.Relabeled == nil || json.Unmarshal(e.Label, &label) != nil {
		return nil
	}
	rest := e.Relabeled
	for _, r := range label.Relabels {
		n := max(0, min(r.Count, len(rest)))
		kind, _, _ := strings.Cut(string(e.Type), ".")
		all = append(all, relabel{e.Seq, e.Time, kind, r.From, r.To, r.Section, rest[:n]})
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

// relabels reads them, by task. Names change rarely, so they are few.
func (a *Archive) relabels(ctx context.Context) (map[uuid.UUID][]relabel, error) {
	if a.renames != nil {
		return a.renames, nil
	}
	const step = 20_000 // of the log for one statement, which has two seconds
	byTask := map[uuid.UUID][]relabel{}
	for from := int64(0); from < a.seq; from += step {
		err := a.read(ctx, func(b *pgx.Batch) {
			// primary key of task_event
			const query = `
SELECT seq, event_type, occurred_at, label, relabeled FROM task_event
WHERE user_id = $1 AND seq > $2 AND seq <= $3 AND relabeled IS NOT NULL ORDER BY seq`
			b.Queue(query, a.user, from, min(from+step, a.seq)).Query(func(rows pgx.Rows) error {
				for rows.Next() {
					var e Event
					if err := rows.Scan(&e.Seq, &e.Type, &e.Time, &e.Label, &e.Relabeled); err != nil {
						return err
					}
					for _, r := range relabelsOf(e) {
						for _, id := range r.tasks {
							byTask[id] = append(byTask[id], r)
						}
					}
				}
				return rows.Err()
			})
		})
		if err != nil {
			return nil, err
		}
	}
	a.renames = byTask
	return byTask, nil
}

// relabeled returns a task as the entries after a sequence left it.
func relabeled(task json.RawMessage, after int64, entries []relabel) (json.RawMessage, error) {
	var t object
	for _, r := range entries {
		if r.seq <= after {
			continue
		}
		if t == nil {
			if err := decode(task, &t); err != nil {
				return nil, err
			}
		}
		r.apply(t)
	}
	if t == nil {
		return task, nil
	}
	return json.Marshal(t)
}

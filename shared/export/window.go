package export

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// relabels is what the entries about projects, sections and tags made of tasks. A rename is one entry for all its tasks, so the tasks
// of all entries would not fit in memory: they are resolved for a window of tasks at a time.
type relabels struct {
	spans  []span // of the log with such entries; nil: not read yet
	window window
}

// span is a range of the log, with at most spanEntries entries about labels, which have at most spanTasks tasks or are one.
type span struct {
	from, to       int64 // sequences
	entries, tasks int64
}

// What one statement reads, which has two seconds.
const (
	spanLog     = 20_000 // entries of the log
	spanEntries = 1_000
	spanTasks   = 100_000
)

// window is what relabels made of the tasks after one up to another.
type window struct {
	after, last uuid.UUID
	tasks       map[uuid.UUID]labeled
}

// labeled is what a relabel changes of a task.
type labeled struct {
	seq     int64 // of the task's own last entry
	members object
	changed bool
}

// windowBytes bounds a window, of some 10,000 tasks.
const (
	windowBytes = 8 << 20
	labeledCost = 600 // of a labeled, beside its tags
	tagCost     = 64
)

// relabelable are the members of a task that relabels change.
var relabelable = []string{"version", "updated_at", "project", "section", "tags"}

func (w window) covers(id uuid.UUID) bool {
	return w.tasks != nil && bytes.Compare(id[:], w.after[:]) > 0 && bytes.Compare(id[:], w.last[:]) <= 0
}

// add adds a task, and returns about how many bytes it takes.
func (w *window) add(r taskRow) (cost int, err error) {
	if w.last = r.id; r.task == nil {
		return 0, nil
	}
	var t object
	if err := decode(r.task, &t); err != nil {
		return 0, err
	}
	l := labeled{seq: r.seq, members: object{}}
	for _, name := range relabelable {
		if value, has := t[name]; has {
			l.members[name] = value
		}
	}
	w.tasks[r.id] = l
	tags, _ := l.members["tags"].([]any)
	return labeledCost + tagCost*len(tags), nil
}

// apply changes the window's tasks.
func (w *window) apply(r relabel) {
	for _, id := range r.tasks {
		if l, has := w.tasks[id]; has && r.seq > l.seq {
			r.apply(l.members)
			l.changed = true
			w.tasks[id] = l
		}
	}
}

// relabeled returns a task as the entries after its own left it. after is the last task of the page before.
func (a *Archive) relabeled(ctx context.Context, r taskRow, after uuid.UUID) (json.RawMessage, error) {
	if err := a.findSpans(ctx); err != nil {
		return nil, err
	}
	if n := len(a.relabels.spans); n == 0 || a.relabels.spans[n-1].to <= r.seq {
		return r.task, nil
	}
	if !a.relabels.window.covers(r.id) {
		if err := a.readWindow(ctx, after); err != nil {
			return nil, err
		}
	}
	l := a.relabels.window.tasks[r.id]
	if !l.changed {
		return r.task, nil
	}
	var t object
	if err := decode(r.task, &t); err != nil {
		return nil, err
	}
	maps.Copy(t, l.members)
	return json.Marshal(t)
}

// findSpans finds where the log has entries about labels that changed tasks.
func (a *Archive) findSpans(ctx context.Context) error {
	if a.relabels.spans != nil {
		return nil
	}
	spans := []span{}
	for from := int64(0); from < a.seq; from += spanLog {
		var found []span // one for each entry
		err := a.read(ctx, func(b *pgx.Batch) {
			// primary key of task_event; without relabeled itself, which is long
			const query = `
SELECT seq, (SELECT coalesce(sum((r ->> 'count')::bigint), 0)::bigint FROM jsonb_array_elements(label -> 'relabels') AS r)
FROM task_event WHERE user_id = $1 AND seq > $2 AND seq <= $3 AND relabeled IS NOT NULL ORDER BY seq`
			b.Queue(query, a.user, from, min(from+spanLog, a.seq)).Query(func(rows pgx.Rows) (err error) {
				found, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (span, error) {
					s := span{entries: 1}
					err := row.Scan(&s.from, &s.tasks)
					s.to = s.from
					return s, err
				})
				return err
			})
		})
		if err != nil {
			return err
		}
		for i, s := range found {
			last := len(spans) - 1
			if i == 0 || spans[last].entries == spanEntries || spans[last].tasks+s.tasks > spanTasks {
				spans = append(spans, s)
				continue
			}
			spans[last].to, spans[last].entries, spans[last].tasks = s.to, spans[last].entries+1, spans[last].tasks+s.tasks
		}
	}
	a.relabels.spans = spans
	return nil
}

// readWindow reads the window of the tasks after one.
func (a *Archive) readWindow(ctx context.Context, after uuid.UUID) error {
	a.relabels.window = window{} // its memory is for the next one
	w, first := window{after: after, last: after, tasks: map[uuid.UUID]labeled{}}, a.seq
	for size := 0; size < windowBytes; {
		page, err := a.taskPage(ctx, w.last)
		if err != nil {
			return err
		}
		if len(page) == 0 {
			break
		}
		for _, r := range page {
			cost, err := w.add(r)
			if err != nil {
				return err
			}
			size, first = size+cost, min(first, r.seq)
		}
	}
	for _, s := range a.relabels.spans {
		if s.to <= first {
			continue
		}
		all, err := a.readSpan(ctx, s, w)
		if err != nil {
			return err
		}
		for _, r := range all {
			w.apply(r)
		}
	}
	a.relabels.window = w
	return nil
}

// readSpan reads what the entries of a span did to the window's tasks, in order.
func (a *Archive) readSpan(ctx context.Context, s span, w window) (all []relabel, err error) {
	// primary key of task_event. The tasks of an entry are in one list, in the order of the names that they lost and got.
	const query = `
SELECT e.seq, split_part(e.event_type, '.', 1), e.occurred_at, r.value, t.tasks
FROM task_event e, LATERAL (
  SELECT n, value, (value ->> 'count')::integer AS size, sum((value ->> 'count')::integer) OVER (ORDER BY n) AS total
  FROM jsonb_array_elements(e.label -> 'relabels') WITH ORDINALITY AS each (value, n)
) AS r, LATERAL (
  SELECT array_agg(task) AS tasks FROM unnest(e.relabeled[total - size + 1:total]) AS task WHERE task > $4 AND task <= $5
) AS t
WHERE e.user_id = $1 AND e.seq >= $2 AND e.seq <= $3 AND e.relabeled IS NOT NULL AND t.tasks IS NOT NULL ORDER BY e.seq, r.n`
	err = a.read(ctx, func(b *pgx.Batch) {
		b.Queue(query, a.user, s.from, s.to, w.after, w.last).Query(func(rows pgx.Rows) (err error) {
			all, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (relabel, error) {
				var kind string
				var seq int64
				var at time.Time
				var value relabeling
				var tasks []uuid.UUID
				err := row.Scan(&seq, &kind, &at, &value, &tasks)
				return value.of(kind, seq, at, tasks), err
			})
			return err
		})
	})
	return all, err
}

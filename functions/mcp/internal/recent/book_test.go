package recent

import (
	"cmp"
	"context"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/functions/mcp/internal/rest"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/task"
)

// book is a user's tasks and history in memory, using the domain's commands.
type book struct {
	tasks map[uuid.UUID]*task.Task
	log   []task.Event
	now   time.Time
	user  uuid.UUID

	from, to int64 // sequences of entries that are missing in the history
	page     int   // the maximal number of events of a page, when they are long
	calls    int
}

func newBook() *book {
	return &book{tasks: map[uuid.UUID]*task.Task{}, now: time.Now(), user: uuid.New()}
}

func (b *book) do(c task.Command) error {
	b.now = b.now.Add(time.Second)
	l := &task.Ledger{UserID: b.user, Actor: "user:test", Now: b.now, Seq: int64(len(b.log)), NewID: uuid.New}
	for _, t := range b.tasks {
		l.Load(t)
	}
	if _, err := c.Apply(l); err != nil {
		return err
	}
	for _, e := range l.Events() {
		if b.tasks[e.TaskID] = e.Row(); e.Row().Gone() {
			delete(b.tasks, e.TaskID)
		}
		raw, _ := json.Marshal(e) // as it is sent over the wire
		var read task.Event
		if err := json.Unmarshal(raw, &read); err != nil {
			return err
		}
		b.log = append(b.log, read)
	}
	return nil
}

func (b *book) counts() task.Counts {
	c := task.NewCounts()
	c.Seq = int64(len(b.log))
	for _, t := range b.tasks {
		if t.DeletedAt == nil && !t.Completed {
			c.Open++
			c.ByPriority[t.Priority.String()]++
		}
	}
	return c
}

// notify adds an entry that is in the log but not in the topic.
func (b *book) notify() {
	b.log = append(b.log, task.Event{ID: uuid.New(), Seq: int64(len(b.log)) + 1, EventType: "notification.created", UserID: b.user})
}

// call responds as the tasks function does.
func (b *book) call(_ context.Context, r rest.Request, out any) error {
	b.calls++
	if r.Path == "/api/todos/counts" {
		*out.(*task.Counts) = b.counts()
		return nil
	}
	var after int
	_ = json.Unmarshal([]byte(r.Query.Get("after")), &after)
	items := slices.DeleteFunc(slices.Clone(b.log[min(after, len(b.log)):]), func(e task.Event) bool { return e.Seq >= b.from && e.Seq <= b.to })
	most := cmp.Or(b.page, 200)
	page := map[string]any{"items": items[:min(len(items), most)], "next_cursor": nil}
	if len(items) > most {
		page["next_cursor"] = "more"
	}
	raw, _ := json.Marshal(page)
	return json.Unmarshal(raw, out)
}

// grow makes n random changes.
func (b *book) grow(t *testing.T, r *rand.Rand, n int) {
	t.Helper()
	var ids []uuid.UUID
	for id := range b.tasks {
		ids = append(ids, id)
	}
	for range n {
		if r.IntN(6) == 0 {
			b.notify()
		}
		any := uuid.New()
		if len(ids) > 0 {
			any = ids[r.IntN(len(ids))]
		}
		draft := task.Draft{Title: "T", Tags: []string{}, Priority: task.Priority(r.IntN(5))}
		if len(ids) > 0 && r.IntN(3) == 0 {
			draft.ParentID = &any
		}
		var c task.Command
		switch r.IntN(8) {
		case 0, 1:
			c = task.Create{Draft: draft}
		case 2:
			c = task.SetCompleted{ID: any, Completed: true}
		case 3:
			c = task.SetCompleted{ID: any}
		case 4:
			c = task.Delete{ID: any}
		case 5:
			c = task.Restore{ID: any}
		case 6:
			c = task.Purge{IDs: []uuid.UUID{any}}
		default:
			c = task.Replace{ID: any, Draft: draft}
		}
		if err := b.do(c); err != nil && fault.Is(err, fault.Internal) {
			t.Fatal(err)
		}
		ids = ids[:0]
		for id := range b.tasks {
			ids = append(ids, id)
		}
	}
}

// memory is a State that can lose data, be unavailable, and be written to concurrently.
type memory struct {
	values map[string][]byte
	etag   int
	broken bool
	race   func() // runs once before a Put
	onMiss func() // runs once after a Get has found nothing
}

func (m *memory) Get(_ context.Context, key string) ([]byte, string, error) {
	if m.broken {
		return nil, "", fault.WrapUnavailable("the state store", nil)
	}
	if m.values[key] == nil {
		if onMiss := m.onMiss; onMiss != nil {
			m.onMiss = nil
			onMiss()
		}
		return nil, "", nil
	}
	return m.values[key], string(rune('a' + m.etag%20)), nil
}

func (m *memory) Put(_ context.Context, key string, value []byte, etag string, _ time.Duration) error {
	if m.broken {
		return fault.WrapUnavailable("the state store", nil)
	}
	if race := m.race; race != nil {
		m.race = nil
		race()
	}
	if m.values[key] != nil && etag != string(rune('a'+m.etag%20)) || m.values[key] == nil && etag != "" {
		return fault.New(fault.Conflict, "changed")
	}
	m.values[key] = value
	m.etag++
	return nil
}

package recent

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
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
		b.tasks[e.TaskID] = e.Row()
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
		switch r.IntN(7) {
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

func check(t *testing.T, b *book, c *Context) {
	t.Helper()
	want := b.counts()
	if c.Seq != want.Seq || c.Open == nil || c.Open.Total != want.Open {
		t.Fatalf("sequence %d of %d, open %+v, want %+v", c.Seq, want.Seq, c.Open, want)
	}
	for name, n := range want.ByPriority {
		if c.Open.ByPriority[name] != n {
			t.Fatalf("%s: %d, want %d", name, c.Open.ByPriority[name], n)
		}
	}
	var changes []task.Event
	for _, e := range b.log[c.From:] {
		if isChange(e.EventType) {
			changes = append(changes, e)
		}
	}
	if len(c.Changes) != len(changes) || len(changes) > MaxChanges || c.From > 0 && len(changes) < MaxChanges/2 {
		t.Fatalf("%d changes of %d", len(c.Changes), len(changes))
	}
	for i, change := range c.Changes {
		e := changes[i]
		if change.EventID != e.ID || change.Seq != e.Seq || change.Change != e.EventType.ChangeType() {
			t.Fatalf("change %d is %+v, want %+v", i, change, e)
		}
	}
}

// TestLostOrReorderedEvents_ReadMatchesTheLog: events arrive twice, in any order, or never; state is lost or unavailable;
// others write concurrently. The result of Read is always that of the log.
func TestLostOrReorderedEvents_ReadMatchesTheLog(t *testing.T) {
	t.Parallel()
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 1))
		b := newBook()
		m := &memory{values: map[string][]byte{}}
		cache := NewContextCache(m)
		for range 30 {
			before := len(b.log)
			b.grow(t, r, r.IntN(12))
			deliver := append([]task.Event(nil), b.log[max(0, before-r.IntN(5)):]...)
			switch r.IntN(4) {
			case 0:
				r.Shuffle(len(deliver), func(i, j int) { deliver[i], deliver[j] = deliver[j], deliver[i] })
			case 1:
				deliver = append(deliver, deliver...)
			case 2:
				deliver = deliver[:r.IntN(len(deliver)+1)]
			}
			for _, e := range deliver {
				if !isChange(e.EventType) {
					continue
				}
				if r.IntN(5) == 0 && len(b.log) > 0 {
					last := b.log[len(b.log)-1]
					m.race = func() { cache.Apply(t.Context(), last) }
				}
				cache.Apply(t.Context(), e)
			}
			m.race = nil
			switch r.IntN(8) {
			case 0:
				m.values = map[string][]byte{}
			case 1:
				m.values[contextKey(b.user)] = []byte("nonsense")
			}
			m.broken = r.IntN(6) == 0
			c, err := cache.Read(t.Context(), b.user, b.call)
			m.broken = false
			if err != nil {
				t.Fatal(err)
			}
			check(t, b, c)
		}
		if len(m.values[contextKey(b.user)]) > 64<<10 {
			t.Errorf("%d bytes", len(m.values[contextKey(b.user)]))
		}
	}
}

// TestAllEventsInOrder_NoHistoryIsRead: with all events in order nothing is read from the history.
func TestAllEventsInOrder_NoHistoryIsRead(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 7))
	b := newBook()
	cache := NewContextCache(&memory{values: map[string][]byte{}})
	if _, err := cache.Read(t.Context(), b.user, b.call); err != nil {
		t.Fatal(err)
	}
	for range 40 {
		draft := task.Draft{Title: "T", Tags: []string{}, Priority: task.Priority(r.IntN(5))}
		before := len(b.log)
		if err := b.do(task.Create{Draft: draft}); err != nil {
			t.Fatal(err)
		}
		id := b.log[before].TaskID
		for _, c := range []task.Command{task.SetCompleted{ID: id, Completed: true}, task.SetCompleted{ID: id}, task.Delete{ID: id}, task.Restore{ID: id}}[:r.IntN(5)] {
			if err := b.do(c); err != nil {
				t.Fatal(err)
			}
		}
		for _, e := range b.log[before:] {
			cache.Apply(t.Context(), e)
		}
	}
	c, err := cache.Read(t.Context(), b.user, func(ctx context.Context, r rest.Request, out any) error {
		b.calls++
		if r.Path == "/api/todos/counts" {
			t.Error("the counts were requested")
		}
		return b.call(ctx, r, out)
	})
	if err != nil {
		t.Fatal(err)
	}
	check(t, b, c)
}

// TestEventBeforeFirstRead_LaterEventsAreApplied: an event finds no context just before the first Read creates one. Later events
// keep it up to date.
func TestEventBeforeFirstRead_LaterEventsAreApplied(t *testing.T) {
	t.Parallel()
	b := newBook()
	m := &memory{values: map[string][]byte{}}
	cache := NewContextCache(m)
	create := func() task.Event {
		draft := task.Draft{Title: "T", Tags: []string{}}
		if err := b.do(task.Create{Draft: draft}); err != nil {
			t.Fatal(err)
		}
		return b.log[len(b.log)-1]
	}
	first := create()
	m.onMiss = func() {
		if _, err := cache.Read(t.Context(), b.user, b.call); err != nil {
			t.Error(err)
		}
	}
	cache.Apply(t.Context(), first)
	second := create()
	cache.Apply(t.Context(), second)
	c, _, err := cache.load(t.Context(), b.user)
	if err != nil || c == nil || c.Seq != second.Seq {
		t.Errorf("stored context is %+v (%v), want sequence %d", c, err, second.Seq)
	}
}

// After a restore of the database, events of the lost state may still be in the topic, with sequences that are used again.
func TestRestoredDatabase_EventsOfTheLostStateAreIgnored(t *testing.T) {
	t.Parallel()
	b := newBook()
	b.now = time.Now().Add(-time.Hour)
	create := func(n int) {
		for range n {
			if err := b.do(task.Create{Draft: task.Draft{Title: "T", Tags: []string{}}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	create(20)
	restored := maps.Clone(b.tasks)
	create(3)
	lost := slices.Clone(b.log[20:])
	b.tasks, b.log = restored, b.log[:20:20]

	cache := NewContextCache(&memory{values: map[string][]byte{}})
	read := func() {
		t.Helper()
		c, err := cache.Read(t.Context(), b.user, b.call)
		if err != nil {
			t.Fatal(err)
		}
		check(t, b, c)
	}
	read()
	for _, e := range lost {
		cache.Apply(t.Context(), e)
	}
	read()
	b.now = time.Now()
	create(5)
	for _, e := range append(lost, b.log[20:]...) {
		cache.Apply(t.Context(), e)
	}
	read()
}

// The history ends a page early when its events are long.
func TestShortPages_TheContextHasAllOfThem(t *testing.T) {
	t.Parallel()
	b := newBook()
	b.page = 7
	r := rand.New(rand.NewPCG(1, 2))
	b.grow(t, r, 150)
	cache := NewContextCache(&memory{values: map[string][]byte{}})
	for range 3 {
		c, err := cache.Read(t.Context(), b.user, b.call)
		if err != nil {
			t.Fatal(err)
		}
		check(t, b, c)
		b.grow(t, r, 20)
	}
}

// A gap anywhere in the log leaves a context that continues after it, and is rebuilt only once.
func TestMissingEntries_TheContextContinuesAfterThem(t *testing.T) {
	t.Parallel()
	for name, gap := range map[string][2]int64{"in the middle": {20, 25}, "at the end": {27, 30}, "the last": {30, 30}, "all": {1, 30}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBook()
			create := func(n int) {
				for range n {
					if err := b.do(task.Create{Draft: task.Draft{Title: "T", Tags: []string{}}}); err != nil {
						t.Fatal(err)
					}
				}
			}
			read := func(cache *ContextCache, most int) {
				t.Helper()
				b.calls = 0
				c, err := cache.Read(t.Context(), b.user, b.call)
				if err != nil {
					t.Fatal(err)
				}
				if want := int64(len(b.log)); c.Seq != want || c.Open == nil || c.Open.Total != want || c.From > want {
					t.Errorf("got sequence %d, from %d, open %+v; want sequence %d and as many open", c.Seq, c.From, c.Open, want)
				}
				for i, change := range c.Changes {
					if want := c.From + int64(i) + 1; change.Seq != want {
						t.Errorf("change %d after %d has sequence %d", i, c.From, change.Seq)
					}
				}
				if b.calls > most {
					t.Errorf("%d calls, want at most %d", b.calls, most)
				}
			}
			before, after := NewContextCache(&memory{values: map[string][]byte{}}), NewContextCache(&memory{values: map[string][]byte{}})
			create(15)
			read(before, 2)
			create(15)
			b.from, b.to = gap[0], gap[1]
			read(after, 2)
			create(3)
			read(before, 3) // the stored one, and then a rebuilt one
			read(before, 1)
			read(after, 1)
		})
	}
}

func TestNewChange_TruncatesLongValues(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ä", 20000)
	c := newChange(task.Event{EventType: task.Updated, Task: &task.Task{Title: long}, ChangedFields: map[string]task.Change{"description": {From: "", To: long}}})
	raw, err := json.Marshal(c)
	if err != nil || len(raw) > 2000 || !json.Valid(raw) || strings.ContainsRune(string(raw), '\ufffd') {
		t.Errorf("%d bytes, %v: %.300s", len(raw), err, raw)
	}
}

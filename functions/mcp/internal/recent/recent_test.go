package recent

import (
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
	"taskwire.dev/shared/dapr"
	"taskwire.dev/shared/task"
)

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
				m.values[dapr.ContextKey(b.user)] = []byte("nonsense")
			}
			m.broken = r.IntN(6) == 0
			c, err := cache.Read(t.Context(), b.user, b.call)
			m.broken = false
			if err != nil {
				t.Fatal(err)
			}
			check(t, b, c)
		}
		if len(m.values[dapr.ContextKey(b.user)]) > 64<<10 {
			t.Errorf("%d bytes", len(m.values[dapr.ContextKey(b.user)]))
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

// TestPurge_TheCountsStay: a purge is a second task.deleted of a task that is not counted any more.
func TestPurge_TheCountsStay(t *testing.T) {
	t.Parallel()
	b := newBook()
	cache := NewContextCache(&memory{values: map[string][]byte{}})
	read := func() *Context {
		t.Helper()
		c, err := cache.Read(t.Context(), b.user, b.call)
		if err != nil {
			t.Fatal(err)
		}
		check(t, b, c)
		return c
	}
	for range 2 {
		if err := b.do(task.Create{Draft: task.Draft{Title: "T", Tags: []string{}}}); err != nil {
			t.Fatal(err)
		}
	}
	id := b.log[0].TaskID
	for _, c := range []task.Command{task.Delete{ID: id}, task.Purge{IDs: []uuid.UUID{id}, Given: true}} {
		read()
		if err := b.do(c); err != nil {
			t.Fatal(err)
		}
	}
	if last := read().Changes[3]; !last.Purged() || last.Title != "T" {
		t.Errorf("the purge is %+v", last)
	}
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

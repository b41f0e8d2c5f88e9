package stream

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/task"
)

// journal is a Log in memory, so that hubs can be tested with synctest's clock; the one on PostgreSQL is
// tested in shared/integration.
type journal struct {
	mu      sync.Mutex
	epochs  map[uuid.UUID]string
	events  map[uuid.UUID][]task.Event
	revoked map[uuid.UUID]bool
	away    bool
	padding string // makes changes large
	reads   int
}

func newJournal() *journal {
	return &journal{epochs: map[uuid.UUID]string{}, events: map[uuid.UUID][]task.Event{}, revoked: map[uuid.UUID]bool{}}
}

func (j *journal) commit(user uuid.UUID, n int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.epochs[user] == "" {
		j.epochs[user] = "e1"
	}
	for range n {
		seq := int64(len(j.events[user]) + 1)
		j.events[user] = append(j.events[user], task.Event{
			ID: uuid.New(), Seq: seq, UserID: user, TaskID: uuid.New(), EventType: task.Updated,
			ChangedFields: map[string]task.Change{"title": {From: "a", To: "b"}}, Task: &task.Task{Title: fmt.Sprint("change ", seq), Description: j.padding},
		})
	}
}

func (j *journal) head(user uuid.UUID) Head {
	if j.epochs[user] == "" {
		return Head{NoEpoch, 0}
	}
	return Head{j.epochs[user], int64(len(j.events[user]))}
}

var errAway = errors.New("away")

func (j *journal) Read(_ context.Context, cursors []Cursor, limit int) ([]Page, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.away {
		return nil, errAway
	}
	j.reads++
	var pages []Page
	for _, c := range cursors {
		log := j.events[c.UserID]
		from := int(min(c.Seq, int64(len(log))))
		pages = append(pages, Page{c.UserID, j.head(c.UserID), slices.Clone(log[from:min(from+limit, len(log))])})
	}
	return pages, nil
}

func (j *journal) Moved(_ context.Context, cursors []Cursor) (moved []uuid.UUID, _ error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.away {
		return nil, errAway
	}
	for _, c := range cursors {
		if j.head(c.UserID) != c.Head {
			moved = append(moved, c.UserID)
		}
	}
	return moved, nil
}

func (j *journal) Revoked(_ context.Context, tokens []uuid.UUID) (bad []uuid.UUID, _ error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, id := range tokens {
		if j.revoked[id] {
			bad = append(bad, id)
		}
	}
	return bad, nil
}

// bundle is a running hub on a journal, inside a synctest bubble.
type bundle struct {
	*Hub
	*journal
	user uuid.UUID
	stop context.CancelFunc
}

func setup(t *testing.T, config Config) bundle {
	j := newJournal()
	if config.MaxPerUser == 0 {
		config.MaxPerUser = 50
	}
	config.MaxTotal, config.MaxLifetime = 1000, max(config.MaxLifetime, time.Hour)
	if config.SweepEvery == 0 {
		config.SweepEvery = 5 * time.Second
	}
	h := NewHub(config, j)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { h.Run(ctx); close(done) }()
	t.Cleanup(func() { h.Drain(time.Second); stop(); <-done })
	return bundle{h, j, uuid.New(), stop}
}

func (b bundle) change(n int) {
	b.commit(b.user, n)
	b.journal.mu.Lock()
	seq := b.journal.head(b.user).Seq
	b.journal.mu.Unlock()
	b.Hint(b.user, seq)
}

// listener is a client: what it has got so far.
type listener struct {
	*Stream
	mu     sync.Mutex
	text   []string // "event id reason-or-seq", retry, ping
	ids    []string
	pause  chan struct{} // closed to read on
	closed bool
	remote net.Conn
}

func (b bundle) listen(t *testing.T, who Subscriber, paused bool) *listener {
	t.Helper()
	if who.UserID == uuid.Nil {
		who.UserID = b.user
	}
	if who.ExpiresAt.IsZero() {
		who.ExpiresAt = time.Now().Add(24 * time.Hour)
	}
	s, err := b.Open(t.Context(), who)
	if err != nil {
		t.Fatal(err)
	}
	here, there := net.Pipe()
	l := &listener{Stream: s, pause: make(chan struct{}), remote: there}
	if !paused {
		close(l.pause)
	}
	t.Cleanup(func() { _ = there.Close() })
	go s.Serve(context.Background(), NewConn(here, []byte("HTTP/1.1 200 OK\r\n\r\n")))
	go l.read()
	synctest.Wait()
	return l
}

func (l *listener) read() {
	lines := bufio.NewScanner(l.remote)
	lines.Buffer(nil, 1<<20)
	var event, id string
	for range 2 + 5 {
		lines.Scan() // status line, header and hello
		if name, value, _ := strings.Cut(lines.Text(), ": "); name == "id" {
			id = value
		} else if name == "data" {
			l.text = append(l.text, "hello "+id+" "+value)
		}
	}
	select {
	case <-l.pause:
	case <-l.Done():
	}
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ": ")
		l.mu.Lock()
		switch {
		case lines.Text() == "" || name == "retry":
		case name == "":
			l.text = append(l.text, value)
		case name == "event":
			event = value
		case name == "id":
			id = value
		case name == "data":
			var d struct {
				Seq    int64
				Reason string
				Task   *task.Task
			}
			if err := json.Unmarshal([]byte(value), &d); err != nil {
				panic(err)
			}
			switch event {
			case "sync.task-changed":
				l.ids = append(l.ids, id)
			default:
				l.text = append(l.text, fmt.Sprintf("%s %s %s", event, id, d.Reason))
			}
		}
		l.mu.Unlock()
	}
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
}

// greeted is the hello of a stream that goes on from seq.
func greeted(epoch string, seq, head int) string {
	return fmt.Sprintf(`hello %s-%d {"stream":"%s","seq":%d}`, epoch, seq, epoch, head)
}

// expect checks what the client has got but for pings: first the other events, then the changes.
func (l *listener) expect(t *testing.T, text []string, first, last int, epoch string) {
	t.Helper()
	synctest.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	got := slices.DeleteFunc(slices.Clone(l.text), func(s string) bool { return s == "ping" })
	if !slices.Equal(got, text) {
		t.Errorf("got %q, want %q", got, text)
	}
	var want []string
	for i := first; i <= last; i++ {
		want = append(want, fmt.Sprint(epoch, "-", i))
	}
	if !slices.Equal(l.ids, want) {
		t.Errorf("got the changes %v, want %d to %d", l.ids, first, last)
	}
}

func (l *listener) ended(t *testing.T, want bool) {
	t.Helper()
	synctest.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed != want {
		t.Errorf("ended: %v, want %v", l.closed, want)
	}
}

func TestFreshStream_HelloThenEveryChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := setup(t, Config{})
		b.commit(b.user, 3)
		l := b.listen(t, Subscriber{}, false)
		other := b.listen(t, Subscriber{UserID: uuid.New()}, false)
		b.change(200)
		b.change(1)
		l.expect(t, []string{greeted("e1", 3, 3)}, 4, 204, "e1")
		other.expect(t, []string{greeted("0", 0, 0)}, 0, -1, "")
	})
}

func TestNoChangeEver_FirstOneBeginsTheEpoch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := setup(t, Config{})
		l := b.listen(t, Subscriber{}, false)
		b.change(2)
		l.expect(t, []string{greeted("0", 0, 0)}, 1, 2, "e1")
		back := b.listen(t, Subscriber{LastID: "0-0"}, false)
		back.expect(t, []string{greeted("e1", 0, 2)}, 1, 2, "e1")
	})
}

func TestResume(t *testing.T) {
	for name, c := range map[string]struct {
		lastID      string
		text        []string
		first, last int
	}{
		"some missed":     {"e1-1500", []string{greeted("e1", 1500, 2000)}, 1501, 2000},
		"all it may miss": {"e1-1000", []string{greeted("e1", 1000, 2000)}, 1001, 2000},
		"nothing missed":  {"e1-2000", []string{greeted("e1", 2000, 2000)}, 0, -1},
		"too much missed": {"e1-999", []string{greeted("e1", 2000, 2000), "sync.reset e1-2000 gap"}, 0, -1},
		"another epoch":   {"e0-1999", []string{greeted("e1", 2000, 2000), "sync.reset e1-2000 epoch"}, 0, -1},
		"in the future":   {"e1-2001", []string{greeted("e1", 2000, 2000), "sync.reset e1-2000 epoch"}, 0, -1},
		"no id":           {"garbage", []string{greeted("e1", 2000, 2000), "sync.reset e1-2000 epoch"}, 0, -1},
		"negative":        {"e1--5", []string{greeted("e1", 2000, 2000), "sync.reset e1-2000 epoch"}, 0, -1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := setup(t, Config{})
				b.commit(b.user, 2000)
				l := b.listen(t, Subscriber{LastID: c.lastID}, false)
				l.expect(t, c.text, c.first, c.last, "e1")
				b.change(1)
				if c.last < 0 {
					c.first = 2001
				}
				l.expect(t, c.text, c.first, 2001, "e1")
			})
		})
	}
}

func TestLostHint_SweepHeals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := setup(t, Config{})
		b.commit(b.user, 1)
		l := b.listen(t, Subscriber{}, false)
		b.commit(b.user, 3) // and nobody says so
		l.expect(t, []string{greeted("e1", 1, 1)}, 0, -1, "e1")
		time.Sleep(6 * time.Second)
		l.expect(t, []string{greeted("e1", 1, 1)}, 2, 4, "e1")
	})
}

func TestDatabaseAway_StreamsWaitAndGoOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := setup(t, Config{})
		l := b.listen(t, Subscriber{}, false)
		b.journal.mu.Lock()
		b.away = true
		b.journal.mu.Unlock()
		b.change(2)
		time.Sleep(30 * time.Second)
		l.ended(t, false)
		if _, err := b.Open(t.Context(), Subscriber{UserID: b.user}); !errors.Is(err, errAway) {
			t.Errorf("opened a stream: %v", err)
		}
		b.journal.mu.Lock()
		b.away = false
		b.journal.mu.Unlock()
		time.Sleep(fetchRetry)
		l.expect(t, []string{greeted("0", 0, 0)}, 1, 2, "e1")
	})
}

func TestDatabasePutBack_Resets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := setup(t, Config{})
		b.commit(b.user, 10)
		l := b.listen(t, Subscriber{}, false)
		b.journal.mu.Lock()
		b.events[b.user] = b.events[b.user][:4]
		b.journal.mu.Unlock()
		time.Sleep(6 * time.Second)
		b.change(1)
		l.expect(t, []string{greeted("e1", 10, 10), "sync.reset e1-4 epoch"}, 5, 5, "e1")
	})
}

func TestSlowClient_ResetAndEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := setup(t, Config{})
		b.padding = strings.Repeat("x", 10_000)
		slow, quick := b.listen(t, Subscriber{}, true), b.listen(t, Subscriber{}, false)
		for range 20 {
			b.change(fetchEvents)
			synctest.Wait()
		}
		if n := b.unsent.Load(); n > 2*maxUnsent {
			t.Errorf("%d bytes are kept for a client that does not read", n)
		}
		close(slow.pause)
		slow.ended(t, true)
		slow.mu.Lock()
		if last := slow.text[len(slow.text)-1]; !strings.HasPrefix(last, "sync.reset e1-") || !strings.HasSuffix(last, " slow") {
			t.Errorf("the slow client's last event is %q", last)
		}
		slow.mu.Unlock()
		quick.expect(t, []string{greeted("0", 0, 0)}, 1, 20*fetchEvents, "e1")
		quick.ended(t, false)
		if n := b.unsent.Load(); n != 0 {
			t.Errorf("%d bytes are still accounted for", n)
		}
	})
}

func TestClientThatNeverReads_IsCut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := setup(t, Config{})
		l := b.listen(t, Subscriber{}, true)
		b.change(1)
		time.Sleep(WriteTimeout + time.Second)
		<-l.Done()
		if n := b.Count(); n != 0 {
			t.Errorf("%d streams are left", n)
		}
	})
}

func TestPingsAndEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := setup(t, Config{})
		l := b.listen(t, Subscriber{ExpiresAt: time.Now().Add(10 * time.Minute)}, false)
		long := b.listen(t, Subscriber{}, false)
		time.Sleep(10*time.Minute - 2*time.Second)
		l.ended(t, false)
		l.mu.Lock()
		if n := len(l.text) - 1; n < 38 || n > 41 {
			t.Errorf("%d pings in 10 minutes", n)
		}
		l.mu.Unlock()
		time.Sleep(3 * time.Second)
		l.ended(t, true)
		time.Sleep(43 * time.Minute)
		long.ended(t, false) // 54 minutes are the least
		time.Sleep(14 * time.Minute)
		long.ended(t, true)
	})
}

func TestRevokedToken_EndsItsStreamsOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := setup(t, Config{})
		bad, good := uuid.New(), uuid.New()
		l, other := b.listen(t, Subscriber{Token: bad}, false), b.listen(t, Subscriber{Token: good}, false)
		b.journal.mu.Lock()
		b.revoked[bad] = true
		b.journal.mu.Unlock()
		time.Sleep(6 * time.Second)
		l.ended(t, true)
		other.ended(t, false)
	})
}

func TestDrain_EndsAllAndTakesNoMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := setup(t, Config{})
		l, stuck := b.listen(t, Subscriber{}, false), b.listen(t, Subscriber{}, true)
		began := time.Now()
		b.Drain(time.Second)
		l.ended(t, true)
		<-stuck.Done()
		if d := time.Since(began); d > 1100*time.Millisecond {
			t.Errorf("draining took %v", d)
		}
		if _, err := b.Open(t.Context(), Subscriber{UserID: b.user}); !fault.Is(err, fault.Unavailable) {
			t.Errorf("opened a stream: %v", err)
		}
	})
}

func TestTooManyStreams(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := setup(t, Config{MaxPerUser: 2})
		first := b.listen(t, Subscriber{}, false)
		b.listen(t, Subscriber{}, false)
		if _, err := b.Open(t.Context(), Subscriber{UserID: b.user}); !fault.Is(err, fault.RateLimited) {
			t.Errorf("opened a third stream: %v", err)
		}
		b.listen(t, Subscriber{UserID: uuid.New()}, false)
		first.remote.Close()
		b.change(1) // is noticed when something is written
		synctest.Wait()
		b.listen(t, Subscriber{}, false)
	})
}

// Whatever hints come, in whatever order, and whenever streams come and go: each stream gets every change
// after its start, once, in order.
func TestAnyHints_NoGapNoDouble(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		synctest.Test(t, func(t *testing.T) {
			b := setup(t, Config{})
			type client struct {
				*listener
				from, to int
			}
			var open, all []*client
			for range rapid.IntRange(1, 40).Draw(r, "steps") {
				n := int(b.head(b.user).Seq)
				switch rapid.SampledFrom([]string{"commit", "hint", "open", "resume", "leave", "wait"}).Draw(r, "step") {
				case "commit":
					b.commit(b.user, rapid.IntRange(1, 150).Draw(r, "changes"))
				case "hint":
					b.Hint(b.user, int64(rapid.IntRange(0, n+3).Draw(r, "seq")))
				case "open":
					c := &client{b.listen(t, Subscriber{}, false), n, -1}
					open, all = append(open, c), append(all, c)
				case "resume":
					from := rapid.IntRange(max(0, n-maxMissed), n).Draw(r, "from")
					c := &client{b.listen(t, Subscriber{LastID: fmt.Sprint("e1-", from)}, false), from, -1}
					if n == 0 {
						c.from = 0
					}
					open, all = append(open, c), append(all, c)
				case "leave":
					if len(open) > 0 {
						open[0].end(farewell(time.Second), false)
						synctest.Wait()
						open[0].to = open[0].from + len(open[0].ids)
						open = open[1:]
					}
				case "wait":
					synctest.Wait()
				}
			}
			time.Sleep(6 * time.Second)
			synctest.Wait()
			n := int(b.head(b.user).Seq)
			for _, c := range all {
				if c.to < 0 {
					c.to = n
				}
				for i, id := range c.ids {
					if want := fmt.Sprint("e1-", c.from+1+i); id != want {
						t.Fatalf("change %d of a stream from %d is %s", i, c.from, id)
					}
				}
				if len(c.ids) != c.to-c.from {
					t.Fatalf("a stream from %d to %d got %d changes", c.from, c.to, len(c.ids))
				}
			}
		})
	})
}

package stream

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/task"
)

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

// listener is a client with everything that it has received.
type listener struct {
	*Stream
	mu     sync.Mutex
	text   []string // "event id reason-or-seq", retry, ping
	ids    []string
	pause  chan struct{} // closed to continue reading
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

// greeted is the hello of a stream that continues from seq.
func greeted(epoch string, seq, head int) string {
	return fmt.Sprintf(`hello %s-%d {"stream":"%s","seq":%d}`, epoch, seq, epoch, head)
}

// expect checks what the client has received, except pings: first the other events, then the changes.
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

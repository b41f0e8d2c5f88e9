package load

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"taskwire.dev/e2e/client"
)

// Listener follows one user's live stream as a browser does: whenever the stream ends it reconnects with the last id.
// It checks each frame: every sequence once, in order, or sync.reset, which says where the stream continues.
type Listener struct {
	user *User

	mu       sync.Mutex
	epoch    string
	seq      int64
	started  bool // a first hello has arrived
	jumped   bool // the last frame was a hello somewhere else, which is the last complaint
	last     string
	connects int
	resets   int
	retries  int // connections that were told when to reconnect
	changes  int
	delays   []time.Duration
	arrivals []time.Time
	wrong    []string
	kept     []Kept
	keeps    bool
	moved    chan struct{}
}

// maxRetry limits how long a listener waits before it reconnects, whatever the server asks for.
const maxRetry = time.Second

// NewListener returns a listener of the user's stream.
func NewListener(u *User) *Listener { return &Listener{user: u, moved: make(chan struct{})} }

// Run follows the stream until ctx ends.
func (l *Listener) Run(ctx context.Context) {
	retry := firstPause
	for ctx.Err() == nil {
		s, err := l.user.call.OpenStream(ctx, l.last, nil)
		if err != nil {
			l.refused(err)
			_ = pause(ctx, retry)
			retry = min(2*retry, maxRetry)
			continue
		}
		retry = firstPause
		if told := l.follow(ctx, s); told > 0 {
			retry = min(told, maxRetry)
		}
		s.Close()
		_ = pause(ctx, retry)
		retry = firstPause
	}
}

// follow reads a stream to its end and returns the requested wait.
func (l *Listener) follow(ctx context.Context, s *client.Stream) time.Duration {
	first, told := true, 0
	for {
		f, err := s.Next(ctx)
		if err != nil {
			break
		}
		if f.Retry > 0 {
			told = f.Retry
		}
		if f.Event == "" {
			continue
		}
		l.take(f, first)
		first = false
	}
	if told > 0 {
		l.mu.Lock()
		l.retries++
		l.mu.Unlock()
	}
	return time.Duration(told) * time.Millisecond
}

// take checks a frame.
func (l *Listener) take(f client.Frame, first bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer func() {
		close(l.moved)
		l.moved = make(chan struct{})
	}()
	if f.ID != "" {
		l.last = f.ID
	}
	if first != (f.Event == "hello") {
		l.complain("%s is the first frame of a stream: %t", f.Event, first)
	}
	epoch, seq, _ := position(f.ID)
	l.keep(f, epoch, seq)
	if l.epoch == client.NoEpoch {
		l.epoch = epoch
	}
	jumped := l.jumped && !first
	l.jumped = false
	switch f.Event {
	case "hello":
		l.connects++
		if l.started && (epoch != l.epoch || seq != l.seq) {
			l.complain("resumed at %s-%d, greeted with %q", l.epoch, l.seq, f.ID)
			l.jumped = true
		}
		l.epoch, l.seq, l.started = epoch, seq, true
	case "sync.reset":
		l.resets++
		l.epoch, l.seq = epoch, seq
		if jumped { // to where the reset says
			l.wrong = l.wrong[:len(l.wrong)-1]
		}
	default: // such as sync.task-changed
		l.change(f, epoch, seq)
	}
}

func (l *Listener) change(f client.Frame, epoch string, seq int64) {
	var data struct {
		UserID    string    `json:"user_id"`
		Seq       int64     `json:"seq"`
		Timestamp time.Time `json:"timestamp"`
	}
	err := json.Unmarshal(f.Data, &data)
	switch {
	case err != nil:
		l.complain("unreadable: %v", err)
	case data.Seq != seq:
		l.complain("%s carries the number %d", f.ID, data.Seq)
	case data.UserID != l.user.ID:
		l.complain("%s is of another user: %s", f.ID, data.UserID)
	case epoch != l.epoch || seq != l.seq+1:
		l.complain("%s follows %s-%d", f.ID, l.epoch, l.seq)
	}
	l.epoch, l.seq = epoch, seq
	l.changes++
	l.delays = append(l.delays, f.Received.Sub(data.Timestamp))
	l.arrivals = append(l.arrivals, f.Received)
}

func (l *Listener) complain(format string, args ...any) {
	l.wrong = append(l.wrong, fmt.Sprintf(format, args...))
}

// refused records a response to opening a stream that is not a temporary fault.
func (l *Listener) refused(err error) {
	var answer *client.StatusError
	if !errors.As(err, &answer) {
		return
	}
	switch answer.Response.Status {
	case http.StatusServiceUnavailable, http.StatusBadGateway, http.StatusGatewayTimeout, http.StatusTooManyRequests:
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.complain("refused: %v", err)
}

// Await waits until the stream has reached this sequence.
func (l *Listener) Await(ctx context.Context, seq int64) error {
	for {
		l.mu.Lock()
		at, moved, connects := l.seq, l.moved, l.connects
		l.mu.Unlock()
		if connects > 0 && at >= seq {
			return nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return fmt.Errorf("a stream of user %s is at %d, not at %d, after %d connections: %w", l.user.ID, at, seq, connects, ctx.Err())
		}
	}
}

// Report is what a listener has seen so far.
type Report struct {
	User                               *User
	Seq                                int64
	Connects, Resets, Retries, Changes int
	Wrong                              []string
	Delays                             []time.Duration // from the event's timestamp to the arrival of its frame
	Arrivals                           []time.Time     // of the same frames
}

// Report returns it.
func (l *Listener) Report() Report {
	l.mu.Lock()
	defer l.mu.Unlock()
	return Report{
		User: l.user, Seq: l.seq, Connects: l.connects, Resets: l.resets, Retries: l.retries, Changes: l.changes,
		Wrong: slices.Clone(l.wrong), Delays: slices.Clone(l.delays), Arrivals: slices.Clone(l.arrivals),
	}
}

// position parses the id of a frame, "<epoch>-<seq>".
func position(id string) (epoch string, seq int64, ok bool) {
	epoch, number, found := strings.Cut(id, "-")
	seq, err := strconv.ParseInt(number, 10, 64)
	return epoch, seq, found && err == nil
}

package load

import (
	"context"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"taskwire.dev/e2e/client"
)

const (
	// attemptTimeout is how long a writer waits for a response before it retries.
	attemptTimeout = 10 * time.Second
	// firstPause doubles up to lastPause while a writer is rejected: a thousand retrying writers must not become the
	// fault.
	firstPause = 50 * time.Millisecond
	lastPause  = 2 * time.Second
	// maxPending is how long nothing may be acknowledged before nothing new is sent: the retries of ever more writes would keep a
	// small machine from recovering.
	maxPending = 8 * time.Second
)

// Write is an acknowledged change.
type Write struct {
	Scheduled time.Time // when it was due to be sent, however late it was sent
	Latency   time.Duration
	Tries     int
}

// Writer writes as many users at a steady rate, independent of the responses: a slow response delays no other write, unless
// very many wait. What is rejected or lost is repeated unchanged, until it is acknowledged.
type Writer struct {
	users []*User
	rate  int

	mu       sync.Mutex
	writes   []Write
	wrong    []string
	refusals map[string]int
	pending  int
	moved    chan struct{} // closed and replaced when a write ends
}

// NewWriter returns a writer of that many changes a second.
func NewWriter(users []*User, rate int) *Writer {
	return &Writer{users: users, rate: rate, refusals: map[string]int{}, moved: make(chan struct{})}
}

// Run writes until stop is closed, then waits until the last write is acknowledged. Writes that are not when ctx ends
// are recorded as wrong.
func (w *Writer) Run(ctx context.Context, stop <-chan struct{}, seed uint64) {
	random := mathrand.New(mathrand.NewPCG(seed, 0))
	interval := time.Second / time.Duration(w.rate)
	scheduled := time.Now()
	var group sync.WaitGroup
	defer group.Wait()
	for ; ; scheduled = scheduled.Add(interval) {
		timer := time.NewTimer(time.Until(scheduled))
		select {
		case <-timer.C:
		case <-stop:
			return
		case <-ctx.Done():
			return
		}
		if w.full() {
			scheduled = time.Now().Add(firstPause) // writes that were due meanwhile are not made up for
			continue
		}
		o := next(w.users[random.IntN(len(w.users))], random)
		w.mu.Lock()
		w.pending++
		w.mu.Unlock()
		group.Go(func() { w.do(ctx, o, scheduled) })
	}
}

// full reports whether too many writes wait.
func (w *Writer) full() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.pending >= w.rate*int(maxPending/time.Second)
}

// do sends a change until it is acknowledged.
func (w *Writer) do(ctx context.Context, o operation, scheduled time.Time) {
	wait := firstPause
	for try := 1; ; try++ {
		r, err := w.attempt(ctx, o)
		if err == nil && (r.Status == o.want || o.gone && try > 1 && r.Status == http.StatusNotFound) {
			w.end(Write{scheduled, time.Since(scheduled), try}, o, o.done(r))
			return
		}
		passing, err := judge(o, r, err)
		if !passing {
			w.end(Write{}, o, err)
			return
		}
		w.refused(err)
		asked := time.Duration(0)
		if r != nil {
			asked = retryAfter(r.Header)
		}
		if pause(ctx, max(wait, min(asked, lastPause))+mathrand.N(wait)) != nil {
			w.end(Write{}, o, fmt.Errorf("never acknowledged, the %d. time: %w", try, err))
			return
		}
		wait = min(2*wait, lastPause)
	}
}

func (w *Writer) attempt(ctx context.Context, o operation) (*client.Response, error) {
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	return o.user.call.Do(ctx, o.request)
}

// judge distinguishes a temporary fault, after which a write is retried, from a bug.
func judge(o operation, r *client.Response, err error) (passing bool, why error) {
	if err != nil {
		return true, errors.New(kind(err))
	}
	why = fmt.Errorf("%s %s: %d %s", o.request.Method, o.request.Path, r.Status, r.Body)
	switch r.Status {
	case http.StatusServiceUnavailable, http.StatusBadGateway, http.StatusGatewayTimeout:
		if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/problem+json") {
			return false, fmt.Errorf("not a problem: %w", why)
		}
		if r.Status == http.StatusServiceUnavailable && r.Header.Get("Retry-After") == "" {
			return false, fmt.Errorf("without Retry-After: %w", why)
		}
		return true, fmt.Errorf("%d", r.Status)
	case http.StatusTooManyRequests:
		return true, fmt.Errorf("%d", r.Status)
	}
	return false, why
}

// kind returns the common part of many connection errors.
func kind(err error) string {
	if errors.Is(err, context.DeadlineExceeded) {
		return "timeout"
	}
	text := err.Error()
	if at := strings.LastIndex(text, ": "); at >= 0 {
		return text[at+2:]
	}
	return text
}

func (w *Writer) end(done Write, o operation, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pending--
	if done.Tries > 0 {
		w.writes = append(w.writes, done)
	}
	if err != nil {
		w.wrong = append(w.wrong, fmt.Sprintf("user %s: %s %s: %v", o.user.ID, o.request.Method, o.request.Path, err))
	}
	close(w.moved)
	w.moved = make(chan struct{})
}

func (w *Writer) refused(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.refusals[err.Error()]++
}

// Wrong lists what should never have happened so far.
func (w *Writer) Wrong() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.wrong)
}

// Refusals counts, by reason, the tries that had to be repeated so far.
func (w *Writer) Refusals() map[string]int {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := make(map[string]int, len(w.refusals))
	for reason, n := range w.refusals {
		all[reason] = n
	}
	return all
}

// Since returns the acknowledged writes that were due at or after t.
func (w *Writer) Since(t time.Time) []Write {
	w.mu.Lock()
	defer w.mu.Unlock()
	var since []Write
	for _, a := range w.writes {
		if !a.Scheduled.Before(t) {
			since = append(since, a)
		}
	}
	return since
}

// Await waits until n writes that were due at or after t are acknowledged, and returns them.
func (w *Writer) Await(ctx context.Context, t time.Time, n int) ([]Write, error) {
	for {
		w.mu.Lock()
		moved := w.moved
		w.mu.Unlock()
		if since := w.Since(t); len(since) >= n {
			return since, nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return w.Since(t), fmt.Errorf("%d of %d writes acknowledged: %w; refused: %v", len(w.Since(t)), n, ctx.Err(), w.Refusals())
		}
	}
}

// AwaitCalm waits until no rejected write is still waiting: at most what a healthy stack has in flight.
func (w *Writer) AwaitCalm(ctx context.Context) error {
	inFlight := max(5, w.rate/10)
	for {
		w.mu.Lock()
		moved, pending := w.moved, w.pending
		w.mu.Unlock()
		if pending <= inFlight {
			return nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return fmt.Errorf("%d writes are still waiting: %w; refused: %v", pending, ctx.Err(), w.Refusals())
		}
	}
}

// Quantile returns the latency that this fraction of the writes did not exceed.
func Quantile(writes []Write, q float64) time.Duration {
	if len(writes) == 0 {
		return 0
	}
	latencies := make([]time.Duration, len(writes))
	for i, w := range writes {
		latencies[i] = w.Latency
	}
	slices.Sort(latencies)
	return latencies[min(len(latencies)-1, int(q*float64(len(latencies))))]
}

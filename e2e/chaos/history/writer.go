package history

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"taskwire.dev/e2e/client"
)

const (
	// attemptTimeout is how long a try waits for a response.
	attemptTimeout = 10 * time.Second
	// firstPause doubles up to lastPause while a request is rejected.
	firstPause, lastPause = 100 * time.Millisecond, 2 * time.Second
	// maxPending requests may wait for a response; then nothing new is sent, as with people who see that nothing works.
	maxPending = 400
)

// Wrong is a response that no fault excuses.
type Wrong struct {
	User, What string
	// Kind is "answer", "retry" (not the first response again) or "stale" (an acknowledged change cannot be read).
	Kind string
}

// Counts are the totals so far.
type Counts struct {
	Requests, Acknowledged, Unknown, Retried, Refused, Pending int
}

// Writer has many users make changes at a steady rate, however slow the responses are. Without a response, some retry
// until they get one, and some never do: the outcome of those changes is unknown.
type Writer struct {
	users []*User
	rate  float64
	dice  dice

	mu     sync.Mutex
	counts Counts
	wrong  []Wrong
	number int
	last   time.Time     // when the newest acknowledged request was sent
	moved  chan struct{} // closed and replaced when a request ends
}

// NewWriter returns a writer of that many changes a second. run distinguishes what it writes.
func NewWriter(users []*User, rate int, seed uint64, run string) *Writer {
	return &Writer{users: users, rate: float64(rate), dice: dice{Rand: rand.New(rand.NewPCG(seed, 1)), run: run}, moved: make(chan struct{})}
}

// Run writes until stop is closed, then waits for the last responses; when ctx ends, it gives up on them.
func (w *Writer) Run(ctx context.Context, stop <-chan struct{}) {
	var group sync.WaitGroup
	defer group.Wait()
	due := time.Now()
	for {
		select {
		case <-time.After(time.Until(due)):
		case <-stop:
			return
		case <-ctx.Done():
			return
		}
		if w.Counts().Pending >= maxPending {
			due = time.Now().Add(firstPause)
			continue
		}
		u := w.users[w.dice.IntN(len(w.users))]
		r, undone := w.dice.choose(u)
		patient, again := w.dice.IntN(3) > 0, w.dice.IntN(8) == 0
		changes := 1
		if r != nil {
			changes = max(1, len(r.steps))
		}
		due = due.Add(time.Duration(float64(changes) / w.rate * float64(time.Second)))
		if behind := time.Since(due); behind > time.Second {
			due = time.Now() // writes that are late are not made up for
		}
		w.pend(1)
		group.Go(func() {
			defer w.pend(-1)
			if undone != nil {
				if r = w.undo(ctx, u, undone); r == nil {
					return
				}
			}
			w.do(ctx, r, patient, again)
		})
	}
}

func (w *Writer) pend(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.counts.Pending += n
	close(w.moved)
	w.moved = make(chan struct{})
}

// do sends a request until it gets a response, or once when the user does not retry. again requests the response a
// second time.
func (w *Writer) do(ctx context.Context, r *request, patient, again bool) {
	w.mu.Lock()
	w.number++
	number := w.number
	w.counts.Requests++
	w.mu.Unlock()
	r.user.begin(number, r.steps)
	sent := time.Now()
	answer := w.send(ctx, r.user, r.call, patient)
	if answer == nil {
		w.count(func(c *Counts) { c.Unknown += len(r.steps) })
		return
	}
	if answer.Status != r.want {
		w.complain(r, "answer", "%d %s, want %d", answer.Status, answer.Body, r.want)
		return
	}
	if err := r.acknowledge(answer.Body); err != nil {
		w.complain(r, "answer", "%v", err)
		return
	}
	w.mu.Lock()
	w.counts.Acknowledged += len(r.steps)
	if sent.After(w.last) {
		w.last = sent
	}
	w.mu.Unlock()
	if again {
		w.repeat(ctx, r, answer)
	}
	r.user.end(r)
}

// repeat sends an acknowledged request again: the response must be the first one, byte for byte.
func (w *Writer) repeat(ctx context.Context, r *request, first *client.Response) {
	second := w.send(ctx, r.user, r.call, true)
	if second == nil {
		return // the run is over
	}
	w.count(func(c *Counts) { c.Retried++ })
	if second.Status != first.Status || string(second.Body) != string(first.Body) {
		w.complain(r, "retry", "first %d %s, then %d %s", first.Status, first.Body, second.Status, second.Body)
	}
}

// undo looks up the newest change of a task, which must be the last acknowledged one, and plans its undo.
func (w *Writer) undo(ctx context.Context, u *User, t *thing) *request {
	history, ok := w.historyOf(ctx, u, t)
	if !ok {
		return nil
	}
	history = slices.DeleteFunc(history, func(e client.AuditEvent) bool { return !strings.HasPrefix(e.EventType, string(ofTask)+".") })
	if len(history) == 0 {
		w.note(Wrong{u.ID, fmt.Sprintf("task %s: its history has no change of it", t.id), "stale"})
		return nil
	}
	newest := history[len(history)-1]
	if got, want := StateOf(newest.Task), t.now().Shown(); got != want || len(history) != len(t.states) {
		w.note(Wrong{u.ID, fmt.Sprintf("task %s: acknowledged as change %d, %+v; its history has %d, the last %+v", t.id, len(t.states), want, len(history), got), "stale"})
		return nil
	}
	return undo(u, t, newest.ID)
}

// historyOf reads all of a task's history, whose pages may end early. false: it could not be read.
func (w *Writer) historyOf(ctx context.Context, u *User, t *thing) (all []client.AuditEvent, ok bool) {
	query := url.Values{"limit": {"200"}}
	for {
		answer := w.send(ctx, u, client.Request{Method: http.MethodGet, Path: path(t) + "/history", Query: query}, true)
		if answer == nil {
			u.giveBack([]*thing{t})
			return nil, false
		}
		var page client.Page[client.AuditEvent]
		if answer.Status != http.StatusOK || json.Unmarshal(answer.Body, &page) != nil || len(page.Items) == 0 {
			w.note(Wrong{u.ID, fmt.Sprintf("history of task %s: %d %.500s", t.id, answer.Status, answer.Body), "answer"})
			return nil, false
		}
		if all = append(all, page.Items...); page.NextCursor == nil {
			return all, true
		}
		query.Set("cursor", *page.NextCursor)
	}
}

// send sends until a valid response arrives. nil: none did.
func (w *Writer) send(ctx context.Context, u *User, call client.Request, patient bool) *client.Response {
	wait := firstPause
	for {
		answer, err := w.attempt(ctx, u, call)
		haste := err == nil && answer.Status == http.StatusTooManyRequests
		if err == nil && answer.Status < http.StatusInternalServerError && !haste {
			return answer
		}
		w.refused(u, call, answer)
		if !patient && !haste {
			return nil
		}
		pause := wait
		if answer != nil {
			seconds, _ := strconv.Atoi(answer.Header.Get("Retry-After"))
			pause = max(pause, min(time.Duration(seconds)*time.Second, lastPause))
		}
		select {
		case <-time.After(pause + rand.N(wait)):
		case <-ctx.Done():
			return nil
		}
		wait = min(2*wait, lastPause)
	}
}

func (w *Writer) attempt(ctx context.Context, u *User, call client.Request) (*client.Response, error) {
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	return u.Call.Do(ctx, call)
}

// refused counts a try without a valid response. A rejection must be a problem that a client can handle.
func (w *Writer) refused(u *User, call client.Request, answer *client.Response) {
	w.count(func(c *Counts) { c.Refused++ })
	if answer == nil || answer.Status == http.StatusTooManyRequests {
		return
	}
	var err error
	switch {
	case answer.Status == http.StatusInternalServerError:
		err = errors.New("no fault is the client's to see as 500")
	case !strings.HasPrefix(answer.Header.Get("Content-Type"), "application/problem+json"):
		err = errors.New("not a problem")
	case answer.Status == http.StatusServiceUnavailable && answer.Header.Get("Retry-After") == "":
		err = errors.New("without Retry-After")
	}
	if err != nil {
		w.note(Wrong{u.ID, fmt.Sprintf("%s %s: %d %.500s: %v", call.Method, call.Path, answer.Status, answer.Body, err), "answer"})
	}
}

func (w *Writer) complain(r *request, kind, format string, args ...any) {
	w.note(Wrong{r.user.ID, fmt.Sprintf("%s %s: ", r.call.Method, r.call.Path) + fmt.Sprintf(format, args...), kind})
}

func (w *Writer) note(wrong Wrong) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.wrong = append(w.wrong, wrong)
}

func (w *Writer) count(change func(*Counts)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	change(&w.counts)
}

// Counts returns the totals.
func (w *Writer) Counts() Counts {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.counts
}

// Wrong lists the responses that no fault excuses.
func (w *Writer) Wrong() []Wrong {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]Wrong(nil), w.wrong...)
}

// Await waits until a request that was sent after since was acknowledged, and no more than inFlight are waiting for a
// response.
func (w *Writer) Await(ctx context.Context, since time.Time, inFlight int) error {
	for {
		w.mu.Lock()
		well, pending, moved := w.last.After(since) && w.counts.Pending <= inFlight, w.counts.Pending, w.moved
		w.mu.Unlock()
		if well {
			return nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return fmt.Errorf("%d requests wait for an answer: %w", pending, ctx.Err())
		}
	}
}

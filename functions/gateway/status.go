package function

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/version"
)

const (
	// checkTimeout is how long an answer waits for a part, and how long the part may take.
	checkTimeout = 2 * time.Second
	// wakeTimeout is how long a function may take instead: one that sleeps is started by the question. The question goes on
	// behind the answer, and the next one joins it.
	wakeTimeout = 30 * time.Second
	// checkEvery bounds what users who ask for the status cost the parts.
	checkEvery = time.Second
)

// What is said of a part.
const (
	up     = "up"
	down   = "down"
	waking = "waking"
)

// part is one thing that Taskwire is made of.
type part struct {
	name    string
	timeout time.Duration // of a check
	check   func(context.Context) error

	underWay chan error // what the check that is under way will say; nil when there is none
	failed   bool       // whether the last check did
}

// ask checks p and waits for it until checkTimeout is over. A part that has not answered by then is waking, if it may
// take longer and the check before did not fail.
func (p *part) ask(ctx context.Context) string {
	select {
	case err := <-p.underWay: // it came after the last answer, which may be long ago
		p.note(err)
	default:
	}
	if p.underWay == nil {
		said := make(chan error, 1)
		p.underWay = said
		go func() {
			ctx, cancel := context.WithTimeout(ctx, p.timeout)
			defer cancel()
			said <- p.check(ctx)
		}()
	}
	late := time.NewTimer(checkTimeout)
	defer late.Stop()
	select {
	case err := <-p.underWay:
		p.note(err)
	case <-late.C:
		if !p.failed && p.timeout > checkTimeout {
			return waking
		}
		p.failed = true
	}
	if p.failed {
		return down
	}
	return up
}

func (p *part) note(err error) { p.underWay, p.failed = nil, err != nil }

// status asks all parts, at most once per checkEvery, however many clients ask.
type status struct {
	parts []*part

	mu     sync.Mutex // held while the parts are asked: others wait for that answer
	answer statusAnswer
	at     time.Time
}

type statusAnswer struct {
	Status    string       `json:"status"` // "up" or "degraded"
	CheckedAt time.Time    `json:"checked_at"`
	Commit    string       `json:"commit,omitempty"` // that the gateway was built from
	Parts     []partAnswer `json:"parts"`
}

type partAnswer struct {
	Name   string `json:"name"`
	Status string `json:"status"` // "up", "down" or "waking"
}

func newStatus(c Config, pool *postgres.Pool, cache *goredis.Client) *status {
	s := &status{parts: []*part{
		{name: "sidecar", timeout: checkTimeout, check: answers("http://127.0.0.1:" + c.Sidecar.HTTPPort + "/v1.0/healthz")},
		{name: "postgres", timeout: checkTimeout, check: pool.Ready},
		{name: "redis", timeout: checkTimeout, check: func(ctx context.Context) error { return cache.Ping(ctx).Err() }},
	}}
	functions := c.Upstreams.URLs
	for _, name := range slices.Sorted(maps.Keys(functions)) {
		s.parts = append(s.parts, &part{name: name, timeout: wakeTimeout, check: answers(functions[name] + "/health/readiness")})
	}
	// The gateway has no client of the broker and no right to the outbox; dead-letter has both.
	for _, name := range []string{"broker", "outbox"} {
		s.parts = append(s.parts, &part{name: name, timeout: wakeTimeout, check: answers(functions["dead-letter"] + "/health/" + name)})
	}
	return s
}

// answers checks that a GET is answered with success.
func answers(url string) func(context.Context) error {
	return func(ctx context.Context) error {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			return err
		}
		defer res.Body.Close()
		_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 4<<10)) // so that the connection can be used again
		if res.StatusCode >= 300 {
			return fmt.Errorf("%s", res.Status)
		}
		return nil
	}
}

// answerStatus tells any user whether every part is up. What is wrong with one is for the operator's logs.
func (f *Function) answerStatus(w http.ResponseWriter, r *http.Request) error {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return httpapi.NotAllowed(w, r, http.MethodGet, http.MethodHead)
	}
	who, err := f.tokens.Authenticate(r)
	if err != nil {
		return err
	}
	// Without the database nobody can say whether the token was revoked; that is when the status matters.
	if err := f.log.Accept(r.Context(), who); err != nil && !fault.Is(err, fault.Unavailable) {
		return err
	}
	httpapi.WriteJSON(w, http.StatusOK, f.status.ask(context.WithoutCancel(r.Context())))
	return nil
}

func (s *status) ask(ctx context.Context) statusAnswer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if time.Since(s.at) < checkEvery {
		return s.answer
	}
	answer := statusAnswer{Status: "up", Commit: version.Commit(), Parts: make([]partAnswer, len(s.parts))}
	var asking sync.WaitGroup
	for i, p := range s.parts {
		asking.Go(func() { answer.Parts[i] = partAnswer{p.name, p.ask(ctx)} })
	}
	asking.Wait()
	for _, p := range answer.Parts {
		if p.Status == down {
			answer.Status = "degraded"
		}
	}
	s.at = time.Now()
	answer.CheckedAt = s.at.UTC().Truncate(time.Microsecond)
	s.answer = answer
	return answer
}

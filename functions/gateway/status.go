package function

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/redis"
)

const (
	// checkTimeout is how long a part may take to say that it is up.
	checkTimeout = 2 * time.Second
	// checkEvery bounds what users who ask for the status cost the parts.
	checkEvery = time.Second
)

// part is one thing that Taskwire is made of.
type part struct {
	name  string
	check func(context.Context) error
}

// status asks all parts, at most once per checkEvery whoever asks.
type status struct {
	parts []part

	mu     sync.Mutex // held while the parts are asked: others wait for that answer
	answer statusAnswer
	at     time.Time
}

type statusAnswer struct {
	Status    string       `json:"status"` // "up" or "degraded"
	CheckedAt time.Time    `json:"checked_at"`
	Parts     []partAnswer `json:"parts"`
}

type partAnswer struct {
	Name   string `json:"name"`
	Status string `json:"status"` // "up" or "down"
}

func newStatus(c Config, pool *pgxpool.Pool) (*status, error) {
	cache, err := redis.Open(c.Redis)
	if err != nil {
		return nil, err
	}
	client := &http.Client{Timeout: checkTimeout}
	s := &status{parts: []part{
		{"auth", answers(client, c.Upstreams.Auth+"/health/readiness")},
		{"tasks", answers(client, c.Upstreams.Tasks+"/health/readiness")},
		{"mcp", answers(client, c.Upstreams.MCP+"/health/readiness")},
		{"dashboard", answers(client, c.Upstreams.Dashboard+"/health/readiness")},
		{"dead-letter", answers(client, c.Upstreams.DeadLetter+"/health/readiness")},
		{"sidecar", answers(client, "http://127.0.0.1:"+c.Sidecar.HTTPPort+"/v1.0/healthz")},
		{"postgres", func(ctx context.Context) error { return postgres.Ready(ctx, pool) }},
		{"redis", func(ctx context.Context) error { return cache.Ping(ctx).Err() }},
	}}
	for _, also := range []struct{ name, url string }{
		{"outbox-relay", c.Upstreams.OutboxRelay}, {"notifications", c.Upstreams.Notifications},
	} {
		if also.url != "" {
			s.parts = append(s.parts, part{also.name, answers(client, also.url+"/health/readiness")})
		}
	}
	return s, nil
}

// answers checks that a GET is answered with success.
func answers(client *http.Client, url string) func(context.Context) error {
	return func(ctx context.Context) error {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		res, err := client.Do(r)
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
		w.Header().Set("Allow", "GET, HEAD")
		return fault.New(fault.MethodNotAllowed, "%s takes GET", r.URL.Path)
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
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	answer := statusAnswer{Status: "up", Parts: make([]partAnswer, len(s.parts))}
	var asking sync.WaitGroup
	for i, p := range s.parts {
		asking.Go(func() {
			answer.Parts[i] = partAnswer{p.name, "up"}
			if p.check(ctx) != nil {
				answer.Parts[i].Status = "down"
			}
		})
	}
	asking.Wait()
	for _, p := range answer.Parts {
		if p.Status != "up" {
			answer.Status = "degraded"
		}
	}
	s.at = time.Now()
	answer.CheckedAt = s.at.UTC().Truncate(time.Microsecond)
	s.answer = answer
	return answer
}

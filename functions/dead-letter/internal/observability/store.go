// Package observability reads, for administrators, what the platform's telemetry has left in its stores: traces from
// Jaeger, and the state of alerts from Prometheus or vmalert. Both are optional. What it returns is made anew of the
// fields that it knows, so a store cannot show anything else.
package observability

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/memory"
)

// Config says where the stores are; an empty URL means that there is none.
type Config struct {
	TracesURL string `env:"JAEGER_QUERY_URL"`
	RulesURL  string `env:"RULES_URL"`
}

// Limits of one response of a store.
const (
	timeout     = 2 * time.Second
	maxResponse = 4 << 20
	maxText     = 300 // bytes, of a name or a label
	// held is about what a response needs in memory: it is read as a stream, and little of each span is kept.
	held = 2 << 20
)

// store is an HTTP server that is asked for JSON.
type store struct {
	name string // as in "the store of traces"
	none string // what to say if it is not configured
	base string
	http *http.Client
}

func newStore(name, none, base string) (*store, error) {
	if base != "" {
		if u, err := url.Parse(base); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return nil, fmt.Errorf("the URL of %s is %q", name, base)
		}
	}
	return &store{name: name, none: none, base: strings.TrimSuffix(base, "/"), http: &http.Client{
		Timeout: timeout,
		Transport: &http.Transport{
			DialContext:         (&net.Dialer{Timeout: time.Second}).DialContext,
			MaxIdleConnsPerHost: 2, MaxConnsPerHost: 8,
			IdleConnTimeout: 30 * time.Second,
		},
		// A store that redirects is not the one that was configured.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// get reads the response to a query. A path that the store does not have is NotFound.
func (s *store) get(ctx context.Context, path string, read func(io.Reader) error) error {
	if s.base == "" {
		return &fault.Error{Code: fault.Unavailable, Detail: s.none, RetryAfter: time.Hour}
	}
	if err := memory.Reserve(ctx, held); err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.base+path, http.NoBody)
	if err != nil {
		return err
	}
	r.Header.Set("Accept", "application/json")
	response, err := s.http.Do(r)
	if err != nil {
		return fault.WrapUnavailable(s.name, err)
	}
	defer func() { _ = response.Body.Close() }()
	switch response.StatusCode {
	case http.StatusOK:
	case http.StatusNotFound:
		return fault.New(fault.NotFound, "%s does not have it", s.name)
	default:
		return fault.WrapUnavailable(s.name, fmt.Errorf("it responded with %s", response.Status))
	}
	err = read(http.MaxBytesReader(nil, response.Body, maxResponse))
	var long *http.MaxBytesError
	switch {
	case errors.As(err, &long):
		return fault.New(fault.TooLarge, "the response of %s is larger than %d MB", s.name, maxResponse>>20)
	case err != nil:
		return fault.WrapUnavailable(s.name, err)
	}
	return nil
}

// cut bounds a text of a store.
func cut(s string) string {
	if len(s) <= maxText {
		return s
	}
	end := maxText
	for !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + "…"
}

package observability

import (
	"cmp"
	"context"
	"io"
	"regexp"
	"slices"
	"time"

	"taskwire.dev/shared/fault"
)

const (
	maxSpans = 2000
	maxLinks = 100 // of a span
	// settled is how long after its last span a trace is complete. Functions send their spans every 5 s, and sidecars
	// when they please.
	settled = 15 * time.Second
)

// Trace is what happened because of one request or event, as far as it was sampled and still is stored.
type Trace struct {
	TraceID string `json:"trace_id"`
	// Spans in the order in which they started.
	Spans []Span `json:"spans"`
	// Complete is whether no more spans are expected.
	Complete bool `json:"complete"`
	// Truncated is whether later spans are left out.
	Truncated bool `json:"truncated"`
}

// Span is a piece of work.
type Span struct {
	ID string `json:"id"`
	// ParentID is nil for a root. The parent is not always in the trace: a client may not have sent its own spans.
	ParentID   *string        `json:"parent_id"`
	Name       string         `json:"name"`
	Service    string         `json:"service"`
	Kind       string         `json:"kind"` // server, client, producer, consumer or internal
	Start      time.Time      `json:"start"`
	DurationUS int64          `json:"duration_us"`
	Error      bool           `json:"error"`
	Links      []Link         `json:"links"`
	Attributes map[string]any `json:"attributes"` // those in attributes
}

// Link is a span that a span also works for, often of another trace.
type Link struct {
	TraceID string `json:"trace_id"`
	SpanID  string `json:"span_id"`
}

// attributes are those that are shown: none of them has an id, a title or an address in it.
var attributes = []string{
	"http.route", "messaging.destination.name", "messaging.consumer.group.name", "cloudevents.event_type",
	"taskwire.batch.size", "db.operation.name",
}

// Traces is the store of traces.
type Traces struct{ store *store }

// NewTraces returns the store that c names.
func NewTraces(c Config) (*Traces, error) {
	s, err := newStore("the store of traces", "traces are not stored here: start with OBSERVE=1, or configure JAEGER_QUERY_URL", c.TracesURL)
	return &Traces{s}, err
}

// traceID is the format of W3C Trace Context, 3.2.2.3.
var traceID = regexp.MustCompile(`^[0-9a-f]{32}$`)

var errNoTrace = fault.New(fault.NotFound, "there is no such trace, or not yet")

// Get returns a trace. One that is not stored, or not yet, is NotFound.
func (t *Traces) Get(ctx context.Context, id string) (Trace, error) {
	if !traceID.MatchString(id) {
		return Trace{}, errNoTrace
	}
	var spans []Span
	err := t.store.get(ctx, "/api/traces/"+id, func(r io.Reader) (err error) {
		spans, err = readSpans(r)
		return err
	})
	switch {
	case fault.Is(err, fault.NotFound), err == nil && len(spans) == 0:
		return Trace{}, errNoTrace
	case err != nil:
		return Trace{}, err
	}
	return traceOf(id, spans, time.Now()), nil
}

func traceOf(id string, spans []Span, now time.Time) Trace {
	slices.SortFunc(spans, func(a, b Span) int {
		return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(b.DurationUS, a.DurationUS), cmp.Compare(a.ID, b.ID))
	})
	t := Trace{TraceID: id, Spans: spans}
	var end time.Time
	for _, s := range spans {
		if e := s.Start.Add(time.Duration(s.DurationUS) * time.Microsecond); e.After(end) {
			end = e
		}
	}
	t.Complete = now.Sub(end) > settled
	if t.Truncated = len(spans) > maxSpans; t.Truncated {
		t.Spans = spans[:maxSpans:maxSpans]
	}
	return t
}

package observability

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
)

// jaegerSpan is a span as Jaeger's query API returns it (model/json of github.com/jaegertracing/jaeger).
type jaegerSpan struct {
	SpanID        string `json:"spanID"`
	OperationName string `json:"operationName"`
	References    []struct {
		RefType string `json:"refType"`
		TraceID string `json:"traceID"`
		SpanID  string `json:"spanID"`
	} `json:"references"`
	StartTime int64 `json:"startTime"` // µs since 1970
	Duration  int64 `json:"duration"`  // µs
	Tags      []struct {
		Key   string `json:"key"`
		Value any    `json:"value"`
	} `json:"tags"`
	ProcessID string `json:"processID"`
}

// readSpans reads a response span by span: as a whole it may have megabytes, most of which are tags.
func readSpans(r io.Reader) ([]Span, error) {
	d := json.NewDecoder(r)
	var spans []Span
	var processes []string // by span
	services := map[string]struct {
		ServiceName string `json:"serviceName"`
	}{}
	span := func() error {
		var s jaegerSpan
		if err := d.Decode(&s); err != nil {
			return err
		}
		spans, processes = append(spans, s.span()), append(processes, s.ProcessID)
		return nil
	}
	trace := func(member string) error {
		switch member {
		case "spans":
			return elements(d, span)
		case "processes":
			return d.Decode(&services)
		}
		return skip(d)
	}
	err := members(d, func(member string) error {
		if member != "data" {
			return skip(d)
		}
		return elements(d, func() error { return members(d, trace) })
	})
	for i := range spans {
		spans[i].Service = cut(services[processes[i]].ServiceName)
	}
	return spans, err
}

func (s jaegerSpan) span() Span {
	out := Span{
		ID: cut(s.SpanID), Name: cut(s.OperationName), Kind: "internal", Start: time.UnixMicro(s.StartTime).UTC(), DurationUS: max(s.Duration, 0),
		Links: []Link{}, Attributes: map[string]any{},
	}
	for _, ref := range s.References {
		if ref.RefType == "CHILD_OF" && out.ParentID == nil {
			out.ParentID = new(cut(ref.SpanID))
		} else if len(out.Links) < maxLinks {
			out.Links = append(out.Links, Link{cut(ref.TraceID), cut(ref.SpanID)})
		}
	}
	for _, tag := range s.Tags {
		switch tag.Key {
		case "span.kind":
			if kind, ok := tag.Value.(string); ok && slices.Contains([]string{"server", "client", "producer", "consumer"}, kind) {
				out.Kind = kind
			}
		case "error":
			out.Error = tag.Value == true
		default:
			if !slices.Contains(attributes, tag.Key) {
				continue
			}
			switch value := tag.Value.(type) {
			case string:
				out.Attributes[tag.Key] = cut(value)
			case float64:
				out.Attributes[tag.Key] = value
			}
		}
	}
	return out
}

// members calls read for each member of an object, whose value it has to read. null is an empty object.
func members(d *json.Decoder, read func(name string) error) error {
	return within(d, '{', func() error {
		name, err := d.Token()
		if err != nil {
			return err
		}
		return read(name.(string)) // the decoder accepts nothing else there
	})
}

// elements calls read for each element of an array, which it has to read. null is an empty array.
func elements(d *json.Decoder, read func() error) error { return within(d, '[', read) }

func within(d *json.Decoder, open json.Delim, read func() error) error {
	begin, err := d.Token()
	if err != nil {
		return unexpected(err)
	}
	if begin == nil {
		return nil
	}
	if begin != open {
		return fmt.Errorf("it sent %v where %v was expected", begin, open)
	}
	for d.More() {
		if err := read(); err != nil {
			return unexpected(err)
		}
	}
	_, err = d.Token()
	return unexpected(err)
}

// unexpected tells a response that breaks off from one that ends.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

func skip(d *json.Decoder) error {
	var value json.RawMessage
	return d.Decode(&value)
}

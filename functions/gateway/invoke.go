package function

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"
	"time"

	"taskwire.dev/shared/fault"
)

// For Dapr's circuit breaker whatever goes wrong between two sidecars is a failure of the function, whoever caused it:
// three in a row close the function to everybody for 30 s, and no setting tells them apart. So nothing that a client does
// may make an invocation fail. What is passed on is what a sidecar can carry, a body is there before the invocation
// begins, and a client that goes away or does not read ends nothing.

// carried are the header fields of a client that travel through the sidecar.
var carried = map[string]bool{
	"Authorization": true, "Content-Type": true, "Content-Length": true, "Accept": true, "Idempotency-Key": true,
	"If-Match": true, "If-None-Match": true, "Traceparent": true, "Tracestate": true,
}

// maxCarried is the most bytes of URL and carried fields: the sidecar's server reads 8 KiB of a header, and the gateway
// adds to it.
const maxCarried = 6 << 10

// checkInvocation refuses what no sidecar could carry. Ids are UUIDs, so no path needs more than these characters.
func checkInvocation(r *http.Request) error {
	for _, c := range []byte(r.URL.Path) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("/-_.~", c) >= 0:
		default:
			return fault.New(fault.NotFound, "this path does not exist")
		}
	}
	size := len(r.RequestURI)
	if size > maxCarried {
		return fault.New(fault.TargetTooLong, "path and query have more than %d bytes", maxCarried)
	}
	for name, values := range r.Header {
		for _, value := range values {
			if carried[name] {
				size += len(name) + len(value) + len(": \r\n")
			}
		}
	}
	if size > maxCarried {
		return fault.New(fault.HeadersTooLarge, "the URL and the forwarded headers have more than %d bytes", maxCarried)
	}
	return nil
}

// clean takes out of a request's header what no client may say to a function: it is sidecars that speak to each other in
// fields named after Dapr, and the status envelope is between the gateway and a function. Through a sidecar goes only what
// it is known to carry, and only auth is given the session's cookies: over https their path is that of the whole site.
func clean(h http.Header, function string) {
	invoked := throughSidecar[function]
	maps.DeleteFunc(h, func(name string, _ []string) bool {
		return strings.HasPrefix(name, "Dapr-") || strings.HasPrefix(name, "Taskwire-") || invoked && !carried[name] ||
			name == "Cookie" && function != "auth"
	})
	if invoked && strings.Contains(strings.ToLower(h.Get("Accept")), "event-stream") {
		h.Del("Accept") // the sidecar would make a stream of the answer
	}
}

// invocationTime is how long an invocation may take, with the reading of its answer: a little longer than a function's
// server lets it.
const invocationTime = 31 * time.Second

// detached invokes a function to the end, whatever becomes of the client.
type detached struct{ http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (d detached) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), invocationTime)
	res, err := d.RoundTripper.RoundTrip(r.WithContext(ctx))
	if err != nil {
		cancel()
		return res, err
	}
	res.Body = &wholeBody{res.Body, cancel}
	return res, nil
}

// wholeBody is an answer that is read to its end, also when its client does not take it.
type wholeBody struct {
	io.ReadCloser
	cancel context.CancelFunc
}

// Close implements io.Closer.
func (b *wholeBody) Close() error {
	defer b.cancel()
	_, _ = io.Copy(io.Discard, b.ReadCloser) // if it fails, then so has the invocation
	return b.ReadCloser.Close()
}

// refusal is an answer of something before a function: a proxy, a sidecar, or the function's server.
type refusal struct {
	function string
	status   int
}

func (r refusal) Error() string {
	return fmt.Sprintf("something before %s answered %d", r.function, r.status)
}

// fault is what the client is told instead.
func (r refusal) fault() error {
	switch r.status {
	case http.StatusBadRequest:
		return fault.Wrap(fault.Malformed, r, "the request cannot be forwarded")
	case http.StatusRequestEntityTooLarge:
		return fault.Wrap(fault.TooLarge, r, "the body is too large to forward")
	case http.StatusRequestURITooLong:
		return fault.Wrap(fault.TargetTooLong, r, "path and query are too long to forward")
	case http.StatusRequestHeaderFieldsTooLarge:
		return fault.Wrap(fault.HeadersTooLarge, r, "the headers are too large to forward")
	default:
		return fault.WrapUnavailable("the function "+r.function, r)
	}
}

// refused reports whether a response is not the function's own. Functions answer with JSON; the dashboard alone has pages
// that say that something is not there.
func refused(function string, res *http.Response, opened bool) bool {
	media := res.Header.Get("Content-Type")
	switch {
	case res.StatusCode < http.StatusBadRequest || opened:
		return false
	case throughSidecar[function]:
		return true // its own would have been in an envelope
	case res.StatusCode >= http.StatusInternalServerError:
		return !strings.HasPrefix(media, "application/problem+json")
	default:
		return function != "dashboard" && !strings.HasPrefix(media, "application/")
	}
}

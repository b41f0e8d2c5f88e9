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

// Dapr's circuit breaker counts every error between two sidecars as a failure of the function, also those that a client causes:
// three in a row block the function for all users for 30 s, and no setting distinguishes them. So no client may be able to make
// an invocation fail. The gateway forwards only what sidecars can carry, reads the whole body before the invocation, and
// completes the invocation even if the client disconnects or does not read.

// carried are the client's header fields that are forwarded through the sidecar.
var carried = map[string]bool{
	"Authorization": true, "Content-Encoding": true, "Content-Type": true, "Content-Length": true, "Accept": true, "Accept-Encoding": true, "Idempotency-Key": true,
	"If-Match": true, "If-None-Match": true, "Traceparent": true, "Tracestate": true, "X-Request-Id": true,
}

// maxCarried is the maximal size of URL and carried fields in bytes: the sidecar's server reads 8 KiB of headers, and the gateway
// adds some.
const maxCarried = 6 << 10

// checkInvocation refuses what sidecars cannot carry. Ids are UUIDs, so paths need no other characters than these.
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

// clean removes header fields that clients may not send to functions: Dapr's fields are for sidecars, and the status envelope is
// between the gateway and a function. Only carried fields go through a sidecar, and only auth gets cookies, whose path over https
// is the whole site.
func clean(h http.Header, function string) {
	invoked := throughSidecar[function]
	maps.DeleteFunc(h, func(name string, _ []string) bool {
		return strings.HasPrefix(name, "Dapr-") || strings.HasPrefix(name, "Taskwire-") || invoked && !carried[name] ||
			name == "Cookie" && function != "auth"
	})
	if invoked && strings.Contains(strings.ToLower(h.Get("Accept")), "event-stream") {
		h.Del("Accept") // the sidecar would stream the response
	}
}

// invocationTime is how long an invocation may take, including reading its response: slightly longer than a function's server
// allows.
const invocationTime = 31 * time.Second

// detached completes an invocation even if the client disconnects.
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

// wholeBody is a response body that is read to its end even if the client does not read it.
type wholeBody struct {
	io.ReadCloser
	cancel context.CancelFunc
}

// Close implements io.Closer.
func (b *wholeBody) Close() error {
	defer b.cancel()
	_, _ = io.Copy(io.Discard, b.ReadCloser) // an error here means that the invocation failed
	return b.ReadCloser.Close()
}

// refusal is a response of something in front of a function: a proxy, a sidecar, or the function's server.
type refusal struct {
	function string
	status   int
}

func (r refusal) Error() string {
	return fmt.Sprintf("something before %s answered %d", r.function, r.status)
}

// fault is the fault for the client.
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

// refused reports whether a response does not come from the function. Functions respond with JSON; only the dashboard has error
// pages.
func refused(function string, res *http.Response, opened bool) bool {
	media := res.Header.Get("Content-Type")
	switch {
	case res.StatusCode < http.StatusBadRequest || opened:
		return false
	case throughSidecar[function]:
		return true // the function's would have been in an envelope
	case res.StatusCode >= http.StatusInternalServerError:
		return !strings.HasPrefix(media, "application/problem+json")
	default:
		return function != "dashboard" && !strings.HasPrefix(media, "application/")
	}
}

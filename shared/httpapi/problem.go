// Package httpapi has the HTTP conventions of all functions: JSON in and out, RFC 9457 problems, ETags, cookies, and the mapping
// from faults to responses.
package httpapi

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"strings"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/telemetry"
)

// Problem is application/problem+json (RFC 9457).
type Problem struct {
	Type     string        `json:"type"`
	Title    string        `json:"title"`
	Status   int           `json:"status"`
	Detail   string        `json:"detail"`
	Instance string        `json:"instance"`
	Errors   []fault.Field `json:"errors,omitempty"`
	// TraceID identifies the request's trace, so that users can name it when they report the problem.
	TraceID string `json:"trace_id,omitempty"`
}

// problemBase makes the type of a problem a stable URI; docs/errors.md describes each.
const problemBase = "https://taskwire.dev/problems/"

// maxText is the maximal length in bytes of a problem's detail and instance, which may repeat client input.
const maxText = 1000

// statuses maps a fault's code to an HTTP status.
var statuses = map[fault.Code]struct {
	status int
	title  string
}{
	fault.Malformed:          {http.StatusBadRequest, "Malformed request"},
	fault.Unauthenticated:    {http.StatusUnauthorized, "Sign in first"},
	fault.Forbidden:          {http.StatusForbidden, "Not allowed"},
	fault.NotFound:           {http.StatusNotFound, "Not found"},
	fault.MethodNotAllowed:   {http.StatusMethodNotAllowed, "Method not allowed"},
	fault.Conflict:           {http.StatusConflict, "Conflict with the current state"},
	fault.QuotaExceeded:      {http.StatusConflict, "Too much is stored"},
	fault.PreconditionFailed: {http.StatusPreconditionFailed, "Precondition failed"},
	fault.RequestTimeout:     {http.StatusRequestTimeout, "The request took too long"},
	fault.TooLarge:           {http.StatusRequestEntityTooLarge, "Too large"},
	fault.RangeUnsatisfiable: {http.StatusRequestedRangeNotSatisfiable, "There is nothing at that place"},
	fault.TargetTooLong:      {http.StatusRequestURITooLong, "The URL is too long"},
	fault.UnsupportedMedia:   {http.StatusUnsupportedMediaType, "Unsupported media type"},
	fault.Misdirected:        {http.StatusMisdirectedRequest, "Unknown host"},
	fault.Invalid:            {http.StatusUnprocessableEntity, "Invalid input"},
	fault.RateLimited:        {http.StatusTooManyRequests, "Too many requests"},
	fault.HeadersTooLarge:    {http.StatusRequestHeaderFieldsTooLarge, "Headers too large"},
	fault.Unavailable:        {http.StatusServiceUnavailable, "Temporarily unavailable"},
	fault.Preparing:          {http.StatusServiceUnavailable, "Not ready yet"},
	fault.Internal:           {http.StatusInternalServerError, "Internal error"},
}

// WriteProblem responds to r with err. Internal causes are logged, never sent.
func WriteProblem(w http.ResponseWriter, r *http.Request, err error) {
	f := fault.From(err)
	s := statuses[f.Code]
	if r.Context().Err() != nil {
		// The client has disconnected: failures caused by that are not bugs, and no one reads the response.
		w.WriteHeader(499)
		return
	}
	if s.status >= 500 && f.Code != fault.Preparing {
		slog.ErrorContext(r.Context(), "request failed", "method", r.Method, "path", r.URL.Path, "status", s.status, "error", f.Error())
	}
	h := w.Header()
	switch f.Code {
	case fault.Unauthenticated:
		if h.Get("WWW-Authenticate") == "" { // a route may set a more specific one
			h.Set("WWW-Authenticate", `Bearer realm="taskwire"`)
		}
	case fault.RateLimited, fault.Unavailable, fault.Preparing:
		h.Set("Retry-After", strconv.Itoa(max(1, int(math.Ceil(f.RetryAfter.Seconds())))))
	}
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false) // people read it in terminals, where "<access token>" should not be escaped
	_ = encoder.Encode(Problem{
		Type: problemBase + string(f.Code), Title: s.title, Status: s.status,
		Detail: fault.Cut(f.Detail, maxText), Instance: instance(r), Errors: f.Fields,
		TraceID: traceID(r, s.status),
	})
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	h.Del("ETag")
	w.WriteHeader(s.status)
	_, _ = w.Write(body.Bytes())
}

// traceID names the trace of a request that failed through no fault of the client. Refusals are the same bytes each
// time, so that comparing them tells nothing; the response's header names the trace of every request.
func traceID(r *http.Request, status int) string {
	if status < 500 {
		return ""
	}
	return telemetry.TraceID(r.Context())
}

// maxInstance limits how much of the request's path a problem repeats.
const maxInstance = 1 << 10

// instance names the request by its path, as a URI reference (RFC 9457, 3.1.5).
func instance(r *http.Request) string {
	p := r.URL.EscapedPath()
	if len(p) <= maxInstance {
		return p
	}
	p = p[:maxInstance]
	if i := strings.LastIndexByte(p, '%'); i > len(p)-3 { // part of an escape
		p = p[:i]
	}
	return p
}

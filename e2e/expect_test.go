package e2e

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"

	"taskwire.dev/e2e/client"
)

// problems maps each status of a problem to its type, as in docs/openapi.yaml.
var problems = map[int]string{
	400: "malformed", 401: "unauthenticated", 403: "forbidden", 404: "not-found", 405: "method-not-allowed", 409: "conflict",
	408: "request-timeout", 412: "precondition-failed", 413: "too-large", 414: "target-too-long", 415: "unsupported-media-type", 416: "range-not-satisfiable", 421: "misdirected",
	422: "invalid", 429: "rate-limited", 431: "headers-too-large", 503: "unavailable",
}

// expectStatus fails the test unless the response has this status; below 300 it checks nothing else.
func expectStatus(t *testing.T, r *client.Response, want int) {
	t.Helper()
	if r.Status != want {
		t.Fatalf("status %d, not %d: %s", r.Status, want, r.Body)
	}
}

// expectProblem fails the test unless the response is a complete problem with this status that names these fields.
func expectProblem(t *testing.T, r *client.Response, status int, fields ...string) client.Problem {
	t.Helper()
	if r.Status != status {
		t.Fatalf("status %d, not %d: %.500s", r.Status, status, r.Body)
	}
	p, err := readProblem(r)
	if err != "" {
		t.Fatalf("%s: %.500s", err, r.Body)
	}
	for _, field := range fields {
		if !slices.ContainsFunc(p.Errors, func(f client.Field) bool { return f.Field == field }) {
			t.Fatalf("errors do not name %q: %+v", field, p.Errors)
		}
	}
	return p
}

// readProblem reads a problem and returns what is wrong with it.
func readProblem(r *client.Response) (p client.Problem, wrong string) {
	if got := r.Header.Get("Content-Type"); got != "application/problem+json" {
		return p, "Content-Type " + strconv.Quote(got)
	}
	if err := json.Unmarshal(r.Body, &p); err != nil {
		return p, err.Error()
	}
	kind := problems[r.Status]
	switch {
	case p.Status != r.Status:
		return p, "status in the body differs from the status line"
	case kind == "" || p.Type != "https://taskwire.dev/problems/"+kind:
		return p, "type " + strconv.Quote(p.Type) + " is not that of the status"
	case p.Title == "" || p.Detail == "" || p.Instance == "":
		return p, "a member is missing"
	case strings.Contains(string(r.Body), "goroutine ") || strings.Contains(string(r.Body), ".go:"):
		return p, "a stack trace"
	}
	for _, f := range p.Errors {
		if f.Detail == "" || (f.Field != "" && f.Field[0] != '/') {
			return p, "errors holds no JSON Pointer with a detail"
		}
	}
	if r.Status == 401 && !strings.HasPrefix(r.Header.Get("WWW-Authenticate"), "Bearer") {
		return p, "401 without WWW-Authenticate"
	}
	if (r.Status == 429 || r.Status == 503) && r.Header.Get("Retry-After") == "" {
		return p, "no Retry-After"
	}
	if r.Status == 405 && r.Header.Get("Allow") == "" {
		return p, "no Allow"
	}
	return p, ""
}

// same fails the test unless two values are equal as JSON.
func same(t *testing.T, what string, got, want any) {
	t.Helper()
	g, w := compact(got), compact(want)
	if g != w {
		t.Fatalf("%s:\n got %s\nwant %s", what, g, w)
	}
}

func compact(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	var any any
	if err := json.Unmarshal(raw, &any); err != nil {
		return err.Error()
	}
	out, _ := json.Marshal(any)
	return string(out)
}

package httpapi

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/idempotency"
)

// WriteJSON responds with v as JSON. Responses belong to one user: no cache may store them.
func WriteJSON(w http.ResponseWriter, status int, v any) {
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false) // escaped "<" is six times as long; browsers do not interpret JSON as HTML
	if err := encoder.Encode(v); err != nil {
		panic(err) // our own types always marshal
	}
	writeBody(w, status, "application/json", bytes.TrimSuffix(body.Bytes(), []byte("\n")))
}

// JSONAnswer returns a response that can be stored and repeated.
func JSONAnswer(status int, v any, header map[string]string) idempotency.Answer {
	body, err := json.Marshal(v)
	if err != nil {
		panic(err) // as in WriteJSON
	}
	if header == nil {
		header = map[string]string{}
	}
	if header["Content-Type"] == "" {
		header["Content-Type"] = "application/json"
	}
	return idempotency.Answer{Status: status, Header: header, Body: body}
}

// WriteAnswer responds with a, for the first time or repeated.
func WriteAnswer(w http.ResponseWriter, a idempotency.Answer) {
	for name, value := range a.Header {
		w.Header().Set(name, value)
	}
	writeBody(w, a.Status, a.Header["Content-Type"], a.Body)
}

func writeBody(w http.ResponseWriter, status int, contentType string, body []byte) {
	h := w.Header()
	if len(body) > 0 {
		h.Set("Content-Type", contentType)
	}
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// ETag is the entity tag of a version.
func ETag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// Precondition is a parsed If-Match (RFC 9110, 13.1.1). The zero Precondition always holds.
type Precondition struct {
	any   bool
	asked bool
	tags  []string
}

// IfMatch parses the If-Match header. A tag that no version can have, including a weak one, matches nothing.
func IfMatch(r *http.Request) Precondition {
	var p Precondition
	for _, line := range r.Header.Values("If-Match") {
		for tag := range strings.SplitSeq(line, ",") {
			tag = strings.TrimSpace(tag)
			p.asked = true
			if tag == "*" {
				p.any = true
			}
			p.tags = append(p.tags, tag)
		}
	}
	return p
}

// Check returns a fault if version does not match. Tags are opaque: they are compared character by
// character (RFC 9110, 8.8.3.2), so "02" is not "2".
func (p Precondition) Check(version int64) error {
	if !p.asked || p.any {
		return nil
	}
	if slices.Contains(p.tags, ETag(version)) {
		return nil
	}
	return fault.New(fault.PreconditionFailed, "the task now has version %d", version)
}

// NotModified reports whether If-None-Match names etag, so that a GET may return 304.
func NotModified(r *http.Request, etag string) bool {
	for _, line := range r.Header.Values("If-None-Match") {
		for tag := range strings.SplitSeq(line, ",") {
			tag = strings.TrimPrefix(strings.TrimSpace(tag), "W/")
			if tag == etag || tag == "*" {
				return true
			}
		}
	}
	return false
}

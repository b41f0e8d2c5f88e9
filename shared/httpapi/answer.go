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

// WriteJSON answers with v as JSON. Answers are of one user: no cache may keep them.
func WriteJSON(w http.ResponseWriter, status int, v any) {
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false) // a text of "<" would become six times as long; browsers take no JSON for HTML
	if err := encoder.Encode(v); err != nil {
		panic(err) // v is one of our own types, which all marshal
	}
	writeBody(w, status, "application/json", bytes.TrimSuffix(body.Bytes(), []byte("\n")))
}

// JSONAnswer makes an answer that can be stored and given again.
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

// WriteAnswer answers with a, the first time or again.
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

// Precondition is what If-Match asks for (RFC 9110, 13.1.1). The zero Precondition asks for nothing.
type Precondition struct {
	any   bool
	asked bool
	tags  []string
}

// IfMatch reads the If-Match header. A tag that no version can have, a weak one too, matches nothing.
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

// Check reports a fault when version is not what was asked for. Tags are opaque: they are compared character by
// character (RFC 9110, 8.8.3.2), so "02" is not "2".
func (p Precondition) Check(version int64) error {
	if !p.asked || p.any {
		return nil
	}
	if slices.Contains(p.tags, ETag(version)) {
		return nil
	}
	return fault.New(fault.PreconditionFailed, "the task has version %d by now", version)
}

// NotModified reports whether If-None-Match names etag, so that a GET may be answered with 304.
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

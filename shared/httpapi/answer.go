package httpapi

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"

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

// WriteResult responds with v as JSON, unless it could not be had.
func WriteResult(w http.ResponseWriter, status int, v any, err error) error {
	if err == nil {
		WriteJSON(w, status, v)
	}
	return err
}

// WriteAnswer responds with a, for the first time or repeated, unless it could not be had.
func WriteAnswer(w http.ResponseWriter, a idempotency.Answer, err error) error {
	if err != nil {
		return err
	}
	for name, value := range a.Header {
		w.Header().Set(name, value)
	}
	writeBody(w, a.Status, a.Header["Content-Type"], a.Body)
	return nil
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

// NoneMatch reports whether If-None-Match holds: it does not name etag, compared weakly (RFC 9110, 13.1.2). If not, a GET is
// answered with 304, and a change with 412.
func NoneMatch(r *http.Request, etag string) bool {
	for _, line := range r.Header.Values("If-None-Match") {
		for tag := range strings.SplitSeq(line, ",") {
			tag = strings.TrimPrefix(strings.TrimSpace(tag), "W/")
			if tag == etag || tag == "*" {
				return false
			}
		}
	}
	return true
}

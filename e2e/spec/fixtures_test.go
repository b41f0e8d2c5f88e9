package spec

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
)

// asyncExample is the first example of a message, as bytes.
func asyncExample(t *testing.T, docs *documents, message string) []byte {
	t.Helper()
	examples, err := docs.at(asyncapiFile, "components", "messages", message, "examples")
	if err != nil {
		t.Fatal(err)
	}
	return marshal(t, examples.([]any)[0].(map[string]any)["payload"])
}

// openExample is an example of the components of openapi.yaml, as bytes.
func openExample(t *testing.T, docs *documents, name string) string {
	t.Helper()
	value, err := docs.at(openapiFile, "components", "examples", name, "value")
	if err != nil {
		t.Fatal(err)
	}
	return string(marshal(t, value))
}

func marshal(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// exchange is a request with its response, to be changed by a test.
type exchange struct {
	method, path string
	reqHeader    http.Header
	reqBody      string
	status       int
	respHeader   http.Header
	respBody     string
}

func (x exchange) check(t *testing.T, s *Spec) error {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), x.method, "http://localhost:8080"+x.path, strings.NewReader(x.reqBody))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = x.reqHeader.Clone()
	resp := &http.Response{StatusCode: x.status, Header: x.respHeader.Clone(), Body: io.NopCloser(strings.NewReader(x.respBody)), Request: req}
	return s.CheckExchange(req, []byte(x.reqBody), resp, []byte(x.respBody))
}

func header(pairs ...string) http.Header {
	h := http.Header{}
	for i := 0; i < len(pairs); i += 2 {
		h.Add(pairs[i], pairs[i+1])
	}
	return h
}

const bearer = "Bearer eyJhbGciOiJFZERTQSJ9.e30.c2ln"

func createTask(t *testing.T) exchange {
	t.Helper()
	docs := loadDocuments(t)
	return exchange{
		method: http.MethodPost, path: "/api/todos",
		reqHeader: header("Authorization", bearer, "Content-Type", "application/json", "Idempotency-Key", "k 1"),
		reqBody:   openExample(t, docs, "NewTask"),
		status:    http.StatusCreated,
		respHeader: header("Content-Type", "application/json", "ETag", `"1"`, "Cache-Control", "no-store",
			"Location", "/api/todos/019aa8f0-7c00-7a10-8b5e-3f2a1c4d5e6f"),
		respBody: openExample(t, docs, "Task"),
	}
}

func problem(status int, code string) string {
	b, _ := json.Marshal(map[string]any{
		"type": "https://taskwire.dev/problems/" + code, "title": "x", "status": status, "detail": "x", "instance": "/api/todos",
	})
	return string(b)
}

func refused(t *testing.T, status int, code string) exchange {
	t.Helper()
	x := createTask(t)
	x.status, x.respBody = status, problem(status, code)
	x.respHeader = header("Content-Type", "application/problem+json")
	return x
}

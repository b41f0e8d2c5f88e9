package httpapi_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"taskwire.dev/shared/httpapi"
)

// A path without wildcards has only its own methods, even where a wildcard would match it.
func TestRouter_Allow(t *testing.T) {
	t.Parallel()
	rt := &httpapi.Router{}
	for _, pattern := range []string{"GET /todos", "POST /todos", "POST /todos/batch", "GET /todos/{id}", "PUT /todos/{id}", "POST /{$}"} {
		rt.Route(pattern, func(w http.ResponseWriter, _ *http.Request) error { w.WriteHeader(http.StatusNoContent); return nil })
	}
	for target, want := range map[string]struct {
		status int
		allow  string
	}{
		"POST /todos": {204, ""}, "HEAD /todos": {204, ""}, "PUT /todos": {405, "GET, HEAD, POST"}, "OPTIONS /todos": {405, "GET, HEAD, POST"},
		"POST /todos/batch": {204, ""}, "GET /todos/batch": {405, "POST"}, "HEAD /todos/batch": {405, "POST"}, "PUT /todos/b%61tch": {405, "POST"},
		"PUT /todos/x": {204, ""}, "POST /todos/x": {405, "GET, HEAD, PUT"}, "GET /": {405, "POST"}, "BREW /": {405, "POST"}, "BREW /x": {404, ""},
	} {
		method, path, _ := strings.Cut(target, " ")
		w := httptest.NewRecorder()
		rt.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, path, nil))
		if got := w.Result(); got.StatusCode != want.status || got.Header.Get("Allow") != want.allow {
			t.Errorf("%s: %d, Allow %q, want %+v", target, got.StatusCode, got.Header.Get("Allow"), want)
		}
	}
}

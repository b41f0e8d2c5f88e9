package function

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

func get(t *testing.T, method, path string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	New().Handle(w, r)
	return w.Result()
}

func TestFilesAndTheirHeaders(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]struct {
		status      int
		contentType string
	}{
		"/":                 {200, "text/html; charset=utf-8"},
		"/index.html":       {200, "text/html; charset=utf-8"},
		"/app.js":           {200, "text/javascript; charset=utf-8"},
		"/style.css":        {200, "text/css; charset=utf-8"},
		"/icon.svg":         {200, "image/svg+xml"},
		"/nothing":          {404, "text/html; charset=utf-8"},
		"/public/app.js":    {404, "text/html; charset=utf-8"},
		"/.funcignore":      {404, "text/html; charset=utf-8"},
		"/health/readiness": {404, "text/html; charset=utf-8"}, // func-go answers it before
	} {
		res := get(t, http.MethodGet, path)
		if res.StatusCode != want.status && (res.StatusCode < 300 || res.StatusCode > 399 || want.status == 200) {
			t.Errorf("%s: status %d", path, res.StatusCode)
		}
		if res.StatusCode != want.status {
			continue
		}
		if got := res.Header.Get("Content-Type"); got != want.contentType {
			t.Errorf("%s: Content-Type %s", path, got)
		}
		if csp := res.Header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'self';") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: Content-Security-Policy %s", path, csp)
		}
		if want.status == 200 && (res.Header.Get("ETag") == "" || res.Header.Get("Cache-Control") != "no-cache") {
			t.Errorf("%s: cannot be cached: %v", path, res.Header)
		}
	}
}

func TestPathsThatClimbFindNothing(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/../function.go", "/%2e%2e/go.mod", "//etc/passwd", "/./app.js"} {
		if res := get(t, http.MethodGet, path); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: status %d", path, res.StatusCode)
		}
	}
}

func TestConditional_NotModified(t *testing.T) {
	t.Parallel()
	tag := get(t, http.MethodGet, "/app.js").Header.Get("ETag")
	if res := get(t, http.MethodGet, "/app.js", "If-None-Match", tag); res.StatusCode != http.StatusNotModified {
		t.Errorf("status %d", res.StatusCode)
	}
	if res := get(t, http.MethodGet, "/app.js", "If-None-Match", `"other"`); res.StatusCode != http.StatusOK {
		t.Errorf("status %d", res.StatusCode)
	}
}

func TestHeadAndOtherMethods(t *testing.T) {
	t.Parallel()
	res := get(t, http.MethodHead, "/")
	if n := res.ContentLength; res.StatusCode != 200 || n <= 0 {
		t.Errorf("HEAD: status %d, length %d", res.StatusCode, n)
	}
	res = get(t, http.MethodPost, "/")
	if res.StatusCode != 405 || res.Header.Get("Allow") != "GET, HEAD" || res.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("POST: %d %v", res.StatusCode, res.Header)
	}
}

// The policy forbids what is inline, so a page with any would be broken without a word.
func TestPages_HaveNothingInline(t *testing.T) {
	t.Parallel()
	inline := regexp.MustCompile(`(?i)<script(?:\s[^>]*)?>[^<]+|<style|\sstyle=|\son[a-z]+=|javascript:`)
	for path, f := range New().files {
		if strings.HasPrefix(f.contentType, "text/html") {
			if found := inline.Find(f.content); found != nil {
				t.Errorf("%s has %s", path, found)
			}
		}
	}
}

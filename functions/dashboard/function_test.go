package function

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

const pagePolicy = "default-src 'self'; script-src 'self' 'sha256-abc='"

// builtSite is a small version of the output of the frontend's build.
func builtSite(t *testing.T) *Function {
	t.Helper()
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	s, err := loadBuilt(fstest.MapFS{
		"manifest.json": file(`{
			"/": {"file": "index.html", "type": "text/html; charset=utf-8", "etag": "i", "policy": "` + pagePolicy + `", "encodings": ["br", "gzip"]},
			"/settings": {"file": "settings.html", "type": "text/html; charset=utf-8", "etag": "s", "policy": "` + pagePolicy + `", "encodings": []},
			"/404.html": {"file": "404.html", "type": "text/html; charset=utf-8", "etag": "n", "policy": "` + pagePolicy + `"},
			"/icon.png": {"file": "icon.png", "type": "image/png", "etag": "p"},
			"/_next/static/chunks/0a.js": {"file": "_next/static/chunks/0a.js", "type": "text/javascript; charset=utf-8", "etag": "j", "immutable": true, "encodings": ["br", "gzip"]}
		}`),
		"index.html": file("<p>plain</p>"), "index.html.br": file("br"), "index.html.gzip": file("gz"),
		"settings.html": file("<p>settings</p>"), "404.html": file("<p>nothing</p>"), "icon.png": file("png"),
		"_next/static/chunks/0a.js": file("plain()"), "_next/static/chunks/0a.js.br": file("br"), "_next/static/chunks/0a.js.gzip": file("gz"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return started(t, serving(func() (site, error) { return s, nil }))
}

func started(t *testing.T, f *Function) *Function {
	t.Helper()
	if err := f.Start(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	return f
}

func ask(t *testing.T, f *Function, method, path string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	f.Handle(w, r)
	return w.Result()
}

func TestFilesAndTheirHeaders(t *testing.T) {
	t.Parallel()
	html := "text/html; charset=utf-8"
	for path, want := range map[string]struct {
		status                       int
		contentType, policy, caching string
	}{
		"/":                          {200, html, pagePolicy, askEachTime},
		"/settings":                  {200, html, pagePolicy, askEachTime},
		"/icon.png":                  {200, "image/png", strict, askEachTime},
		"/_next/static/chunks/0a.js": {200, "text/javascript; charset=utf-8", strict, forGood},
		"/nothing":                   {404, html, pagePolicy, askEachTime},
		"/manifest.json":             {404, html, pagePolicy, askEachTime},
		"/index.html.br":             {404, html, pagePolicy, askEachTime},
		"/.gitignore":                {404, html, pagePolicy, askEachTime},
		"/health/readiness":          {404, html, pagePolicy, askEachTime}, // func-go handles it
	} {
		res := ask(t, builtSite(t), http.MethodGet, path)
		if res.StatusCode != want.status || res.Header.Get("Content-Type") != want.contentType {
			t.Errorf("%s: %d %s", path, res.StatusCode, res.Header.Get("Content-Type"))
		}
		if got := res.Header.Get("Content-Security-Policy"); got != want.policy {
			t.Errorf("%s: Content-Security-Policy %s", path, got)
		}
		if got := res.Header.Get("Cache-Control"); got != want.caching {
			t.Errorf("%s: Cache-Control %s", path, got)
		}
		if tagged := res.Header.Get("ETag") != ""; tagged != (want.status == 200) {
			t.Errorf("%s: ETag %q", path, res.Header.Get("ETag"))
		}
	}
}

func TestEncodings(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]struct{ encoding, etag string }{
		"":                      {"", `"i"`},
		"gzip, deflate, br":     {"br", `"i-br"`},
		"gzip":                  {"gzip", `"i-gzip"`},
		"br;q=0, gzip;q=0.5":    {"gzip", `"i-gzip"`},
		"GZIP ; q=1":            {"gzip", `"i-gzip"`},
		"br;q=0":                {"", `"i"`},
		"identity;q=0, zstd":    {"", `"i"`},
		"deflate, ;q=, gzip;q=": {"gzip", `"i-gzip"`},
	} {
		f := builtSite(t)
		res := ask(t, f, http.MethodGet, "/", "Accept-Encoding", accept)
		if got := res.Header.Get("Content-Encoding"); got != want.encoding || res.Header.Get("ETag") != want.etag {
			t.Errorf("%q: %s %s", accept, got, res.Header.Get("ETag"))
		}
		if res.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%q: a cache could give it to anybody", accept)
		}
		again := ask(t, f, http.MethodGet, "/", "Accept-Encoding", accept, "If-None-Match", want.etag)
		if again.StatusCode != http.StatusNotModified || again.Header.Get("Cache-Control") == "" {
			t.Errorf("%q: status %d for its own tag", accept, again.StatusCode)
		}
	}
	res := ask(t, builtSite(t), http.MethodGet, "/", "Accept-Encoding", "gzip", "If-None-Match", `"i-br"`)
	if res.StatusCode != http.StatusOK {
		t.Errorf("another coding's tag: status %d", res.StatusCode)
	}
}

func TestPathsThatClimbFindNothing(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/../function.go", "/%2e%2e/go.mod", "//etc/passwd", "/./icon.png", "/settings/"} {
		if res := ask(t, builtSite(t), http.MethodGet, path); res.StatusCode == http.StatusOK {
			t.Errorf("%s: status %d", path, res.StatusCode)
		}
	}
}

func TestGuessedAddressesLeadToThePages(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/login":                               "/sign-in",
		"/signin?next=%2F%3Fview%3Dall":        "/sign-in?next=%2F%3Fview%3Dall",
		"/register":                            "/sign-up",
		"/signup?next=https%3A%2F%2Fa.example": "/sign-up?next=https%3A%2F%2Fa.example", // which that page ignores
	} {
		res := ask(t, builtSite(t), http.MethodGet, path)
		if res.StatusCode != http.StatusFound || res.Header.Get("Location") != want {
			t.Errorf("%s: status %d to %s", path, res.StatusCode, res.Header.Get("Location"))
		}
	}
}

func TestHeadAndOtherMethods(t *testing.T) {
	t.Parallel()
	res := ask(t, builtSite(t), http.MethodHead, "/")
	if n := res.ContentLength; res.StatusCode != 200 || n <= 0 {
		t.Errorf("HEAD: status %d, length %d", res.StatusCode, n)
	}
	res = ask(t, builtSite(t), http.MethodPost, "/")
	if res.StatusCode != 405 || res.Header.Get("Allow") != "GET, HEAD" || res.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("POST: %d %v", res.StatusCode, res.Header)
	}
}

// The embedded site is either the built frontend or its stand-in; either one must be complete.
func TestEmbedded_EveryScriptIsAllowed(t *testing.T) {
	t.Parallel()
	f := started(t, New())
	for _, path := range []string{"/", notFoundPage} {
		if _, ok := f.site[path]; !ok {
			t.Fatalf("%s is missing", path)
		}
	}
	handlers := regexp.MustCompile(`(?i)\son[a-z]+="|javascript:`)
	inline := regexp.MustCompile(`(?is)<script(?:\s[^>]*)?>[^<]`)
	for path, page := range f.site {
		if !strings.HasPrefix(page.contentType, "text/html") {
			continue
		}
		scripts, _, _ := strings.Cut(page.policy, "style-src")
		if strings.Contains(scripts, "unsafe") || strings.Contains(scripts, "*") || !strings.HasPrefix(page.policy, "default-src 'self'") {
			t.Errorf("%s: %s", path, page.policy)
		}
		content := page.forms[len(page.forms)-1].content
		if found := handlers.Find(content); found != nil {
			t.Errorf("%s has %s", path, found)
		}
		if inline.Match(content) && !strings.Contains(scripts, "'sha256-") {
			t.Errorf("%s has a script that the policy forbids", path)
		}
	}
}

// A fresh clone has no built frontend, and must still be a complete function.
func TestStandIn_SaysHowToBuild(t *testing.T) {
	t.Parallel()
	s, err := loadPlain(fstest.MapFS{"index.html": {Data: []byte("<p>make dashboard</p>")}, "404.html": {Data: []byte("no")}})
	if err != nil {
		t.Fatal(err)
	}
	res := ask(t, started(t, serving(func() (site, error) { return s, nil })), http.MethodGet, "/", "Accept-Encoding", "br")
	if res.StatusCode != 200 || res.Header.Get("Content-Encoding") != "" || res.Header.Get("Content-Security-Policy") != strict {
		t.Errorf("%d %v", res.StatusCode, res.Header)
	}
}

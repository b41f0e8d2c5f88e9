package httpapi_test

import (
	"bytes"
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"

	"taskwire.dev/shared/httpapi"
)

func zipped(t *testing.T, parts ...string) string {
	t.Helper()
	var out bytes.Buffer
	for _, text := range parts {
		w := gzip.NewWriter(&out)
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return out.String()
}

func TestRequestInGzip(t *testing.T) {
	t.Parallel()
	const limit = 100_000
	rt := &httpapi.Router{}
	rt.Route("POST /", func(w http.ResponseWriter, r *http.Request) error {
		body, err := httpapi.ReadBody(w, r, limit)
		if err != nil {
			return err
		}
		_, err = w.Write(body)
		return err
	})
	empty := zipped(t, "")
	random := make([]byte, 200_000)
	_, _ = rand.Read(random)
	for name, c := range map[string]struct {
		coding, body string
		status       int
		want         string
	}{
		"none":                 {"", "plain", 200, "plain"},
		"identity":             {"identity", "plain", 200, "plain"},
		"gzip":                 {"gzip", zipped(t, "text"), 200, "text"},
		"as it once was named": {"X-GZip", zipped(t, "text"), 200, "text"},
		"two members":          {"gzip", zipped(t, "te", "xt"), 200, "text"},
		"long":                 {"gzip", zipped(t, strings.Repeat("x", limit)), 200, strings.Repeat("x", limit)},
		"too long":             {"gzip", zipped(t, strings.Repeat("x", limit+1)), 413, ""},
		"a bomb":               {"gzip", zipped(t, strings.Repeat("x", 50<<20)), 413, ""},
		"empty members":        {"gzip", strings.Repeat(empty, 5<<20/len(empty)), 413, ""},
		"random":               {"gzip", zipped(t, string(random)), 413, ""},
		"no body":              {"gzip", "", 200, ""},
		"not gzip":             {"gzip", "plain", 400, ""},
		"cut off":              {"gzip", zipped(t, "text")[:20], 400, ""},
		"header only":          {"gzip", zipped(t, "text")[:5], 400, ""},
		"wrong checksum":       {"gzip", zipped(t, "text")[:20] + "xxxxxxxxxx", 400, ""},
		"more after it":        {"gzip", zipped(t, "text") + "more", 400, ""},
		"br":                   {"br", "plain", 415, ""},
		"twice":                {"gzip, gzip", zipped(t, zipped(t, "text")), 415, ""},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(c.body))
		if c.body == "" {
			r.Body = http.NoBody
		}
		if c.coding != "" {
			r.Header.Set("Content-Encoding", c.coding)
		}
		w := httptest.NewRecorder()
		rt.ServeHTTP(w, r)
		if w.Code != c.status || c.status == 200 && w.Body.String() != c.want {
			t.Errorf("%s: %d %.200s, want %d", name, w.Code, w.Body, c.status)
		}
		if accepts := w.Result().Header.Get("Accept-Encoding"); (accepts == "gzip") != (c.status == 415) {
			t.Errorf("%s: Accept-Encoding %q", name, accepts)
		}
	}
}

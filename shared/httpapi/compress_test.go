package httpapi_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"taskwire.dev/shared/httpapi"
)

func decode(t *testing.T, coding string, body []byte) string {
	t.Helper()
	var r io.Reader = bytes.NewReader(body)
	var err error
	switch coding {
	case "gzip":
		r, err = gzip.NewReader(r)
	case "zstd":
		r, err = zstd.NewReader(r)
	}
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// compressing is a router whose answers are compressed.
func compressing() *httpapi.Router {
	rt := &httpapi.Router{Compressed: true}
	rt.Route("GET /{size}", func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Set("ETag", `"3"`)
		if !httpapi.NoneMatch(r, `"3"`) {
			w.WriteHeader(http.StatusNotModified)
			return nil
		}
		sizes := map[string]int{"small": 1000, "long": 5000}
		httpapi.WriteJSON(w, http.StatusAccepted, strings.Repeat("x", sizes[r.PathValue("size")]))
		return nil
	})
	rt.Route("GET /parts", func(w http.ResponseWriter, _ *http.Request) error {
		w.Header().Set("Content-Type", "application/problem+json; charset=utf-8")
		for range 3 {
			_, _ = io.WriteString(w, strings.Repeat("x", 2000))
		}
		return nil
	})
	rt.Route("GET /stream", func(w http.ResponseWriter, _ *http.Request) error {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, strings.Repeat("x", 5000))
		return nil
	})
	rt.Route("POST /nothing", func(w http.ResponseWriter, _ *http.Request) error { w.WriteHeader(http.StatusNoContent); return nil })
	return rt
}

func TestCompressed(t *testing.T) {
	t.Parallel()
	rt := compressing()
	for _, c := range []struct {
		target, accept string
		status         int
		coding, etag   string
		length         int // decoded
	}{
		{"GET /long", "", 202, "", `"3"`, 5002},
		{"GET /long", "gzip", 202, "gzip", `"3-gzip"`, 5002},
		{"GET /long", "gzip, deflate, br, zstd", 202, "zstd", `"3-zstd"`, 5002},
		{"GET /long", "GZIP;q=0.5, zstd;q=0", 202, "gzip", `"3-gzip"`, 5002},
		{"GET /long", "*", 202, "gzip", `"3-gzip"`, 5002},
		{"GET /long", "gzip;q=0, *", 202, "", `"3"`, 5002},
		{"GET /long", "br, deflate", 202, "", `"3"`, 5002},
		{"HEAD /long", "gzip", 202, "", `"3"`, 5002},
		{"GET /small", "gzip", 202, "", `"3"`, 1002},
		{"GET /parts", "gzip", 200, "gzip", "", 6000},
		{"GET /parts", "zstd", 200, "zstd", "", 6000},
		{"GET /stream", "gzip", 200, "", "", 5000},
		{"POST /nothing", "gzip", 204, "", "", 0},
	} {
		method, path, _ := strings.Cut(c.target, " ")
		r := httptest.NewRequestWithContext(t.Context(), method, path, nil)
		r.Header.Set("Accept-Encoding", c.accept)
		w := httptest.NewRecorder()
		rt.ServeHTTP(w, r)
		h := w.Result().Header
		if w.Code != c.status || h.Get("Content-Encoding") != c.coding || h.Get("ETag") != c.etag || h.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%+v: %d %v", c, w.Code, h)
		}
		if text := decode(t, c.coding, w.Body.Bytes()); len(text) != c.length {
			t.Errorf("%+v: %d bytes", c, len(text))
		}
	}
}

// A client sends back the tag that it got, of whatever form.
func TestCompressed_Conditions(t *testing.T) {
	t.Parallel()
	rt := compressing()
	for sent, want := range map[string]string{
		`"3"`: `"3"`, `"3-gzip"`: `"3-gzip"`, `W/"3-zstd"`: `"3-zstd"`, `"1", "3-gzip"`: `"3-gzip"`, `*`: `"3"`,
		`"2-gzip"`: "", `"3-br"`: "", `"3-gzip`: "",
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/long", nil)
		r.Header.Set("If-None-Match", sent)
		w := httptest.NewRecorder()
		rt.ServeHTTP(w, r)
		if fresh := w.Code == http.StatusNotModified; fresh != (want != "") || fresh && w.Result().Header.Get("ETag") != want {
			t.Errorf("%s: %d %v", sent, w.Code, w.Result().Header)
		}
	}
}

func TestCompressed_ManyAtOnce(t *testing.T) {
	t.Parallel()
	rt := compressing()
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			coding := []string{"gzip", "zstd"}[i%2]
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/long", nil)
			r.Header.Set("Accept-Encoding", coding)
			w := httptest.NewRecorder()
			rt.ServeHTTP(w, r)
			if text := decode(t, coding, w.Body.Bytes()); text != `"`+strings.Repeat("x", 5000)+`"` {
				t.Errorf("%.50s", text)
			}
		})
	}
	wg.Wait()
}

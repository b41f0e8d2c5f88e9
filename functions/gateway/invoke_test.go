package function

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"taskwire.dev/shared/eventually"
)

// sidecar replaces the gateway's sidecar, and records how invocations end.
type sidecar struct {
	*httptest.Server
	got  chan *http.Request
	may  chan struct{} // allows it to respond
	ends chan error    // the error of the request's context, after the response
}

func newSidecar(t *testing.T, answer http.HandlerFunc) (*sidecar, string) {
	t.Helper()
	s := &sidecar{got: make(chan *http.Request, 10), may: make(chan struct{}), ends: make(chan error, 10)}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		s.got <- r
		<-s.may
		answer(w, r)
		s.ends <- r.Context().Err()
	}))
	t.Cleanup(s.Close)
	return s, s.URL[strings.LastIndex(s.URL, ":")+1:]
}

// TestInvocation_OnlyWhatASidecarCarries: only the allowed header fields are passed on, and nothing that Dapr would
// reject.
func TestInvocation_OnlyWhatASidecarCarries(t *testing.T) {
	t.Parallel()
	s, port := newSidecar(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "{}") })
	close(s.may)
	b := setup(t, "DAPR_HTTP_PORT", port)
	token := "Bearer " + b.person(t).bearer
	res := b.send(t, "POST", "/api/notifications/x/snooze?a=1", `{}`, "Authorization", token, "Content-Type", "application/json", "Accept", "text/event-stream",
		"Idempotency-Key", "k", "If-Match", `"1"`, "If-None-Match", `"2"`, "Tracestate", "a=b", "Traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
		"Cookie", "a=b", "X-Custom", "1", "Dapr-App-Id", "tasks", "Dapr-Api-Token", "x", "Taskwire-Status", "500", "Grpc-Timeout", "1n", "Te", "trailers", "Baggage", "a=b", "Priority", "u=1")
	if res.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", res.StatusCode, res.text)
	}
	r := <-s.got
	if r.RequestURI != "/v1.0/invoke/notifications/method/api/notifications/x/snooze?a=1" || r.ContentLength != 2 {
		t.Errorf("%s, %d bytes", r.RequestURI, r.ContentLength)
	}
	var names []string
	for name := range r.Header {
		names = append(names, name)
	}
	slices.Sort(names)
	want := []string{
		"Accept-Encoding", "Authorization", "Content-Length", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match",
		"Taskwire-Envelope", "Traceparent", "Tracestate", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Request-Id",
	}
	if names = slices.DeleteFunc(names, func(n string) bool { return n == "Accept-Encoding" }); !slices.Equal(names, want[1:]) {
		t.Errorf("got %v", names)
	}
	for name, c := range map[string]struct {
		path, body, header string
		status             int
	}{
		"a question mark": {"/api/notifications/%3F/read", "", "", 404},
		"a fragment":      {"/api/notifications/%23", "", "", 404},
		"a space":         {"/api/notifications/%20", "", "", 404},
		"much header":     {"/api/notifications", "", strings.Repeat("a", maxCarried), 431},
		"long URL":        {"/api/notifications?a=" + strings.Repeat("a", maxCarried), "", "", 414},
		"much body":       {"/api/notifications/x/snooze", strings.Repeat("a", 64<<10+1), "", 413},
	} {
		if res := b.send(t, "POST", c.path, c.body, "Authorization", token, "Accept", c.header); res.StatusCode != c.status {
			t.Errorf("%s: %d %s", name, res.StatusCode, res.text)
		}
	}
	if len(s.got) > 0 {
		t.Errorf("%s came through", (<-s.got).RequestURI)
	}
	// Fields that are not passed on do not count.
	if res := b.send(t, "GET", "/api/notifications", "", "Authorization", token, "X-Custom", strings.Repeat("a", maxCarried)); res.StatusCode != 200 {
		t.Errorf("with a single long header: %d", res.StatusCode)
	}
}

// TestInvocation_OutlivesItsClient: Dapr would count an aborted invocation as a failure of the function.
func TestInvocation_OutlivesItsClient(t *testing.T) {
	t.Parallel()
	large := strings.Repeat("x", 1<<20)
	s, port := newSidecar(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, large) })
	b := setup(t, "DAPR_HTTP_PORT", port)
	token := "Bearer " + b.person(t).bearer
	ask := func(ctx context.Context) (*http.Response, error) {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, b.url+"/api/notifications", nil)
		if err != nil {
			t.Error(err)
		}
		r.Header.Set("Authorization", token)
		return http.DefaultTransport.RoundTrip(r)
	}
	// Before the function has responded.
	ctx, leave := context.WithCancel(t.Context())
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		if res, err := ask(ctx); err == nil {
			_ = res.Body.Close()
		}
	}()
	<-s.got
	leave()
	<-gone
	s.may <- struct{}{}
	if err := <-s.ends; err != nil {
		t.Errorf("the invocation ended with its client: %v", err)
	}
	// While the response is being sent.
	ctx, leave = context.WithCancel(t.Context())
	defer leave()
	go func() { <-s.got; s.may <- struct{}{} }()
	res, err := ask(ctx)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if err := <-s.ends; err != nil {
		t.Errorf("the answer was broken off with its client: %v", err)
	}
	eventually.True(t, "all places are free", func() bool {
		var places int
		for _, p := range b.door.proxies {
			p.bulkhead.mu.Lock()
			places += p.bulkhead.taken + len(p.bulkhead.clients)
			p.bulkhead.mu.Unlock()
		}
		return places == 0
	})
}

// TestInvocation_RefusedByASidecar: a response that is not the function's own reaches the client as a problem.
func TestInvocation_RefusedByASidecar(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]int{400: 400, 413: 413, 414: 414, 431: 431, 403: 503, 404: 503, 429: 503, 500: 503} {
		s, port := newSidecar(t, func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "ERR_DIRECT_INVOKE", status)
		})
		close(s.may)
		b := setup(t, "DAPR_HTTP_PORT", port)
		res := b.send(t, "GET", "/api/notifications", "", "Authorization", "Bearer "+b.person(t).bearer)
		if res.StatusCode != want || strings.Contains(res.text, "ERR_DIRECT") || !strings.Contains(res.text, `"instance":"/api/notifications"`) {
			t.Errorf("%d became %d %s", status, res.StatusCode, res.text)
		}
	}
	s, port := newSidecar(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Taskwire-Status", "404")
		w.Header().Set("Content-Type", "application/problem+json")
		_, _ = io.WriteString(w, `{"type":"x","title":"x","status":404,"detail":"x","instance":"/x"}`)
	})
	close(s.may)
	b := setup(t, "DAPR_HTTP_PORT", port)
	if res := b.send(t, "GET", "/api/notifications", "", "Authorization", "Bearer "+b.person(t).bearer); res.StatusCode != 404 || res.Header.Get("Taskwire-Status") != "" {
		t.Errorf("the function's own: %d %v", res.StatusCode, res.Header)
	}
}

// Through a sidecar a function's 5xx travels as a success, and is a failure all the same.
func TestInvocation_AnErrorInTheEnvelopeIsAFailure(t *testing.T) {
	t.Parallel()
	s, port := newSidecar(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Taskwire-Status", "503")
		w.Header().Set("Retry-After", "1")
		w.Header().Set("Content-Type", "application/problem+json")
		_, _ = io.WriteString(w, `{"type":"x","title":"x","status":503,"detail":"x","instance":"/x"}`)
	})
	close(s.may)
	b := setup(t, "DAPR_HTTP_PORT", port)
	if res := b.send(t, "GET", "/api/notifications", "", "Authorization", "Bearer "+b.person(t).bearer); res.StatusCode != 503 {
		t.Fatalf("%d %s", res.StatusCode, res.text)
	}
	if seen := b.meter.Report(time.Now()).Functions["notifications"]; seen == nil || seen.Failed != 1 {
		t.Errorf("the gateway reports %+v", seen)
	}
}

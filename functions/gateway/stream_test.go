package function

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/eventually"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/redis"
	"taskwire.dev/shared/token"
)

// listening is an open stream.
type listening struct {
	*http.Response
	lines *bufio.Scanner
	stop  context.CancelFunc
}

type event struct{ name, id, data, retry string }

func (b *bundle) listen(t *testing.T, header ...string) *listening {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	t.Cleanup(stop)
	r, err := http.NewRequestWithContext(ctx, "GET", b.url+"/api/stream/tasks", nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	if res.StatusCode != 200 {
		text, _ := io.ReadAll(res.Body)
		t.Fatalf("%d %s", res.StatusCode, text)
	}
	return &listening{res, bufio.NewScanner(res.Body), stop}
}

// next returns the next event, or one with the name "end".
func (l *listening) next() event {
	var e event
	for l.lines.Scan() {
		name, value, _ := strings.Cut(l.lines.Text(), ": ")
		switch name {
		case "event":
			e.name = value
		case "id":
			e.id = value
		case "data":
			e.data = value
		case "retry":
			e.retry = value
		case "":
			if e != (event{}) {
				return e
			}
		}
	}
	return event{name: "end"}
}

func (l *listening) expect(t *testing.T, first, last int64) {
	t.Helper()
	for seq := first; seq <= last; seq++ {
		e := l.next()
		var d struct {
			Seq  int64
			Task *struct{ Title string }
		}
		if err := json.Unmarshal([]byte(e.data), &d); err != nil || e.name != "sync.task-changed" || d.Seq != seq ||
			!strings.HasSuffix(e.id, fmt.Sprint("-", seq)) || d.Task == nil || d.Task.Title != "Water the plants" {
			t.Fatalf("got %+v, want change %d", e, seq)
		}
	}
}

func bearer(p person) []string { return []string{"Authorization", "Bearer " + p.bearer} }

func TestStream_LiveAndResumed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ada, bob := b.person(t), b.person(t)
	b.create(t, ada, 2)
	live := b.listen(t, bearer(ada)...)
	for name, want := range map[string]string{"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"} {
		if got := live.Header.Get(name); got != want {
			t.Errorf("%s is %q", name, got)
		}
	}
	hello := live.next()
	epoch, seq, _ := strings.Cut(hello.id, "-")
	if hello.name != "hello" || seq != "2" || hello.retry == "" || hello.data != fmt.Sprintf(`{"stream":%q,"seq":2}`, epoch) {
		t.Fatalf("got %+v", hello)
	}
	silent, byCookie := b.listen(t, bearer(bob)...), b.listen(t, "Cookie", httpapi.SessionCookie+"="+ada.bearer)
	silent.next()
	byCookie.next()
	b.change(t, ada, 3)
	live.expect(t, 3, 5)
	byCookie.expect(t, 3, 5)
	live.stop()
	b.change(t, ada, 100)
	back := b.listen(t, append(bearer(ada), "Last-Event-ID", epoch+"-5")...)
	if hello = back.next(); hello.id != epoch+"-5" || !strings.Contains(hello.data, `"seq":105`) {
		t.Errorf("got %+v", hello)
	}
	back.expect(t, 6, 105)
	b.change(t, ada, 1)
	back.expect(t, 106, 106)
	b.create(t, bob, 1) // bob's first event proves that none of ada's preceded it
	b.change(t, bob, 0+1)
	silent.expect(t, 1, 2)

	reset := b.listen(t, append(bearer(ada), "Last-Event-ID", "ffff-5")...)
	reset.next()
	if e := reset.next(); e.name != "sync.reset" || e.id != epoch+"-106" || !strings.Contains(e.data, `"reason":"epoch"`) {
		t.Errorf("got %+v", e)
	}
}

// A change that the gateway has forwarded is on the streams before its event has come, here and at other gateways.
func TestStream_ForwardedChange(t *testing.T) {
	t.Parallel()
	b := setup(t)
	other := b.another(t)
	cache, err := redis.Open(redis.Config{URL: b.redis.URL})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cache.Close() })
	ada, bob := b.person(t), b.person(t)
	b.create(t, ada, 1)
	here, there := b.listen(t, bearer(ada)...), other.listen(t, bearer(ada)...)
	here.next()
	there.next()
	forward := func(method, path string, p person, header ...string) {
		t.Helper()
		b.send(t, method, path, "{}", append(bearer(p), header...)...)
	}
	eventually.True(t, "the gateways know each other", func() bool {
		return cache.PubSubNumSub(t.Context(), "taskwire:hints").Val()["taskwire:hints"] == 2
	})
	for seq := int64(2); seq < 5; seq++ {
		b.create(t, ada, 1)
		forward("GET", "/api/todos", ada)                           // changes nothing
		forward("PATCH", "/api/todos/x", ada, "Want-Status", "401") // is refused
		forward("POST", "/api/todos", bob)                          // is another's
		forward("POST", "/api/todos", ada)
		here.expect(t, seq, seq)
		there.expect(t, seq, seq)
	}
}

func TestStream_OverHTTP10(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ada := b.person(t)
	r, err := http.NewRequestWithContext(t.Context(), "GET", b.url+"/api/stream/tasks", nil)
	if err != nil {
		t.Fatal(err)
	}
	conn := dial(t, b.url)
	fmt.Fprintf(conn, "GET %s HTTP/1.0\r\nHost: %s\r\nAuthorization: Bearer %s\r\n\r\n", r.URL.Path, r.URL.Host, ada.bearer)
	res, err := http.ReadResponse(bufio.NewReader(conn), r)
	if err != nil || res.StatusCode != 200 {
		t.Fatal(err, res)
	}
	l := &listening{Response: res, lines: bufio.NewScanner(res.Body)}
	l.next()
	b.change(t, ada, 3)
	l.expect(t, 1, 3)
	_ = b.Stop(t.Context())
	if e := l.next(); e.retry == "" {
		t.Errorf("got %+v at the end", e)
	}
	if e := l.next(); e.name != "end" {
		t.Errorf("got %+v after the end", e)
	}
}

func TestStream_WhoMayNot(t *testing.T) {
	t.Parallel()
	b := setup(t)
	user := uuid.New()
	later := time.Now().Add(time.Hour)
	b.sql(t, `INSERT INTO app_user (id, email, name, password_hash, created_at) VALUES ($1, 'ada@example.com', 'Ada', '', now())`, user)
	keep := func(p person, revoked any) person {
		b.sql(t, `INSERT INTO access_token (id, user_id, name, scopes, created_at, expires_at, revoked_at) VALUES ($1, $2, 'x', '{}', now(), now(), $3)`, p.TokenID, user, revoked)
		return p
	}
	good := keep(b.sign(t, user, token.KindPersonal, later, token.ScopeRead), nil)
	for name, c := range map[string]struct {
		path, header string
		status       int
	}{
		"nobody":        {"", "", 401},
		"nonsense":      {"", "Bearer nonsense", 401},
		"basic":         {"", "Basic YWRhOmFkYQ==", 401},
		"in the URL":    {"?access_token=" + good.bearer + "&token=" + good.bearer, "", 401},
		"expired":       {"", "Bearer " + b.sign(t, user, token.KindSession, time.Now().Add(-time.Minute), token.ScopeRead).bearer, 401},
		"without scope": {"", "Bearer " + b.sign(t, user, token.KindSession, later, token.ScopeMCP).bearer, 403},
		"revoked":       {"", "Bearer " + keep(b.sign(t, user, token.KindPersonal, later, token.ScopeRead), time.Now()).bearer, 401},
		"deleted":       {"", "Bearer " + b.sign(t, user, token.KindPersonal, later, token.ScopeRead).bearer, 401},
	} {
		if res := b.send(t, "GET", "/api/stream/tasks"+c.path, "", "Authorization", c.header); res.StatusCode != c.status {
			t.Errorf("%s: %d, want %d", name, res.StatusCode, c.status)
		}
	}
	b.listen(t, bearer(good)...)
	for header, status := range map[string]int{bearer(good)[1]: 200, "": 401} {
		if res := b.send(t, "HEAD", "/api/stream/tasks", "", "Authorization", header); res.StatusCode != status {
			t.Errorf("HEAD: %d, want %d", res.StatusCode, status)
		}
	}
	for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS"} {
		if res := b.send(t, method, "/api/stream/tasks", "", bearer(good)...); res.StatusCode != 405 || res.Header.Get("Allow") != "GET, HEAD" {
			t.Errorf("%s: %d %v", method, res.StatusCode, res.Header)
		}
	}
}

func TestStream_EndsWithTheTokenAndWithTheRevocation(t *testing.T) {
	t.Parallel()
	b := setup(t, "STREAM_SWEEP_EVERY", "100ms")
	user := uuid.New()
	b.sql(t, `INSERT INTO app_user (id, email, name, password_hash, created_at) VALUES ($1, 'ada@example.com', 'Ada', '', now())`, user)
	personal := b.sign(t, user, token.KindPersonal, time.Now().Add(time.Hour), token.ScopeRead)
	b.sql(t, `INSERT INTO access_token (id, user_id, name, scopes, created_at, expires_at) VALUES ($1, $2, 'x', '{}', now(), now())`, personal.TokenID, user)
	short := b.sign(t, user, token.KindSession, time.Now().Add(2*time.Second), token.Scopes...)
	revoked, expired := b.listen(t, bearer(personal)...), b.listen(t, bearer(short)...)
	revoked.next()
	expired.next()
	b.sql(t, `UPDATE access_token SET revoked_at = now() WHERE id = $1`, personal.TokenID)
	for name, l := range map[string]*listening{"revoked": revoked, "expired": expired} {
		if e := l.next(); e.retry == "" {
			t.Errorf("%s: got %+v", name, e)
		}
		if e := l.next(); e.name != "end" {
			t.Errorf("%s: got %+v", name, e)
		}
	}
}

func TestStream_TooMany(t *testing.T) {
	t.Parallel()
	b := setup(t, "STREAM_MAX_PER_USER", "2")
	ada := b.person(t)
	first := b.listen(t, bearer(ada)...)
	first.next()
	b.listen(t, bearer(ada)...).next()
	if res := b.send(t, "GET", "/api/stream/tasks", "", bearer(ada)...); res.StatusCode != 429 {
		t.Errorf("a third: %d", res.StatusCode)
	}
	b.listen(t, bearer(b.person(t))...)
	first.stop() // its place is free as soon as it is needed
	eventually.True(t, "the place is free", func() bool {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		r, _ := http.NewRequestWithContext(ctx, "GET", b.url+"/api/stream/tasks", nil)
		r.Header.Set("Authorization", "Bearer "+ada.bearer)
		res, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		return res.StatusCode == 200
	})
}

func TestStop_SendsEveryClientAway(t *testing.T) {
	t.Parallel()
	b := setup(t)
	streams := make([]*listening, 20)
	for i := range streams {
		streams[i] = b.listen(t, bearer(b.person(t))...)
		streams[i].next()
	}
	began := time.Now()
	if err := b.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if d := time.Since(began); d > 2*time.Second {
		t.Errorf("it took %v", d)
	}
	delays := map[string]bool{}
	for _, l := range streams {
		e := l.next()
		delays[e.retry] = true
		if end := l.next(); e.retry == "" || end.name != "end" {
			t.Errorf("got %+v, then %+v", e, end)
		}
	}
	if len(delays) < 10 {
		t.Errorf("only %d different moments to come back", len(delays))
	}
	if res := b.send(t, "GET", "/api/stream/tasks", "", bearer(b.person(t))...); res.StatusCode != 503 {
		t.Errorf("a stream after the end: %d", res.StatusCode)
	}
}

// Another port or a sibling domain has set its own session cookie: no stream is opened.
func TestStream_TwoSessionCookiesAreRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ada, mallory := b.person(t), b.person(t)
	two := httpapi.SessionCookie + "=" + mallory.bearer + "; " + httpapi.SessionCookie + "=" + ada.bearer
	if a := b.send(t, http.MethodGet, "/api/stream/tasks", "", "Cookie", two); a.StatusCode != http.StatusBadRequest {
		t.Errorf("answer %d %s", a.StatusCode, a.text)
	}
	// A token in a header identifies the user, whatever the cookies.
	if hello := b.listen(t, append(bearer(ada), "Cookie", two)...).next(); hello.name != "hello" {
		t.Errorf("got %+v", hello)
	}
}

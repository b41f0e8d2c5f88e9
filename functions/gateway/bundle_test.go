package function

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/migrations/pgtest"
	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/eventually"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/redis/redistest"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/token/tokentest"
	"taskwire.dev/shared/userlog"
)

const (
	publicURL = "http://localhost:8080"
	appToken  = "the sidecar's own"
	// unrouted is a function without a route, known only by its address.
	unrouted = "webhook-notifier"
)

// bundle is a started gateway with its own database and Redis, and upstreams that record their requests.
type bundle struct {
	*Function
	url    string // the gateway's URL
	env    map[string]string
	db     pgtest.Database
	redis  *redistest.Server
	tasks  *userlog.Log
	signer *tokentest.Signer
	behind map[string]*behind
}

// behind is a function behind the gateway.
type behind struct {
	*httptest.Server
	got chan *http.Request // the body read into GetBody
}

func setup(t *testing.T, changes ...string) *bundle {
	t.Helper()
	rules := token.Rules{Issuer: publicURL, Audience: "taskwire"}
	b := &bundle{db: pgtest.New(t), redis: redistest.New(t), signer: tokentest.NewSigner(t, rules), behind: map[string]*behind{}}
	var functions []string
	for _, name := range []string{"auth", "tasks", "mcp", "dashboard", "dead-letter", "export", unrouted} {
		b.behind[name] = b.serve(t, name)
		functions = append(functions, name+"="+b.behind[name].URL)
	}
	env := map[string]string{
		"DATABASE_URL": b.db.URL("taskwire_stream"), "REDIS_URL": b.redis.URL, "PUBLIC_URL": publicURL,
		"FUNCTION_URLS": strings.Join(functions, "\n"),
		"JWKS_URL":      b.behind["auth"].URL + "/.well-known/jwks.json", "JWT_ISSUER": rules.Issuer, "JWT_AUDIENCE": rules.Audience,
		"APP_API_TOKEN": appToken, "DAPR_HTTP_PORT": "1", "STREAM_SWEEP_EVERY": "1h",
	}
	for i := 0; i < len(changes); i += 2 {
		env[changes[i]] = changes[i+1]
	}
	b.start(t, env)
	pool, err := postgres.Open(t.Context(), postgres.Config{URL: b.db.URL("taskwire_app"), MaxConns: 4})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	b.tasks = userlog.New(pool, func(uuid.UUID) {})
	return b
}

// start starts a gateway.
func (b *bundle) start(t *testing.T, env map[string]string) {
	t.Helper()
	b.env = maps.Clone(env)
	f := New()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { f.Handle(w, r) }))
	// As configured by func-go.
	server.Config.ReadTimeout, server.Config.WriteTimeout, server.Config.IdleTimeout = 30*time.Second, 30*time.Second, 30*time.Second
	server.Config.ReadHeaderTimeout = 2 * time.Second
	if env["ALLOWED_HOSTS"] == "" {
		env["ALLOWED_HOSTS"] = server.Listener.Addr().String()
	}
	if err := f.Start(t.Context(), env); err != nil {
		t.Fatal(err)
	}
	server.Start()
	t.Cleanup(func() {
		_ = f.Stop(context.Background())
		server.Close()
	})
	b.Function, b.url = f, server.URL
	eventually.True(t, "the function is ready", func() bool { ready, _ := b.Ready(t.Context()); return ready })
}

// another starts a second gateway beside b.
func (b *bundle) another(t *testing.T) *bundle {
	t.Helper()
	other := *b
	other.start(t, b.env)
	return &other
}

// serve is a function behind the gateway. Its response names it.
func (b *bundle) serve(t *testing.T, name string) *behind {
	s := &behind{got: make(chan *http.Request, 100)}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/.well-known/jwks.json":
			keys, err := b.signer.JWKS(r.Context())
			if err != nil {
				t.Error(err)
			}
			_, _ = w.Write(keys)
			return
		case r.URL.Path == "/health/readiness":
			return
		case r.Method == http.MethodOptions:
			httpapi.WriteProblem(w, r, httpapi.NotAllowed(w, r, "GET", "HEAD", "POST"))
			return
		case r.Header.Get("Want-Status") == "401": // without reading the body
			httpapi.WriteProblem(w, r, fault.New(fault.Unauthenticated, "who are you"))
			return
		case r.Header.Get("Want-Status") == "502":
			http.Error(w, "bad gateway", http.StatusBadGateway)
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // the gateway has disconnected
		}
		r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
		s.got <- r
		if r.Header.Get("Want-Status") == "none" { // it hangs
			<-r.Context().Done()
			return
		}
		w.Header().Set("X-Frame-Options", "SAMEORIGIN")
		if name == "dashboard" {
			w.Header().Set("Content-Security-Policy", "default-src 'self'")
		}
		_, _ = io.WriteString(w, name)
	}))
	t.Cleanup(s.Close)
	return s
}

// person is a user with a token.
type person struct {
	token.Principal
	bearer string
}

func (b *bundle) person(t *testing.T) person {
	return b.sign(t, uuid.New(), token.KindSession, time.Now().Add(10*time.Minute), token.Scopes...)
}

func (b *bundle) sign(t *testing.T, user uuid.UUID, kind string, expires time.Time, scopes ...string) person {
	t.Helper()
	p := person{Principal: token.Principal{UserID: user, TokenID: uuid.New()}}
	p.bearer = b.signer.Sign(t, user, p.TokenID, kind, "user", scopes, time.Now().Add(-time.Hour), expires)
	return p
}

// create commits n new tasks of p without notifying the gateway.
func (b *bundle) create(t *testing.T, p person, n int) (seq int64) {
	t.Helper()
	for range n {
		cmd := task.Create{Draft: task.Draft{Title: "Water the plants", Tags: []string{}}}
		_, err := b.tasks.Do(t.Context(), userlog.Command(p.Principal, cmd, func(o task.Outcome) idempotency.Answer {
			seq = o.Event.Seq
			return idempotency.Answer{Status: http.StatusCreated}
		}))
		if err != nil {
			t.Fatal(err)
		}
	}
	return seq
}

// change commits n new tasks of p, and notifies the gateway as the sidecar does.
func (b *bundle) change(t *testing.T, p person, n int) {
	t.Helper()
	seq := b.create(t, p, n)
	event := cloudevent.TaskUpdate(task.Event{ID: uuid.New(), UserID: p.UserID, TaskID: uuid.New(), Seq: seq, EventType: task.Created, Time: time.Now()})
	res := b.send(t, "POST", "/internal/events/task-updates", string(event), "Dapr-Api-Token", appToken)
	if res.StatusCode != http.StatusOK || res.text != "" {
		t.Fatalf("the hint was answered with %d %q", res.StatusCode, res.text)
	}
}

// sql runs a statement as the owner of the database.
func (b *bundle) sql(t *testing.T, statement string, args ...any) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), b.db.Owner)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	if _, err := conn.Exec(t.Context(), statement, args...); err != nil {
		t.Fatal(err)
	}
}

type answer struct {
	*http.Response
	text string
}

// send sends a request and reads the whole response. An error must be a problem.
func (b *bundle) send(t *testing.T, method, path, body string, header ...string) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, b.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return b.do(t, r)
}

func (b *bundle) do(t *testing.T, r *http.Request) answer {
	t.Helper()
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	a := answer{res, string(text)}
	if res.StatusCode >= 400 && r.Method != http.MethodHead {
		var p struct{ Type, Title, Detail, Instance string }
		if err := json.Unmarshal(text, &p); err != nil || p.Type == "" || p.Title == "" || p.Detail == "" || p.Instance == "" ||
			res.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s %s: %d is no problem: %s", r.Method, r.URL, res.StatusCode, text)
		}
	}
	if (res.StatusCode == 429 || res.StatusCode == 503) && res.Header.Get("Retry-After") == "" {
		t.Errorf("%s %s: %d says not when to try again", r.Method, r.URL, res.StatusCode)
	}
	for _, name := range []string{"X-Frame-Options", "X-Content-Type-Options", "Referrer-Policy", "Content-Security-Policy", "Permissions-Policy", "Cross-Origin-Opener-Policy"} {
		if n := len(res.Header.Values(name)); n != 1 {
			t.Errorf("%s %s: %d times %s: %v", r.Method, r.URL, n, name, res.Header.Values(name))
		}
	}
	return a
}

// dial opens a raw connection to the server at url.
func dial(t *testing.T, url string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

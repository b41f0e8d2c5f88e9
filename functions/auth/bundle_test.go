package function

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"taskwire.dev/migrations/pgtest"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/password/passwordtest"
	"taskwire.dev/shared/redis/redistest"
)

const (
	publicURL = "http://localhost:8080"
	password  = "correct horse battery staple"

	refreshCookie = httpapi.RefreshCookie
	sessionCookie = httpapi.SessionCookie
	deviceCookie  = httpapi.DeviceCookie
)

// bundle is a started function with its own database and Redis.
type bundle struct {
	*Function
	db    pgtest.Database
	redis *redistest.Server
	env   map[string]string
}

func setup(t *testing.T) *bundle {
	t.Helper()
	key, err := x509.MarshalPKCS8PrivateKey(ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize)))
	if err != nil {
		t.Fatal(err)
	}
	b := &bundle{db: pgtest.New(t), redis: redistest.New(t)}
	b.env = map[string]string{
		"DATABASE_URL": b.db.URL("taskwire_auth"), "REDIS_URL": b.redis.URL, "PUBLIC_URL": publicURL,
		"FACTOR_KEYS": "a key of second factors", "JWT_ISSUER": publicURL, "JWT_AUDIENCE": "taskwire",
		"JWT_SIGNING_KEY": string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})),
	}
	b.Function = b.start(t, nil)
	return b
}

// start starts another replica, with changes to the environment. Its hashes cost next to nothing.
func (b *bundle) start(t *testing.T, changes map[string]string) *Function {
	t.Helper()
	f := New()
	f.hasher.Hash, f.hasher.Collect = passwordtest.Hash, func() {}
	return b.run(t, f, changes)
}

// run starts f as another replica, with changes to the environment.
func (b *bundle) run(t *testing.T, f *Function, changes map[string]string) *Function {
	t.Helper()
	env := map[string]string{}
	for _, m := range []map[string]string{b.env, changes} {
		for k, v := range m {
			env[k] = v
		}
	}
	if err := f.Start(t.Context(), env); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Stop(context.Background()) })
	return f
}

// request is a request of a test. Zero members are left out.
type request struct {
	method, path string
	body         any // a string unchanged, anything else as JSON
	bearer       string
	cookie       string // the refresh token
	device       string // the device secret
	key          string
	header       map[string]string
}

// answer is a response.
type answer struct {
	*http.Response
	body []byte
}

func send(t *testing.T, f *Function, q request) answer {
	t.Helper()
	var body []byte
	switch v := q.body.(type) {
	case nil:
	case string:
		body = []byte(v)
	default:
		var err error
		if body, err = json.Marshal(v); err != nil {
			t.Fatal(err)
		}
	}
	r := httptest.NewRequestWithContext(t.Context(), q.method, q.path, bytes.NewReader(body))
	if q.body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if q.bearer != "" {
		r.Header.Set("Authorization", "Bearer "+q.bearer)
	}
	if q.cookie != "" {
		r.AddCookie(&http.Cookie{Name: refreshCookie, Value: q.cookie})
	}
	if q.device != "" {
		r.AddCookie(&http.Cookie{Name: deviceCookie, Value: q.device})
	}
	if q.key != "" {
		r.Header.Set("Idempotency-Key", q.key)
	}
	for name, value := range q.header {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	f.Handle(w, r)
	return answer{Response: w.Result(), body: w.Body.Bytes()}
}

// want checks the status and that an error is a problem of RFC 9457.
func (a answer) want(t *testing.T, status int) answer {
	t.Helper()
	if a.StatusCode != status {
		t.Fatalf("status %d %s, want %d", a.StatusCode, a.body, status)
	}
	if status >= 400 {
		var p struct{ Type, Title, Detail, Instance string }
		if err := json.Unmarshal(a.body, &p); err != nil || p.Type == "" || p.Title == "" || p.Detail == "" || p.Instance == "" ||
			a.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("the response %d is not a problem: %s", status, a.body)
		}
	}
	if (status == 429 || status == 503) && a.Header.Get("Retry-After") == "" {
		t.Errorf("the response %d has no Retry-After", status)
	}
	return a
}

// decode reads the response as JSON.
func decode[T any](t *testing.T, a answer) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(a.body, &v); err != nil {
		t.Fatalf("%s: %v", a.body, err)
	}
	return v
}

// cookie returns a cookie that the response sets.
func (a answer) cookie(t *testing.T, name string) *http.Cookie {
	t.Helper()
	for _, c := range a.Cookies() {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("no cookie %s in %v", name, a.Header)
	return nil
}

// session is a session as seen by a client.
type session struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type"`
	ExpiresIn   int    `json:"expires_in"`
	User        struct {
		ID, Email, Name, Role string
		CreatedAt             string `json:"created_at"`
	}
	refresh string
}

func sessionOf(t *testing.T, a answer) session {
	t.Helper()
	s := decode[session](t, a)
	s.refresh = a.cookie(t, refreshCookie).Value
	return s
}

var users atomic.Int64

// newUser registers a user.
func newUser(t *testing.T, f *Function) session {
	t.Helper()
	email := fmt.Sprintf("user%d@example.com", users.Add(1))
	return sessionOf(t, send(t, f, register(email)).want(t, 201))
}

func register(email string) request {
	return request{method: "POST", path: "/api/auth/register", body: map[string]any{"email": email, "password": password, "name": "Ada"}}
}

func login(email, password string) request {
	return request{method: "POST", path: "/api/auth/login", body: map[string]any{"email": email, "password": password}}
}

func refresh(secret, key string) request {
	return request{method: "POST", path: "/api/auth/refresh", cookie: secret, key: key}
}

func (q request) as(bearer string) request {
	q.bearer = bearer
	return q
}

func (q request) withKey(key string) request {
	q.key = key
	return q
}

func (q request) with(name, value string) request {
	q.header = map[string]string{name: value}
	return q
}

// from sends the request from another network address.
func (q request) from(address string) request { return q.with("X-Forwarded-For", address) }

func (q request) on(device string) request {
	q.device = device
	return q
}

// owner connects as the owner of the database.
func (b *bundle) owner(t *testing.T) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), b.db.Owner)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

// sql runs a statement as the owner of the database: an operator's change, or the passing of time.
func (b *bundle) sql(t *testing.T, statement string, args ...any) {
	t.Helper()
	tag, err := b.owner(t).Exec(t.Context(), statement, args...)
	if err != nil {
		t.Fatal(err)
	}
	if tag.RowsAffected() == 0 {
		t.Fatalf("%s changed nothing", strings.TrimSpace(statement))
	}
}

// serve serves the function over HTTP and returns its URL.
func serve(t *testing.T, f *Function) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(f.Handle))
	t.Cleanup(server.Close)
	return server.URL
}

package function

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/op"

	"taskwire.dev/shared/httpapi"
)

// people are the users of a provider; the password of each is its name.
type people map[string]*storage.User

func (p people) GetUserByID(id string) *storage.User         { return p[id] }
func (p people) GetUserByUsername(name string) *storage.User { return p[name] }
func (p people) ExampleClientID() string                     { return "service" }

func (p people) add(name, email string, verified bool) {
	p[name] = &storage.User{ID: name, Username: name, Password: name, FirstName: "Ada", LastName: "Lovelace", Email: email, EmailVerified: verified}
}

// faults are what a provider does wrong.
type faults struct {
	down     bool                                   // it answers 503
	lifetime time.Duration                          // of ID tokens; 0 is an hour
	signedIn time.Time                              // when its users have signed in; zero: when they did
	rewrite  func(path string, said map[string]any) // changes what it answers
}

// identityProvider is the OpenID provider of github.com/zitadel/oidc, with faults if a test wants some.
type identityProvider struct {
	*storage.Storage
	people people
	issuer string

	mu     sync.Mutex
	faults faults
}

func newProvider(t *testing.T) *identityProvider {
	t.Helper()
	p := &identityProvider{people: people{}}
	clients := map[string]*storage.Client{}
	for _, id := range []string{"taskwire", "other"} {
		clients[id] = storage.WebClient(id, "secret of "+id, publicURL+pageReturn)
	}
	p.Storage = storage.NewStorageWithClients(p.people, clients)
	server := httptest.NewUnstartedServer(nil)
	p.issuer = "http://" + server.Listener.Addr().String()
	real := exampleop.SetupServer(p.issuer, p, nil, false)
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p.wrong().down {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		rewrite := p.wrong().rewrite
		if rewrite == nil {
			real.ServeHTTP(w, r)
			return
		}
		recorded := httptest.NewRecorder()
		real.ServeHTTP(recorded, r)
		body := recorded.Body.Bytes()
		var said map[string]any
		if json.Unmarshal(body, &said) == nil {
			rewrite(r.URL.Path, said)
			body, _ = json.Marshal(said)
		}
		for name, values := range recorded.Header() {
			w.Header()[name] = values
		}
		w.Header().Del("Content-Length")
		w.WriteHeader(recorded.Code)
		_, _ = w.Write(body)
	})
	server.Start()
	t.Cleanup(server.Close)
	return p
}

func (p *identityProvider) fail(f faults) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults = f
}

func (p *identityProvider) wrong() faults {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.faults
}

// client is a client of the provider as its faults have it.
type client struct {
	op.Client
	lifetime time.Duration
}

func (c client) IDTokenLifetime() time.Duration { return c.lifetime }

func (p *identityProvider) GetClientByClientID(ctx context.Context, id string) (op.Client, error) {
	found, err := p.Storage.GetClientByClientID(ctx, id)
	if wrong := p.wrong(); err == nil && wrong.lifetime != 0 {
		found = client{found, wrong.lifetime}
	}
	return found, err
}

// authRequest is a sign-in at the provider as its faults have it.
type authRequest struct {
	*storage.AuthRequest
	faults
}

func (r authRequest) GetAuthTime() time.Time {
	if !r.signedIn.IsZero() {
		return r.signedIn
	}
	return r.AuthRequest.GetAuthTime()
}

func (p *identityProvider) AuthRequestByCode(ctx context.Context, code string) (op.AuthRequest, error) {
	found, err := p.Storage.AuthRequestByCode(ctx, code)
	if err != nil {
		return nil, err
	}
	return authRequest{found.(*storage.AuthRequest), p.wrong()}, nil
}

func (p *identityProvider) CreateAccessToken(ctx context.Context, r op.TokenRequest) (string, time.Time, error) {
	if wrapped, ok := r.(authRequest); ok {
		r = wrapped.AuthRequest
	}
	return p.Storage.CreateAccessToken(ctx, r)
}

// config is the provider in OIDC_PROVIDERS.
func (p *identityProvider) config(id string) map[string]any {
	return map[string]any{"id": id, "name": "Example " + id, "issuer": p.issuer, "client_id": "taskwire", "client_secret": "secret of taskwire"}
}

// withProviders starts a function with providers, whose ids are a, b and so on.
func withProviders(t *testing.T, all ...*identityProvider) *bundle {
	t.Helper()
	b := setup(t)
	var list []map[string]any
	for i, p := range all {
		list = append(list, p.config(string(rune('a'+i))))
	}
	text, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	b.env["OIDC_PROVIDERS"] = string(text)
	b.Function = b.start(t, nil)
	return b
}

// visit is a browser that was sent to a provider.
type visit struct {
	url    string
	secret string
}

// visitOf sends a request that sends a browser to a provider.
func visitOf(t *testing.T, f *Function, q request) visit {
	t.Helper()
	a := send(t, f, q).want(t, 200)
	c := a.cookie(t, httpapi.VisitCookie)
	if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.MaxAge > 600 || c.Path != accountPath {
		t.Errorf("cookie %v", c)
	}
	return visit{decode[struct{ URL string }](t, a).URL, c.Value}
}

func start(t *testing.T, f *Function) visit {
	t.Helper()
	return visitOf(t, f, post("oidc/start", fields{"provider": "a"}))
}

func startAs(t *testing.T, f *Function, s session, purpose string) visit {
	t.Helper()
	return visitOf(t, f, post("oidc/identities/start", fields{"provider": "a", "purpose": purpose}).as(s.AccessToken))
}

// changed replaces parameters of the address of the visit.
func (v visit) changed(t *testing.T, name, value string) visit {
	t.Helper()
	u, err := url.Parse(v.url)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set(name, value)
	u.RawQuery = q.Encode()
	v.url = u.String()
	return v
}

var requestID = regexp.MustCompile(`name="id" value="([^"]+)"`)

// signIn signs in at the provider, in its pages, and returns what its redirect says.
func (v visit) signIn(t *testing.T, name string) fields {
	t.Helper()
	var back *url.URL
	browser := &http.Client{CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), publicURL) {
			back = r.URL
			return http.ErrUseLastResponse
		}
		return nil
	}}
	get, err := http.NewRequestWithContext(t.Context(), http.MethodGet, v.url, nil)
	if err != nil {
		t.Fatal(err)
	}
	page := read(t, browser, get)
	found := requestID.FindStringSubmatch(page)
	if found == nil {
		t.Fatalf("this is not the provider's sign-in page: %s", page)
	}
	form := url.Values{"id": {found[1]}, "username": {name}, "password": {name}}
	submit, err := http.NewRequestWithContext(t.Context(), http.MethodPost, get.URL.Scheme+"://"+get.URL.Host+"/login/username", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	submit.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	page = read(t, browser, submit)
	if back == nil || back.Path != pageReturn {
		t.Fatalf("the provider did not send the browser back, but %v %s", back, page)
	}
	said := fields{}
	for name, values := range back.Query() {
		said[name] = values[0]
	}
	return said
}

func read(t *testing.T, c *http.Client, r *http.Request) string {
	t.Helper()
	res, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // it was read
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// on sends a return from the browser of the visit.
func (v visit) back(path string, said fields) request {
	body := fields{}
	for _, name := range []string{"code", "state", "iss"} {
		if value, ok := said[name]; ok {
			body[name] = value
		}
	}
	return post(path, body).with("Cookie", httpapi.VisitCookie+"="+v.secret)
}

// signUp makes an account of a new user of the provider.
func signUp(t *testing.T, b *bundle, p *identityProvider, name string) session {
	t.Helper()
	p.people.add(name, name+"@provider.example", true)
	v := start(t, b.Function)
	return sessionOf(t, send(t, b.Function, v.back("oidc/callback", v.signIn(t, name))).want(t, 201))
}

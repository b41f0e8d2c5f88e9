package function

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/oauth2"

	"taskwire.dev/shared/token"
)

const (
	callback = "http://127.0.0.1:33418/callback"
	resource = publicURL + "/mcp"
)

// app is an app that a test connects.
type app struct {
	*oauth2.Config
	f        *Function
	user     session
	verifier string
}

// newApp registers an app.
func newApp(t *testing.T, f *Function, user session) *app {
	t.Helper()
	a := send(t, f, request{method: "POST", path: "/api/auth/oauth/register", body: map[string]any{
		"client_name": "Sorter", "redirect_uris": []string{callback, "https://sorter.example/back"}, "contacts": []string{"unknown members are ignored"},
	}})
	if a.StatusCode != 201 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	registered := decode[struct {
		ClientID string `json:"client_id"`
		Method   string `json:"token_endpoint_auth_method"`
	}](t, a)
	if registered.Method != "none" {
		t.Errorf("%s", a.body)
	}
	return &app{
		f: f, user: user, verifier: oauth2.GenerateVerifier(),
		Config: &oauth2.Config{ClientID: registered.ClientID, RedirectURL: callback, Scopes: []string{"mcp"}, Endpoint: oauth2.Endpoint{
			AuthURL: publicURL + "/oauth/authorize", TokenURL: serve(t, f) + "/api/auth/oauth/token", AuthStyle: oauth2.AuthStyleInParams,
		}},
	}
}

// query is the app's authorization request, with changes: a value "-" removes a parameter.
func (a *app) query(changes ...string) string {
	u, _ := url.Parse(a.AuthCodeURL("the state", oauth2.S256ChallengeOption(a.verifier), oauth2.SetAuthURLParam("resource", resource)))
	q := u.Query()
	for i := 0; i < len(changes); i += 2 {
		q.Set(changes[i], changes[i+1])
		if changes[i+1] == "-" {
			q.Del(changes[i])
		}
	}
	return q.Encode()
}

func (a *app) answer(query string, allow, write bool) request {
	return request{
		method: "POST", path: "/api/auth/oauth/consent", bearer: a.user.AccessToken,
		body: map[string]any{"request": query, "allow": allow, "write": write},
	}
}

// consent answers an authorization request and returns the parameters that the app gets.
func (a *app) consent(t *testing.T, query string, allow, write bool) url.Values {
	t.Helper()
	to := decode[struct{ Redirect string }](t, send(t, a.f, a.answer(query, allow, write)).want(t, 200)).Redirect
	u, err := url.Parse(to)
	if err != nil || !strings.HasPrefix(to, callback+"?") && !strings.HasPrefix(to, "http://127.0.0.1:") {
		t.Fatalf("%s, %v", to, err)
	}
	return u.Query()
}

// connect returns the app's tokens.
func (a *app) connect(t *testing.T, write bool) *oauth2.Token {
	t.Helper()
	got := a.consent(t, a.query(), true, write)
	if got.Get("iss") != publicURL || got.Get("state") != "the state" {
		t.Errorf("%v", got)
	}
	tokens, err := a.Exchange(t.Context(), got.Get("code"), oauth2.VerifierOption(a.verifier), oauth2.SetAuthURLParam("resource", resource))
	if err != nil {
		t.Fatal(err)
	}
	return tokens
}

// post sends a form to the token endpoint, and returns the status and the OAuth error.
func (a *app) post(t *testing.T, path string, form url.Values) (int, string) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), "POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	a.f.Handle(w, r)
	var said struct{ Error string }
	_ = json.Unmarshal(w.Body.Bytes(), &said)
	return w.Code, said.Error
}

func (a *app) refresh(t *testing.T, secret string, changes ...string) (int, string) {
	t.Helper()
	form := url.Values{"grant_type": {"refresh_token"}, "client_id": {a.ClientID}, "refresh_token": {secret}}
	for i := 0; i < len(changes); i += 2 {
		form.Set(changes[i], changes[i+1])
	}
	return a.post(t, "/api/auth/oauth/token", form)
}

// delegate exchanges an access token as the mcp function does.
func delegate(t *testing.T, f *Function, access string) answer {
	t.Helper()
	return askExchange(t, f, "mcp", mcpSecret, exchangeForm(access))
}

// TestApp_GetsTokensForOneResource: an app gets what its user allows, and its token is refused everywhere but at its resource.
func TestApp_GetsTokensForOneResource(t *testing.T) {
	t.Parallel()
	b := setup(t)
	f := b.start(t, map[string]string{"MCP_CLIENT_SECRET": mcpSecret})
	user := newUser(t, f)
	a := newApp(t, f, user)
	asked := decode[struct {
		Name, Host string
		ReturnsTo  string `json:"returns_to"`
		Scopes     []string
	}](t, send(t, f, request{method: "GET", path: "/api/auth/oauth/consent?" + a.query(), bearer: user.AccessToken}).want(t, 200))
	if asked.Name != "Sorter" || asked.Host != "" || asked.ReturnsTo != "this computer" || strings.Join(asked.Scopes, " ") != "tasks:read tasks:write mcp" {
		t.Errorf("%+v", asked)
	}
	tokens := a.connect(t, true)
	who, err := f.apps.Tokens().Verify(t.Context(), tokens.AccessToken)
	if err != nil || !who.App || who.UserID.String() != user.User.ID || strings.Join(who.Scopes, " ") != "tasks:read tasks:write mcp" || who.Role != "user" {
		t.Fatalf("%+v, %v", who, err)
	}
	if _, err := f.tokens.Verify(t.Context(), tokens.AccessToken); err == nil {
		t.Error("the token is valid for more than its resource")
	}
	for _, path := range []string{"/api/auth/me", "/api/auth/sessions", "/api/auth/apps", "/api/auth/tokens"} {
		send(t, f, request{method: "GET", path: path, bearer: tokens.AccessToken}).want(t, 401)
	}
	got := decode[struct {
		AccessToken string `json:"access_token"`
		Scope       string
	}](t, delegate(t, f, tokens.AccessToken).want(t, 200))
	if got.Scope != token.ScopeRead+" "+token.ScopeWrite {
		t.Errorf("%+v", got)
	}
	// What the mcp function calls others with cannot manage the account either.
	send(t, f, request{method: "GET", path: "/api/auth/sessions", bearer: got.AccessToken}).want(t, 403)

	tokens, err = a.TokenSource(context.WithoutCancel(t.Context()), &oauth2.Token{RefreshToken: tokens.RefreshToken}).Token()
	if err != nil {
		t.Fatal(err)
	}
	delegate(t, f, tokens.AccessToken).want(t, 200)
	apps := decode[struct{ Items []map[string]any }](t, send(t, f, request{method: "GET", path: "/api/auth/apps", bearer: user.AccessToken}).want(t, 200))
	if len(apps.Items) != 1 || apps.Items[0]["name"] != "Sorter" {
		t.Fatalf("%v", apps)
	}
	sessions := decode[struct{ Items []any }](t, send(t, f, request{method: "GET", path: "/api/auth/sessions", bearer: user.AccessToken}).want(t, 200))
	if len(sessions.Items) != 1 {
		t.Errorf("the app is among the sessions: %v", sessions)
	}
	id := apps.Items[0]["id"].(string)
	send(t, f, request{method: "DELETE", path: "/api/auth/apps/" + id, bearer: newUser(t, f).AccessToken}).want(t, 404)
	send(t, f, request{method: "DELETE", path: "/api/auth/sessions/" + id, bearer: user.AccessToken}).want(t, 404)
	send(t, f, request{method: "DELETE", path: "/api/auth/sessions", bearer: user.AccessToken}).want(t, 204)
	delegate(t, f, tokens.AccessToken).want(t, 200) // it was not one of the sessions
	send(t, f, request{method: "DELETE", path: "/api/auth/apps/" + id, bearer: user.AccessToken}).want(t, 204)
	delegate(t, f, tokens.AccessToken).want(t, 401)
	if status, problem := a.refresh(t, tokens.RefreshToken); status != 400 || problem != "invalid_grant" {
		t.Errorf("%d %s", status, problem)
	}
	send(t, f, request{method: "DELETE", path: "/api/auth/apps/" + id, bearer: user.AccessToken}).want(t, 404)
}

package function

import (
	"encoding/json"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"taskwire.dev/shared/token"
)

const mcpSecret = "only the mcp function knows"

// exchangeForm is the form that the mcp function sends, with changes.
func exchangeForm(subject string, changes ...string) url.Values {
	form := url.Values{
		"grant_type": {grantTokenExchange}, "subject_token_type": {typeAccessToken}, "subject_token": {subject}, "actor": {"Claude Code"},
	}
	for i := 0; i < len(changes); i += 2 {
		form.Set(changes[i], changes[i+1])
	}
	return form
}

func askExchange(t *testing.T, f *Function, name, secret string, form url.Values) answer {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), "POST", "/internal/token", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if name != "" {
		r.SetBasicAuth(name, secret)
	}
	w := httptest.NewRecorder()
	f.Handle(w, r)
	return answer{Response: w.Result(), body: w.Body.Bytes()}
}

func TestExchange(t *testing.T) {
	t.Parallel()
	b := setup(t)
	f := b.start(t, map[string]string{"MCP_CLIENT_SECRET": mcpSecret})
	ada := newUser(t, f)
	pat := decode[personal](t, send(t, f, create(named("assistant")).as(ada.AccessToken)).want(t, 201))
	narrow := decode[personal](t, send(t, f, create(map[string]any{"name": "x", "scopes": []string{"tasks:read", "tasks:write"}}).as(ada.AccessToken)).want(t, 201))

	var got exchanged
	if err := json.Unmarshal(askExchange(t, f, "mcp", mcpSecret, exchangeForm(pat.Token)).want(t, 200).body, &got); err != nil {
		t.Fatal(err)
	}
	who, err := f.tokens.Verify(t.Context(), got.AccessToken)
	if err != nil || who.UserID.String() != ada.User.ID || who.Actor() != "assistant:claude-code/"+pat.ID || !who.Personal ||
		who.Require(token.ScopeWrite) != nil || who.Require(token.ScopeRead) != nil || who.Require(token.ScopeMCP) == nil {
		t.Errorf("%+v, %v", who, err)
	}
	if got.TokenType != "Bearer" || got.IssuedTokenType != typeAccessToken || got.Scope != "tasks:read tasks:write" || got.ExpiresIn != 60 {
		t.Errorf("%+v", got)
	}
	// A token that may only read delegates only that.
	reading := decode[personal](t, send(t, f, create(map[string]any{"name": "x", "scopes": []string{"tasks:read", "mcp"}}).as(ada.AccessToken)).want(t, 201))
	if d := decode[exchanged](t, askExchange(t, f, "mcp", mcpSecret, exchangeForm(reading.Token)).want(t, 200)); d.Scope != "tasks:read" {
		t.Errorf("the token with tasks:read and mcp was exchanged for %q", d.Scope)
	} else if who, err := f.tokens.Verify(t.Context(), d.AccessToken); err != nil || who.Require(token.ScopeWrite) == nil {
		t.Errorf("%+v, %v: the token can write", who, err)
	}
	// A session can also be exchanged.
	delegated := decode[exchanged](t, askExchange(t, f, "mcp", mcpSecret, exchangeForm(ada.AccessToken)).want(t, 200))
	send(t, f, request{method: "GET", path: "/api/auth/sessions"}.as(delegated.AccessToken)).want(t, 403)
	send(t, f, create(named("x")).as(delegated.AccessToken)).want(t, 403)

	for name, c := range map[string]struct {
		client, secret string
		form           url.Values
		status         int
	}{
		"nobody":                 {"", "", exchangeForm(pat.Token), 404},
		"another secret":         {"mcp", "guess", exchangeForm(pat.Token), 404},
		"no secret":              {"mcp", "", exchangeForm(pat.Token), 404},
		"another client":         {"tasks", mcpSecret, exchangeForm(pat.Token), 404},
		"no token":               {"mcp", mcpSecret, exchangeForm(""), 401},
		"a token without scope":  {"mcp", mcpSecret, exchangeForm(narrow.Token), 403},
		"the token that it gave": {"mcp", mcpSecret, exchangeForm(got.AccessToken), 403},
		"another grant":          {"mcp", mcpSecret, exchangeForm(pat.Token, "grant_type", "password"), 422},
		"another type of token":  {"mcp", mcpSecret, exchangeForm(pat.Token, "subject_token_type", "x"), 422},
	} {
		t.Run(name, func(t *testing.T) { askExchange(t, f, c.client, c.secret, c.form).want(t, c.status) })
	}
	send(t, f, revoke(pat.ID).as(ada.AccessToken)).want(t, 204)
	askExchange(t, f, "mcp", mcpSecret, exchangeForm(pat.Token)).want(t, 401)
	// Without a configured secret every client is rejected.
	askExchange(t, b.Function, "mcp", "", exchangeForm(ada.AccessToken)).want(t, 404)
}

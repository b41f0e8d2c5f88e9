package function

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/oauth2"
)

// exchangeCode redeems a code with changes to the form.
func (a *app) exchangeCode(t *testing.T, code string, changes ...string) (int, string) {
	t.Helper()
	form := url.Values{
		"grant_type": {"authorization_code"}, "client_id": {a.ClientID}, "code": {code}, "redirect_uri": {callback},
		"code_verifier": {a.verifier}, "resource": {resource},
	}
	for i := 0; i < len(changes); i += 2 {
		form.Set(changes[i], changes[i+1])
		if changes[i+1] == "-" {
			form.Del(changes[i])
		}
	}
	return a.post(t, "/api/auth/oauth/token", form)
}

func (a *app) code(t *testing.T) string {
	t.Helper()
	return a.consent(t, a.query(), true, true).Get("code")
}

// TestApp_CodeIsForOneExchange: a code that is used twice, or by another than the one that asked for it, ends the grant.
func TestApp_CodeIsForOneExchange(t *testing.T) {
	t.Parallel()
	b := setup(t)
	f := b.start(t, map[string]string{"MCP_CLIENT_SECRET": mcpSecret})
	a := newApp(t, f, newUser(t, f))

	code := a.code(t)
	tokens, err := a.Exchange(t.Context(), code, oauth2.VerifierOption(a.verifier))
	if err != nil {
		t.Fatal(err)
	}
	if status, problem := a.exchangeCode(t, code); status != 400 || problem != "invalid_grant" {
		t.Errorf("replayed: %d %s", status, problem)
	}
	delegate(t, f, tokens.AccessToken).want(t, 401)
	if status, problem := a.refresh(t, tokens.RefreshToken); status != 400 || problem != "invalid_grant" {
		t.Errorf("refresh after a replay: %d %s", status, problem)
	}

	another := newApp(t, f, a.user)
	for name, c := range map[string]struct {
		changes []string
		want    string
	}{
		"another client":      {[]string{"client_id", another.ClientID}, "invalid_grant"},
		"another redirect":    {[]string{"redirect_uri", "https://sorter.example/back"}, "invalid_grant"},
		"no redirect":         {[]string{"redirect_uri", "-"}, "invalid_request"},
		"wrong verifier":      {[]string{"code_verifier", oauth2.GenerateVerifier()}, "invalid_grant"},
		"the challenge":       {[]string{"code_verifier", oauth2.S256ChallengeFromVerifier(a.verifier)}, "invalid_grant"},
		"no verifier":         {[]string{"code_verifier", "-"}, "invalid_request"},
		"another resource":    {[]string{"resource", publicURL + "/api"}, "invalid_target"},
		"a secret":            {[]string{"client_secret", "guess"}, "invalid_client"},
		"another grant type":  {[]string{"grant_type", "password"}, "unsupported_grant_type"},
		"client credentials":  {[]string{"grant_type", "client_credentials"}, "unauthorized_client"},
		"a code of somebody":  {[]string{"code", strings.Repeat("A", 43)}, "invalid_grant"},
		"no code":             {[]string{"code", "-"}, "invalid_request"},
		"no client":           {[]string{"client_id", "-"}, "invalid_request"},
		"a refresh as a code": {[]string{"code", tokens.RefreshToken}, "invalid_grant"},
	} {
		if status, problem := a.exchangeCode(t, a.code(t), c.changes...); status != 400 || problem != c.want {
			t.Errorf("%s: %d %s", name, status, problem)
		}
	}
	// A verifier that could be guessed from the challenge in the address.
	short := *a
	short.verifier = "abc"
	if status, problem := short.exchangeCode(t, short.code(t)); status != 400 || problem != "invalid_grant" {
		t.Errorf("a short verifier: %d %s", status, problem)
	}
	// After a failed attempt the code is of no use.
	code = a.code(t)
	a.exchangeCode(t, code, "code_verifier", oauth2.GenerateVerifier())
	if status, problem := a.exchangeCode(t, code); status != 400 || problem != "invalid_grant" {
		t.Errorf("second attempt: %d %s", status, problem)
	}
	// It is valid for a minute.
	code = a.code(t)
	b.sql(t, `UPDATE app_grant SET code_until = now() - interval '1 second' WHERE redeemed_at IS NULL`)
	if status, problem := a.exchangeCode(t, code); status != 400 || problem != "invalid_grant" {
		t.Errorf("expired: %d %s", status, problem)
	}
	// Of a form with a parameter twice neither is used.
	r := httptest.NewRequestWithContext(t.Context(), "POST", "/api/auth/oauth/token", strings.NewReader("grant_type=refresh_token&client_id=a&client_id=b"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	f.Handle(w, r)
	if w.Code != 400 || !strings.Contains(w.Body.String(), "client_id is there twice") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// TestApp_RequestsThatAreRefused: nothing is sent to an address that the app has not registered, and everything else that is wrong
// is answered to the app.
func TestApp_RequestsThatAreRefused(t *testing.T) {
	t.Parallel()
	f := setup(t).Function
	a := newApp(t, f, newUser(t, f))
	readers := []session{a.user, newUser(t, f), newUser(t, f)} // each may ask and answer 30 times
	for i, uri := range []string{
		"", "-", "https://sorter.example/back/", "https://sorter.example/backdoor", "https://sorter.example/bac", "https://sorter.example:8443/back",
		"https://sorter.example.evil.example/back", "https://evil.example/back", "https://sorter.example@evil.example/back", "https://user@sorter.example/back",
		"https://sorter.example/back?x=1", "https://sorter.example/back#x", "https://sorter.example/x/../back", "https://sorter.example\\@evil.example/back",
		"https://SORTER.example/back", "https://127.0.0.1:1/callback", "http://localhost:1/callback", "http://[::1]:1/callback", "http://sorter.example/back", "http://127.0.0.1:/callback", "http://127.0.0.1:1/other", "http://127.0.0.1:1/callback?x=1", "http://127.0.0.1:1/callback#x",
		"http://user@127.0.0.1:1/callback", "http://127.0.0.1.evil.example/callback", "http://localhost.evil.example/callback", "http://10.0.0.1/callback",
		"javascript:alert(1)", "data:text/html,x", "//sorter.example/back", "/back", "sorter://back",
	} {
		a.user = readers[i%len(readers)]
		got := send(t, f, request{method: "GET", path: "/api/auth/oauth/consent?" + a.query("redirect_uri", uri), bearer: a.user.AccessToken})
		if got.StatusCode != 422 {
			t.Errorf("%s: %d %s", uri, got.StatusCode, got.body)
		}
		send(t, f, a.answer(a.query("redirect_uri", uri), true, true)).want(t, 422)
	}
	a.user = newUser(t, f)
	// The port of the user's own computer is free (RFC 8252, 7.3).
	if got := a.consent(t, a.query("redirect_uri", "http://127.0.0.1:50123/callback"), true, true); got.Get("code") == "" {
		t.Errorf("%v", got)
	}
	for _, c := range [][]string{
		{"unsupported_response_type", "response_type", "token"},
		{"unsupported_response_type", "response_type", "-"},
		{"invalid_request", "response_mode", "fragment"},
		{"invalid_request", "code_challenge_method", "plain"},
		{"invalid_request", "code_challenge_method", "-"},
		{"invalid_request", "code_challenge", "-"},
		{"invalid_request", "code_challenge", a.verifier + "=="},
		{"invalid_target", "resource", publicURL},
		{"invalid_target", "resource", "https://evil.example/mcp"},
		{"invalid_scope", "scope", "admin"},
		{"interaction_required", "prompt", "none"},
		{"request_not_supported", "request_uri", "https://evil.example/"},
	} {
		got := a.consent(t, a.query(c[1:]...), true, true)
		if got.Get("error") != c[0] || got.Get("code") != "" || got.Get("state") != "the state" || got.Get("iss") != publicURL {
			t.Errorf("%v: %v", c, got)
		}
	}
	// No link sends the browser to a page of an app, which anybody can register, without a question.
	page := a.query("redirect_uri", "https://sorter.example/back", "scope", "admin")
	if got := send(t, f, request{method: "GET", path: "/api/auth/oauth/consent?" + page, bearer: a.user.AccessToken}); got.StatusCode != 422 || strings.Contains(string(got.body), "sorter.example") {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
	if got := a.consent(t, a.query(), false, true); got.Get("error") != "access_denied" || got.Get("code") != "" {
		t.Errorf("refused: %v", got)
	}
	for _, id := range []string{"-", "unknown", a.user.User.ID, strings.ToUpper(a.ClientID), "http://sorter.example/app.json"} {
		send(t, f, a.answer(a.query("client_id", id), true, true)).want(t, 404)
	}
	send(t, f, a.answer(a.query()+"&client_id="+a.ClientID, true, true)).want(t, 400)
	// Nobody answers for a user: not without the token in the header, not with the cookies, not with another's token.
	q := a.answer(a.query(), true, true)
	q.bearer, q.cookie = "", a.user.refresh
	send(t, f, q).want(t, 401)
}

// TestApp_ConsentsAreLimited: asking and answering both fetch the app's document, so both count.
func TestApp_ConsentsAreLimited(t *testing.T) {
	t.Parallel()
	f := setup(t).Function
	a := newApp(t, f, newUser(t, f))
	ask := request{method: "GET", path: "/api/auth/oauth/consent?" + a.query(), bearer: a.user.AccessToken}
	answer := a.answer(a.query(), false, false)
	for range 30 {
		send(t, f, ask).want(t, 200)
		send(t, f, answer).want(t, 200)
	}
	send(t, f, answer).want(t, 429)
	send(t, f, ask).want(t, 429)
	a.user = newUser(t, f)
	send(t, f, a.answer(a.query(), false, false)).want(t, 200)
}

// TestApp_ScopesAreWhatTheUserAllows: an app never has more, whatever it asks for later.
func TestApp_ScopesAreWhatTheUserAllows(t *testing.T) {
	t.Parallel()
	b := setup(t)
	f := b.start(t, map[string]string{"MCP_CLIENT_SECRET": mcpSecret})
	a := newApp(t, f, newUser(t, f))
	tokens := a.connect(t, false)
	if got := tokens.Extra("scope"); got != "tasks:read mcp" {
		t.Errorf("%v", got)
	}
	if d := decode[exchanged](t, delegate(t, f, tokens.AccessToken).want(t, 200)); d.Scope != "tasks:read" {
		t.Errorf("%+v", d)
	}
	for scope, want := range map[string]string{"tasks:read tasks:write mcp": "invalid_scope", "tasks:write": "invalid_scope", "admin": "invalid_scope"} {
		if status, problem := a.refresh(t, tokens.RefreshToken, "scope", scope); status != 400 || problem != want {
			t.Errorf("%s: %d %s", scope, status, problem)
		}
	}
	if status, problem := a.refresh(t, tokens.RefreshToken, "resource", publicURL+"/api"); status != 400 || problem != "invalid_target" {
		t.Errorf("%d %s", status, problem)
	}
	// What was refused has not ended the grant.
	if status, problem := a.refresh(t, tokens.RefreshToken, "scope", "mcp tasks:read"); status != 200 {
		t.Errorf("%d %s", status, problem)
	}
	// An app that asks for reading only is not given more.
	if got := a.consent(t, a.query("scope", "tasks:read mcp offline_access"), true, true); got.Get("code") == "" {
		t.Errorf("%v", got)
	} else if tokens, err := a.Exchange(t.Context(), got.Get("code"), oauth2.VerifierOption(a.verifier)); err != nil || tokens.Extra("scope") != "tasks:read mcp" {
		t.Errorf("%v, %v", tokens, err)
	}
}

// TestApp_RefreshTokensAreForOneExchange: the second use of one ends the grant, and so does its use by another client, a
// revocation, a new password and the end of its time.
func TestApp_RefreshTokensAreForOneExchange(t *testing.T) {
	t.Parallel()
	b := setup(t)
	f := b.start(t, map[string]string{"MCP_CLIENT_SECRET": mcpSecret})
	user := newUser(t, f)
	a := newApp(t, f, user)
	dead := func(t *testing.T, tokens *oauth2.Token) {
		t.Helper()
		delegate(t, f, tokens.AccessToken).want(t, 401)
		if status, problem := a.refresh(t, tokens.RefreshToken); status != 400 || problem != "invalid_grant" {
			t.Errorf("refresh: %d %s", status, problem)
		}
	}
	tokens := a.connect(t, true)
	next, err := a.TokenSource(t.Context(), &oauth2.Token{RefreshToken: tokens.RefreshToken}).Token()
	if err != nil {
		t.Fatal(err)
	}
	if status, problem := a.refresh(t, tokens.RefreshToken); status != 400 || problem != "invalid_grant" {
		t.Errorf("reused: %d %s", status, problem)
	}
	dead(t, next)

	tokens = a.connect(t, true)
	if status, problem := a.refresh(t, tokens.RefreshToken, "client_id", newApp(t, f, user).ClientID); status != 400 || problem != "invalid_grant" {
		t.Errorf("of another client: %d %s", status, problem)
	}
	dead(t, tokens)

	tokens = a.connect(t, true)
	for _, forged := range []string{"", "x", tokens.RefreshToken[1:], tokens.RefreshToken[:len(tokens.RefreshToken)-2] + "AA", user.refresh, tokens.AccessToken} {
		if status, problem := a.refresh(t, forged); status != 400 || problem != "invalid_grant" && forged != "" {
			t.Errorf("%q: %d %s", forged, status, problem)
		}
	}
	// It is of no use as the cookie of a session.
	send(t, f, refresh(tokens.RefreshToken, "")).want(t, 401)
	delegate(t, f, tokens.AccessToken).want(t, 200)

	revoke := func(client, secret string) {
		if status, problem := a.post(t, "/api/auth/oauth/revoke", url.Values{"token": {secret}, "client_id": {client}}); status != 200 {
			t.Errorf("%d %s", status, problem)
		}
	}
	revoke(newApp(t, f, user).ClientID, tokens.RefreshToken)
	revoke(a.ClientID, "unknown")
	delegate(t, f, tokens.AccessToken).want(t, 200)
	revoke(a.ClientID, tokens.RefreshToken)
	dead(t, tokens)
	tokens = a.connect(t, true)
	revoke(a.ClientID, tokens.AccessToken)
	dead(t, tokens)

	for _, end := range []string{
		`UPDATE session SET expires_at = now() - interval '1 second' WHERE device = 'app' AND ended_at IS NULL`,
		`UPDATE session SET ends_at = now() - interval '1 second' WHERE device = 'app' AND ended_at IS NULL`,
	} {
		tokens = a.connect(t, true)
		b.sql(t, end)
		if status, problem := a.refresh(t, tokens.RefreshToken); status != 400 || problem != "invalid_grant" {
			t.Errorf("%s: %d %s", end, status, problem)
		}
	}
	tokens = a.connect(t, true)
	send(t, f, request{
		method: "POST", path: "/api/auth/password", bearer: user.AccessToken,
		body: map[string]any{"current_password": password, "new_password": "unrelated violet submarine"},
	}).want(t, 200)
	dead(t, tokens)
}

// TestApp_NoticeAndBounds: the user is notified, and has a bounded number of apps.
func TestApp_NoticeAndBounds(t *testing.T) {
	t.Parallel()
	b := setup(t)
	f := b.Function
	a := newApp(t, f, newUser(t, f))
	a.connect(t, false)
	conn := b.owner(t)
	var title, body string
	if err := conn.QueryRow(t.Context(), `SELECT title, body FROM account_notice WHERE user_id = $1 ORDER BY id DESC LIMIT 1`, a.user.User.ID).Scan(&title, &body); err != nil {
		t.Fatal(err)
	}
	if title != "App connected" || !strings.Contains(body, "“Sorter” was connected. It may read your tasks.") {
		t.Errorf("%s: %s", title, body)
	}
	b.sql(t, `
WITH made AS (
  INSERT INTO session (id, user_id, device, network, created_at, used_at, expires_at, ends_at)
  SELECT gen_random_uuid(), $1, 'app', 'unknown', now(), now(), now() + interval '1 day', now() + interval '1 day' FROM generate_series(1, 49) RETURNING id
)
INSERT INTO app_grant (id, user_id, client_id, name, host, redirect_uri, scopes, resource, code_hash, code_challenge, code_until, redeemed_at)
SELECT id, $1, 'x', 'x', '', 'x', '{mcp}', 'x', id::text::bytea, 'x', now(), now() FROM made`, a.user.User.ID)
	send(t, f, a.answer(a.query(), true, true)).want(t, 409)
}

// TestRegisterApp_IsBounded: an app that nobody connects is forgotten, one that is used is kept, and there are not too many.
func TestRegisterApp_IsBounded(t *testing.T) {
	t.Parallel()
	b := setup(t)
	f := b.start(t, map[string]string{"REGISTER_LIMIT_PER_HOUR": "20"})
	user := newUser(t, f)
	unused, used := newApp(t, f, user), newApp(t, f, user)
	used.connect(t, true)
	b.sql(t, `UPDATE oauth_client SET expires_at = expires_at - interval '25 hours'`)
	send(t, f, unused.answer(unused.query(), true, true)).want(t, 404)
	send(t, f, used.answer(used.query(), true, true)).want(t, 200)
	newApp(t, f, user)
	var left int
	if err := b.owner(t).QueryRow(t.Context(), `SELECT count(*) FROM oauth_client`).Scan(&left); err != nil || left != 2 {
		t.Errorf("%d clients, %v", left, err)
	}
	b.sql(t, `INSERT INTO oauth_client (id, name, redirect_uris, created_at, expires_at)
SELECT gen_random_uuid(), 'x', '{x}', now(), now() + interval '1 day' FROM generate_series(1, 10000)`)
	register := func(body any) answer {
		return send(t, f, request{method: "POST", path: "/api/auth/oauth/register", body: body})
	}
	good := map[string]any{"redirect_uris": []string{callback}}
	register(good).want(t, 503)
	for _, bad := range []any{
		"{", "[]", `{"redirect_uris": "x"}`,
		map[string]any{},
		map[string]any{"redirect_uris": []string{}},
		map[string]any{"redirect_uris": []string{callback, "javascript:alert(1)"}},
		map[string]any{"redirect_uris": []string{"http://sorter.example/"}},
		map[string]any{"redirect_uris": []string{callback}, "client_name": strings.Repeat("x", 101)},
		map[string]any{"redirect_uris": []string{callback}, "client_name": "Taskwire\u202e"},
	} {
		if a := register(bad); a.StatusCode != 400 || !strings.Contains(string(a.body), `"error":"invalid_`) {
			t.Errorf("%v: %d %s", bad, a.StatusCode, a.body)
		}
	}
	for range 20 {
		if a := register(good); a.StatusCode == 429 {
			return
		}
	}
	t.Error("registrations are not limited")
}

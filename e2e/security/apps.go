package main

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"

	"taskwire.dev/e2e/client"
	"taskwire.dev/e2e/client/api"
)

const (
	// appCallback and appPage are where apps get their codes; nothing is sent there.
	appCallback = "http://127.0.0.1:1/callback"
	appPage     = "https://sorter.example/back"
	pathApps    = "/api/auth/apps"
)

// connectable registers a user and an app.
func (a *arena) connectable(ctx context.Context) (*account, *client.App, error) {
	user, err := a.register(ctx, a.host(0))
	if err != nil {
		return nil, nil, err
	}
	app, err := a.clientFrom(a.host(1)).Patient().RegisterApp(ctx, "Sorter", appCallback, appPage)
	return user, app, err
}

// withCode registers a user and an app that has a code of the user.
func (a *arena) withCode(ctx context.Context) (*account, *client.App, string, error) {
	user, app, err := a.connectable(ctx)
	if err != nil {
		return nil, nil, "", err
	}
	code, err := app.Code(ctx, user.Patient())
	return user, app, code, err
}

// connected registers a user and an app that has tokens of the user.
func (a *arena) connected(ctx context.Context) (*account, *client.App, api.AppTokens, error) {
	user, app, err := a.connectable(ctx)
	if err != nil {
		return nil, nil, api.AppTokens{}, err
	}
	tokens, err := app.Connect(ctx, user.Patient())
	return user, app, tokens, err
}

// dead checks that nothing can be done with an app's tokens.
func (a *arena) dead(ctx context.Context, app *client.App, tokens api.AppTokens, why string) {
	a.refused(ctx, app.As(tokens.AccessToken), call("list_tasks", client.Fields{}), "the access token "+why)
	a.refused(ctx, app.Client, app.Renew(tokens.RefreshToken), "the refresh token "+why)
}

// alive checks that an app's access token works: without that no refusal means anything.
func (a *arena) alive(ctx context.Context, app *client.App, accessToken string) {
	if resp := a.attempt(ctx, app.As(accessToken).Patient(), call("list_tasks", client.Fields{})); resp == nil || resp.Status != http.StatusOK {
		a.fault("a connected app cannot read")
	}
}

// codeReplay: a code works once, also when it is used by several at the same time, and the second use ends the tokens of the first.
func codeReplay(ctx context.Context, a *arena) error {
	user, app, code, err := a.withCode(ctx)
	if err != nil {
		return err
	}
	tokens, err := app.Tokens(ctx, app.Exchange(code))
	if err != nil {
		return err
	}
	a.alive(ctx, app, tokens.AccessToken)
	a.refused(ctx, app.Client, app.Exchange(code), "a code that was used")
	a.dead(ctx, app, tokens, "of a code that was used twice")

	if code, err = app.Code(ctx, user.Patient()); err != nil {
		return err
	}
	won := a.race(ctx, app.Client, slices.Repeat([]client.Request{app.Exchange(code)}, racers))
	if len(won) > 1 {
		a.fault("a code was exchanged %d times", len(won))
	}
	for _, resp := range won {
		if err := resp.Decode("tokens", http.StatusOK, &tokens); err != nil {
			return err
		}
		a.dead(ctx, app, tokens, "of a code that was used at the same time")
	}
	// The code of one app is of no use to another, which has its own verifier.
	if code, err = app.Code(ctx, user.Patient()); err != nil {
		return err
	}
	thief, err := a.clientFrom(a.host(2)).Patient().RegisterApp(ctx, "Thief", appCallback)
	if err != nil {
		return err
	}
	a.refused(ctx, thief.Client, thief.Exchange(code), "the code of another app")
	return nil
}

// appRefreshReuse: the same for the refresh tokens of apps.
func appRefreshReuse(ctx context.Context, a *arena) error {
	user, app, first, err := a.connected(ctx)
	if err != nil {
		return err
	}
	second, err := app.Tokens(ctx, app.Renew(first.RefreshToken))
	if err != nil {
		return err
	}
	a.alive(ctx, app, second.AccessToken)
	a.refused(ctx, app.Client, app.Renew(first.RefreshToken), "a refresh token that was used")
	a.dead(ctx, app, second, "of a family whose token was used twice")

	if first, err = app.Connect(ctx, user.Patient()); err != nil {
		return err
	}
	won := a.race(ctx, app.Client, slices.Repeat([]client.Request{app.Renew(first.RefreshToken)}, racers))
	if len(won) > 1 {
		a.fault("a refresh token was exchanged %d times", len(won))
	}
	for _, resp := range won {
		if err := resp.Decode("tokens", http.StatusOK, &second); err != nil {
			return err
		}
		a.dead(ctx, app, second, "of a refresh token that was used at the same time")
	}
	a.dead(ctx, app, first, "of a refresh token that was used at the same time")
	return nil
}

// otherResource: a token is for one resource, whatever is asked for, and no other accepts it.
func otherResource(ctx context.Context, a *arena) error {
	user, app, err := a.connectable(ctx)
	if err != nil {
		return err
	}
	base := app.Base()
	for _, resource := range []string{base, base + "/api", base + "/mcp/x", base + "/mcp#x", "https://evil.example/mcp", base + ".evil.example/mcp", "mcp", base + "/mcp&resource=https://evil.example/mcp"} {
		a.unanswered(ctx, user.Client, app.Query("resource", resource), "the resource "+resource)
	}
	a.unanswered(ctx, user.Client, app.Query()+"&resource="+url.QueryEscape("https://evil.example/mcp"), "a second resource")
	code, err := app.Code(ctx, user.Patient())
	if err != nil {
		return err
	}
	a.refused(ctx, app.Client, app.Exchange(code, "resource", base+"/api"), "an exchange for another resource")
	tokens, err := app.Connect(ctx, user.Patient())
	if err != nil {
		return err
	}
	a.alive(ctx, app, tokens.AccessToken)
	a.refused(ctx, app.Client, app.Renew(tokens.RefreshToken, "resource", base+"/api"), "a refresh for another resource")
	for _, path := range []string{"/api/todos", "/api/notifications", "/api/history", "/api/export", pathMe, pathSessions, client.StreamPath, pathApps} {
		a.refused(ctx, app.As(tokens.AccessToken), get(path), "a token of an app at "+path)
	}
	for _, r := range []client.Request{
		{Method: http.MethodPost, Path: pathRefresh, Header: map[string]string{"Cookie": "taskwire_refresh=" + tokens.RefreshToken}},
		{Method: http.MethodGet, Path: client.StreamPath, Header: map[string]string{"Cookie": "taskwire_session=" + tokens.AccessToken}},
		client.Allow(app.Query(), true),
	} {
		a.refused(ctx, app.As(tokens.AccessToken), r, "a token of an app as a session at "+r.Path)
	}
	a.refused(ctx, app.Client, app.Renew(user.session.Cookie("taskwire_refresh")), "the token of a session as an app's")
	return nil
}

// tokenRequests: the token endpoint reads its parameters once, from the form only, and never as another kind of grant.
func tokenRequests(ctx context.Context, a *arena) error {
	user, app, code, err := a.withCode(ctx)
	if err != nil {
		return err
	}
	good := app.Exchange(code)
	query := "?" + string(good.Body)
	for what, r := range map[string]client.Request{
		"parameters in the address":     {Method: http.MethodPost, Path: good.Path + query},
		"the same with GET":             {Method: http.MethodGet, Path: good.Path + query},
		"a form and an address":         {Method: http.MethodPost, Path: good.Path + "?code=" + url.QueryEscape(code), Header: good.Header, Body: app.Exchange(code, "code", client.Without).Body},
		"a second client_id":            {Method: http.MethodPost, Path: good.Path, Header: good.Header, Body: append(slices.Clone(good.Body), "&client_id=x"...)},
		"a second code":                 {Method: http.MethodPost, Path: good.Path, Header: good.Header, Body: append(slices.Clone(good.Body), "&code=x"...)},
		"JSON":                          post(good.Path, client.Fields{"grant_type": "authorization_code", "code": code, "client_id": app.ID, "redirect_uri": app.Redirect, "code_verifier": app.Verifier}),
		"a secret":                      app.Exchange(rand.Text(), "client_secret", "guess"),
		"the password grant":            app.Exchange(rand.Text(), "grant_type", "password", "username", user.Email, "password", user.Password),
		"client credentials":            app.Exchange(rand.Text(), "grant_type", "client_credentials"),
		"a device code":                 app.Exchange(rand.Text(), "grant_type", "urn:ietf:params:oauth:grant-type:device_code", "device_code", "x"),
		"a session's token to exchange": app.Exchange(rand.Text(), "grant_type", "urn:ietf:params:oauth:grant-type:token-exchange", "subject_token", user.Token(), "subject_token_type", "urn:ietf:params:oauth:token-type:access_token"),
		"an assertion":                  app.Exchange(rand.Text(), "grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion", user.Token()),
	} {
		a.refused(ctx, app.Client, r, what)
	}
	for _, query := range []string{app.Query("response_type", "token"), app.Query("response_type", "code token"), app.Query("response_type", "id_token"), app.Query("response_mode", "fragment"), app.Query("response_mode", "form_post"), app.Query("request_uri", "https://evil.example/"), app.Query("request", "x.y.z"), app.Query("prompt", "none"), app.Query("scope", "admin openid")} {
		a.unanswered(ctx, user.Client, query, "another kind of request")
	}
	return nil
}

// revocationRace: an app that is disconnected while it refreshes keeps nothing.
func revocationRace(ctx context.Context, a *arena) error {
	user, app, err := a.connectable(ctx)
	if err != nil {
		return err
	}
	for range dose(a, 10, 3) {
		tokens, err := app.Connect(ctx, user.Patient())
		if err != nil {
			return err
		}
		var list api.AppPage
		resp := a.attempt(ctx, user.Patient(), get(pathApps))
		if resp == nil || resp.Decode(pathApps, http.StatusOK, &list) != nil || len(list.Items) != 1 {
			a.fault("the app is not listed once")
			return nil
		}
		renewed := make(chan *client.Response, 1)
		go func() { renewed <- a.attempt(ctx, app.Patient(), app.Renew(tokens.RefreshToken)) }()
		resp = a.attempt(ctx, user.Patient(), client.Request{Method: http.MethodDelete, Path: pathApps + "/" + list.Items[0].ID})
		if resp == nil || resp.Status != http.StatusNoContent {
			a.fault("the app cannot be disconnected")
		}
		if resp := <-renewed; resp != nil && resp.Status == http.StatusOK && resp.Decode("tokens", http.StatusOK, &tokens) != nil {
			a.fault("the answer has no tokens")
		}
		a.dead(ctx, app, tokens, "of an app that was disconnected while it refreshed")
	}
	return nil
}

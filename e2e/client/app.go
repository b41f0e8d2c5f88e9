package client

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"

	"taskwire.dev/e2e/client/api"
)

// Paths of the authorization server.
const (
	PathConsent  = "/api/auth/oauth/consent"
	PathAppToken = "/api/auth/oauth/token"
	PathRegister = "/api/auth/oauth/register"
)

// Without is the value of a parameter that is left out.
const Without = "\x00"

// App is an app that asks users for access, by a code and PKCE.
type App struct {
	*Client      // without a token
	ID, Redirect string
	Verifier     string
}

// RegisterApp registers an app that gets its codes at the first of these addresses.
func (c *Client) RegisterApp(ctx context.Context, name string, redirects ...string) (*App, error) {
	var registered struct {
		ID string `json:"client_id"`
	}
	err := c.call(ctx, RegisterApp(name, redirects...), http.StatusCreated, &registered)
	return &App{Client: c.As(""), ID: registered.ID, Redirect: redirects[0], Verifier: rand.Text() + rand.Text()}, err
}

// RegisterApp is the registration of an app (RFC 7591).
func RegisterApp(name string, redirects ...string) Request {
	return Request{Method: http.MethodPost, Path: PathRegister, JSON: Fields{"client_name": name, "redirect_uris": redirects}}
}

// Challenge is what S256 makes of a verifier (RFC 7636, 4.2).
func Challenge(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// Resource is what an app asks access to.
func (a *App) Resource() string { return a.Base() + "/mcp" }

// Query is the app's authorization request, with changes: names and values.
func (a *App) Query(changes ...string) string {
	return changed(url.Values{
		"response_type": {"code"}, "client_id": {a.ID}, "redirect_uri": {a.Redirect}, "scope": {"mcp"}, "state": {"a state"},
		"resource": {a.Resource()}, "code_challenge": {Challenge(a.Verifier)}, "code_challenge_method": {"S256"},
	}, changes).Encode()
}

// Allow is the user's answer to an authorization request.
func Allow(query string, write bool) Request {
	return Request{Method: http.MethodPost, Path: PathConsent, JSON: api.ConsentAnswer{Request: query, Allow: true, Write: &write}}
}

// Code lets a user allow the app everything, and returns the code that the app gets.
func (a *App) Code(ctx context.Context, user *Client, changes ...string) (string, error) {
	var answer api.ConsentRedirect
	if err := user.call(ctx, Allow(a.Query(changes...), true), http.StatusOK, &answer); err != nil {
		return "", err
	}
	to, err := url.Parse(answer.Redirect)
	if err == nil && to.Query().Get("code") == "" {
		err = fmt.Errorf("no code in %s", answer.Redirect)
	}
	if err != nil {
		return "", err
	}
	return to.Query().Get("code"), nil
}

// Exchange is the request that exchanges a code, with changes: names and values.
func (a *App) Exchange(code string, changes ...string) Request {
	return form(changed(url.Values{
		"grant_type": {"authorization_code"}, "client_id": {a.ID}, "code": {code}, "redirect_uri": {a.Redirect},
		"code_verifier": {a.Verifier}, "resource": {a.Resource()},
	}, changes))
}

// Renew is the request that exchanges a refresh token, with changes: names and values.
func (a *App) Renew(refreshToken string, changes ...string) Request {
	return form(changed(url.Values{"grant_type": {"refresh_token"}, "client_id": {a.ID}, "refresh_token": {refreshToken}}, changes))
}

// Tokens sends such a request and returns the tokens.
func (a *App) Tokens(ctx context.Context, r Request) (t api.AppTokens, err error) {
	return t, a.call(ctx, r, http.StatusOK, &t)
}

// Connect lets a user allow the app everything, and returns its tokens.
func (a *App) Connect(ctx context.Context, user *Client) (t api.AppTokens, err error) {
	code, err := a.Code(ctx, user)
	if err != nil {
		return t, err
	}
	return a.Tokens(ctx, a.Exchange(code))
}

func form(values url.Values) Request {
	return Request{
		Method: http.MethodPost, Path: PathAppToken, Body: []byte(values.Encode()),
		Header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"},
	}
}

// changed sets parameters, or removes those whose value is Without.
func changed(values url.Values, changes []string) url.Values {
	for i := 0; i < len(changes); i += 2 {
		values.Set(changes[i], changes[i+1])
		if changes[i+1] == Without {
			values.Del(changes[i])
		}
	}
	return values
}

package client

import (
	"context"
	"net/http"

	"taskwire.dev/e2e/client/api"
)

// User is an account.
type User = api.User

// Session is the answer to register, login and refresh.
type Session struct {
	api.Session

	Cookies  []*http.Cookie `json:"-"`
	Password string         `json:"-"` // that the session was started with
}

// Cookie returns the value of a cookie of the session, or "".
func (s *Session) Cookie(name string) string {
	for _, c := range s.Cookies {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

// Credentials are what an account is created with.
type Credentials struct {
	Email    string `json:"email"`
	Password string `json:"password"`
	Name     string `json:"name,omitempty"`
}

// Register creates an account and starts a session.
func (c *Client) Register(ctx context.Context, in Credentials) (*Session, error) {
	return c.session(ctx, Request{Method: http.MethodPost, Path: "/api/auth/register", JSON: in}, http.StatusCreated, in.Password)
}

// Login starts a session.
func (c *Client) Login(ctx context.Context, email, password string) (*Session, error) {
	in := Credentials{Email: email, Password: password}
	return c.session(ctx, Request{Method: http.MethodPost, Path: "/api/auth/login", JSON: in}, http.StatusOK, password)
}

// Refresh exchanges a refresh token for a new session.
func (c *Client) Refresh(ctx context.Context, refreshToken string) (*Session, error) {
	cookie := map[string]string{"Cookie": "taskwire_refresh=" + refreshToken}
	return c.session(ctx, Request{Method: http.MethodPost, Path: "/api/auth/refresh", Header: cookie}, http.StatusOK, "")
}

func (c *Client) session(ctx context.Context, r Request, want int, password string) (*Session, error) {
	resp, err := c.Do(ctx, r)
	if err != nil {
		return nil, err
	}
	s := Session{Password: password}
	if err := resp.Decode(r.Method+" "+r.Path, want, &s); err != nil {
		return nil, err
	}
	s.Cookies = resp.Cookies()
	return &s, nil
}

// Cookies returns the cookies that the response sets.
func (r *Response) Cookies() []*http.Cookie { return (&http.Response{Header: r.Header}).Cookies() }

// Token is a personal access token.
type Token = api.Token

// CreatedToken has the secret, which only the response to its creation contains.
type CreatedToken = api.CreatedToken

// CreateToken creates a personal access token with these scopes. The user's password is needed again.
func (c *Client) CreateToken(ctx context.Context, password, name string, scopes ...string) (*CreatedToken, error) {
	in := map[string]any{"name": name, "scopes": scopes, "password": password}
	var t CreatedToken
	err := c.call(ctx, Request{Method: http.MethodPost, Path: "/api/auth/tokens", JSON: in}, http.StatusCreated, &t)
	return &t, err
}

// RevokeToken revokes a personal access token.
func (c *Client) RevokeToken(ctx context.Context, id string) error {
	return c.call(ctx, Request{Method: http.MethodDelete, Path: "/api/auth/tokens/" + id}, http.StatusNoContent, nil)
}

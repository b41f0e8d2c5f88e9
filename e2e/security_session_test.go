package e2e

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
	"taskwire.dev/e2e/world"
)

const pathPassword = "/api/auth/password"

// as returns a client of a session.
func (u *user) as(s *client.Session) *client.Client { return u.As(s.AccessToken) }

func (u *user) login(t *testing.T) *client.Session {
	t.Helper()
	return check.Must(anybody(t).Login(t.Context(), u.Email, u.Password))(t)
}

func newPassword(current, next string) client.Request {
	return post(pathPassword, client.Fields{"current_password": current, "new_password": next})
}

// endOf waits until a stream ends, at most 5 seconds.
func endOf(t *testing.T, s *client.Stream) {
	t.Helper()
	endWithin(t, s, 5*time.Second)
}

func endWithin(t *testing.T, s *client.Stream, most time.Duration) {
	t.Helper()
	ctx := check.Within(t, most)
	for {
		if _, err := s.Next(ctx); err != nil {
			if ctx.Err() != nil {
				t.Errorf("the stream is still open after %s", most)
			}
			return
		}
	}
}

// TestSessions_EndedIsEnded: the access token of a session that was ended manages nothing at once, and within 5 seconds its stream ends
// and no function accepts it, although it has not expired. Ways to end it are a logout, another session, and a change of the password.
func TestSessions_EndedIsEnded(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*testing.T, *user, *client.Session){
		"logout": func(t *testing.T, u *user, s *client.Session) {
			expectStatus(t, do(t, u.as(s), client.Request{Method: http.MethodPost, Path: "/api/auth/logout"}), http.StatusNoContent)
		},
		"by another": func(t *testing.T, u *user, s *client.Session) {
			expectStatus(t, do(t, u.Client, client.Request{Method: http.MethodDelete, Path: "/api/auth/sessions/" + currentSession(t, u.as(s))}), http.StatusNoContent)
		},
		"all others": func(t *testing.T, u *user, _ *client.Session) {
			expectStatus(t, do(t, u.Client, client.Request{Method: http.MethodDelete, Path: "/api/auth/sessions"}), http.StatusNoContent)
		},
		"another password": func(t *testing.T, u *user, _ *client.Session) {
			expectStatus(t, do(t, u.Client, newPassword(u.Password, "unrelated violet submarine")), http.StatusOK)
		},
		"by the operator": func(t *testing.T, u *user, _ *client.Session) {
			check.NoError(t, operate(t.Context(), "user", "end-sessions", u.Email))
		},
		"disabled by the operator": func(t *testing.T, u *user, _ *client.Session) {
			check.NoError(t, operate(t.Context(), "user", "disable", u.Email))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u := newUser(t)
			stolen := u.login(t)
			thief := u.as(stolen)
			stream := check.Must(thief.OpenStream(t.Context(), "", nil))(t)
			t.Cleanup(stream.Close)
			check.Must(stream.NextEvent(check.Within(t, timeout)))(t)
			end(t, u, stolen)
			endOf(t, stream)
			token := post("/api/auth/tokens", client.Fields{"name": "for a year", "scopes": []string{"mcp"}, "password": u.Password})
			for _, r := range []client.Request{
				token, newPassword(u.Password, "unrelated violet submarine"),
				{Method: http.MethodGet, Path: "/api/auth/me"},
				{Method: http.MethodGet, Path: "/api/auth/tokens"},
				{Method: http.MethodGet, Path: "/api/auth/sessions"},
				{Method: http.MethodDelete, Path: "/api/auth/sessions"},
				{Method: http.MethodGet, Path: client.StreamPath},
			} {
				expectProblem(t, do(t, thief, r), http.StatusUnauthorized)
			}
			for _, r := range []client.Request{
				{Method: http.MethodGet, Path: "/api/todos"},
				post("/api/todos", client.Fields{"title": "Written by a thief"}),
				{Method: http.MethodGet, Path: "/api/notifications"},
				{Method: http.MethodGet, Path: "/api/export"},
				rpc("list_tasks", client.Fields{}),
			} {
				check.NoError(t, world.Again(check.Within(t, 5*time.Second), func() error {
					if got := do(t, thief, r).Status; got != http.StatusUnauthorized {
						return fmt.Errorf("%s %s: %d", r.Method, r.Path, got)
					}
					return nil
				}))
			}
			refused := do(t, thief, client.Request{Method: http.MethodPost, Path: "/api/auth/refresh", Header: map[string]string{
				"Cookie": "taskwire_refresh=" + stolen.Cookie("taskwire_refresh"),
			}})
			expectProblem(t, refused, http.StatusUnauthorized)
		})
	}
}

// TestSessions_NeedThePassword: a stolen access token does not change the password, and guesses with it are limited as those of a login
// are.
func TestSessions_NeedThePassword(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	thief := u.Impatient()
	guess := post("/api/auth/tokens", client.Fields{"name": "x", "scopes": []string{"mcp"}, "password": "a wrong guess"})
	limited := false
	for i := range 12 {
		r := guess
		if i%2 == 0 {
			r = newPassword("a wrong guess", "unrelated violet submarine")
		}
		answer := do(t, thief, r)
		if limited = answer.Status == http.StatusTooManyRequests; limited {
			break
		}
		expectProblem(t, answer, http.StatusUnprocessableEntity)
	}
	if !limited {
		t.Error("guesses are not limited")
	}
	if n := u.tokens(t); n != 0 {
		t.Errorf("%d tokens were made", n)
	}
	pat := u.As(check.Must(newUser(t).CreateToken(t.Context(), "script", scopeRead, scopeWrite))(t).Secret)
	expectProblem(t, do(t, pat, newPassword(u.Password, "unrelated violet submarine")), http.StatusForbidden)
}

// TestSessions_NewDeviceIsTold: a login from an unknown device notifies the user, once.
func TestSessions_NewDeviceIsTold(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	u.login(t) // as at the registration
	r := post("/api/auth/login", client.Fields{"email": u.Email, "password": u.Password})
	r.Header = map[string]string{"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"}
	for range 2 {
		expectStatus(t, do(t, anybody(t), r), http.StatusOK)
	}
	check.NoError(t, u.told(t.Context(), "New sign-in", 1))
	list := check.Must(u.AllNotifications(t.Context()))(t)
	if len(list) != 1 || list[0].Kind != "account" || list[0].TaskID != "" {
		t.Errorf("%+v", list)
	}
}

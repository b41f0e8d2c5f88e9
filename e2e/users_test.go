package e2e

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

func changeUser(u *user, change client.Fields) client.Request {
	return client.Request{Method: http.MethodPatch, Path: usersPath + "/" + u.ID, JSON: change}
}

// TestUsers_Disabled: an administrator disables a user, whose streams end and who cannot sign in; enabled again the user has everything
// but the sessions and tokens.
func TestUsers_Disabled(t *testing.T) {
	t.Parallel()
	admin, u := newAdmin(t), newUser(t)
	task := check.Must(u.Client.CreateTask(t.Context(), client.Fields{"title": "still here"}))(t)
	script := u.As(check.Must(u.CreateToken(t.Context(), "script", scopeRead))(t).Secret)
	open := func(c *client.Client) *client.Stream {
		s := check.Must(c.OpenStream(t.Context(), "", nil))(t)
		t.Cleanup(s.Close)
		check.Must(s.NextEvent(check.Within(t, timeout)))(t)
		return s
	}
	ofSession, ofToken := open(u.Client), open(script)
	expectStatus(t, do(t, admin.Client, changeUser(u, client.Fields{"disabled": true})), http.StatusOK)
	endOf(t, ofSession)
	endWithin(t, ofToken, 10*time.Second) // the gateway asks every 5 seconds which tokens were revoked
	expectProblem(t, do(t, script, client.Request{Method: http.MethodGet, Path: "/api/todos/" + task.ID}), http.StatusUnauthorized)
	login := post("/api/auth/login", client.Fields{"email": u.Email, "password": u.Password})
	if p := expectProblem(t, do(t, anybody(t), login), http.StatusForbidden); !strings.Contains(p.Detail, "disabled") {
		t.Errorf("the refusal says %q", p.Detail)
	}
	expectProblem(t, do(t, u.Client, changeUser(admin, client.Fields{"disabled": true})), http.StatusUnauthorized)
	expectStatus(t, do(t, admin.Client, changeUser(u, client.Fields{"disabled": false})), http.StatusOK)
	again := u.as(u.login(t))
	expectStatus(t, do(t, again, client.Request{Method: http.MethodGet, Path: "/api/todos/" + task.ID}), http.StatusOK)
}

// TestUsers_Bounded: a user at a bound is told so, and makes room by deleting.
func TestUsers_Bounded(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	check.NoError(t, operate(t.Context(), "user", "quota", u.Email, "--tasks", "2"))
	first := check.Must(u.Client.CreateTask(t.Context(), client.Fields{"title": "one"}))(t)
	check.Must(u.Client.CreateTask(t.Context(), client.Fields{"title": "two"}))(t)
	third := post("/api/todos", client.Fields{"title": "three"})
	answer := do(t, u.Client, third)
	if answer.Status != http.StatusConflict || !strings.Contains(string(answer.Body), "/problems/quota-exceeded") {
		t.Errorf("a task too many: %d %s", answer.Status, answer.Body)
	}
	expectStatus(t, do(t, u.Client, client.Request{Method: http.MethodDelete, Path: "/api/todos/" + first.ID}), http.StatusNoContent)
	expectStatus(t, do(t, u.Client, third), http.StatusCreated)
	check.NoError(t, operate(t.Context(), "user", "quota", u.Email, "--tasks", "default"))
	check.Must(u.Client.CreateTask(t.Context(), client.Fields{"title": "four"}))(t)
}

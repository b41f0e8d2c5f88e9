package main

import (
	"context"
	"crypto/rand"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"taskwire.dev/e2e/client"
	"taskwire.dev/e2e/client/api"
)

const (
	pathMe       = "/api/auth/me"
	pathSessions = "/api/auth/sessions"
	pathRefresh  = "/api/auth/refresh"
	pathPassword = "/api/auth/password"
	pathReset    = "/api/auth/reset"
)

func get(path string) client.Request { return client.Request{Method: http.MethodGet, Path: path} }

func post(path string, body any) client.Request {
	return client.Request{Method: http.MethodPost, Path: path, JSON: body}
}

// two registers the attacker and the user that is attacked.
func (a *arena) two(ctx context.Context) (attacker, target *account, err error) {
	if attacker, err = a.register(ctx, a.host(0)); err == nil {
		target, err = a.register(ctx, a.host(1))
	}
	return attacker, target, err
}

// refused sends a request that must be refused. A rate limit is not a refusal: it is waited for.
func (a *arena) refused(ctx context.Context, c *client.Client, r client.Request, what string) *client.Response {
	resp := a.attempt(ctx, c.Patient(), r)
	if resp == nil || resp.Status/100 != 4 || resp.Status == http.StatusTooManyRequests {
		a.fault("%s: not refused", what)
	}
	return resp
}

// ends waits until a request is refused because its session has ended, for at most 5 seconds.
func (a *arena) ends(ctx context.Context, c *client.Client, r client.Request, what string) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	for ctx.Err() == nil {
		if resp := a.attempt(ctx, c, r); resp != nil && resp.Status == http.StatusUnauthorized {
			return
		}
		pause(ctx, beat)
	}
	a.fault("%s is accepted after its end", what)
}

// race sends requests at the same time, and returns the responses of those that succeeded.
func (a *arena) race(ctx context.Context, c *client.Client, requests []client.Request) (won []*client.Response) {
	var mu sync.Mutex
	parallel(ctx, len(requests), len(requests), func(i int) {
		resp := a.attempt(ctx, c.Patient(), requests[i])
		mu.Lock()
		defer mu.Unlock()
		if resp != nil && resp.Status/100 == 2 {
			won = append(won, resp)
		}
	})
	return won
}

// racers is how many of the same request race each other.
const racers = 5

// fixation: cookies and tokens that a browser has before its user signs in name no session afterwards. An attacker who has planted some
// there has a session of their own, and nothing of the user.
func fixation(ctx context.Context, a *arena) error {
	attacker, target, err := a.two(ctx)
	if err != nil {
		return err
	}
	planted := attacker.session.Cookie("taskwire_refresh")
	r := login(target.Email, target.Password)
	r.Header = map[string]string{"Cookie": "taskwire_refresh=" + planted + "; taskwire_session=" + attacker.Token() + "; taskwire_device=" + attacker.session.Cookie("taskwire_device")}
	resp := a.attempt(ctx, attacker.Patient(), r) // with the attacker's access token, too
	if resp == nil || resp.Status != http.StatusOK {
		a.fault("a sign-in in a browser with planted cookies fails")
		return nil
	}
	entered := client.Session{Cookies: resp.Cookies()}
	if err := resp.Decode("login", http.StatusOK, &entered); err != nil {
		return err
	}
	for _, name := range []string{"taskwire_refresh", "taskwire_session", "taskwire_device"} {
		if c := entered.Cookie(name); c == "" || c == attacker.session.Cookie(name) {
			a.fault("the cookie %s is the one that was planted", name)
		}
	}
	var mine, planters api.SessionPage
	for c, into := range map[*client.Client]*api.SessionPage{target.As(entered.AccessToken): &mine, attacker.Client: &planters} {
		if resp := a.attempt(ctx, c.Patient(), get(pathSessions)); resp == nil || resp.Decode(pathSessions, http.StatusOK, into) != nil {
			a.fault("the sessions cannot be listed")
			return nil
		}
	}
	for _, s := range mine.Items {
		if slices.ContainsFunc(planters.Items, func(other api.OpenSession) bool { return s.ID == other.ID }) {
			a.fault("a session of the user is the attacker's")
		}
	}
	if refreshed, err := attacker.As("").Patient().Refresh(ctx, planted); err != nil || refreshed.User.ID != attacker.ID {
		a.fault("the planted cookie has become another session")
	}
	return nil
}

// refreshReuse: a refresh token that was exchanged works no more, and its second use ends the session, whichever of the two is the
// thief.
func refreshReuse(ctx context.Context, a *arena) error {
	attacker, target, err := a.two(ctx)
	if err != nil {
		return err
	}
	stolen := target.session.Cookie("taskwire_refresh")
	next, err := target.As("").Patient().Refresh(ctx, stolen)
	if err != nil {
		return err
	}
	refresh := func(token string) client.Request {
		return client.Request{Method: http.MethodPost, Path: pathRefresh, Header: map[string]string{"Cookie": "taskwire_refresh=" + token}}
	}
	a.refused(ctx, attacker.As(""), refresh(stolen), "a refresh token that was exchanged")
	a.refused(ctx, target.As(""), refresh(next.Cookie("taskwire_refresh")), "its successor, after the second use")
	for _, access := range []string{target.Token(), next.AccessToken} {
		a.ends(ctx, target.As(access), get(pathMe), "an access token of the session")
		a.ends(ctx, target.As(access), get("/api/todos"), "an access token of the session")
	}
	return nil
}

// passwordChange: what a thief has of a user ends when the user changes the password.
func passwordChange(ctx context.Context, a *arena) error {
	thief, target, err := a.two(ctx)
	if err != nil {
		return err
	}
	stolen, err := thief.As("").Patient().Login(ctx, target.Email, target.Password)
	if err != nil {
		return err
	}
	pat, err := target.Patient().CreateToken(ctx, target.Password, "stolen", "tasks:read", "mcp")
	if err != nil {
		return err
	}
	app, err := thief.Patient().RegisterApp(ctx, "Sorter", appCallback)
	if err != nil {
		return err
	}
	tokens, err := app.Connect(ctx, target.Patient())
	if err != nil {
		return err
	}
	session := thief.As(stolen.AccessToken)
	stream, err := session.OpenStream(ctx, "", nil)
	if err != nil {
		return err
	}
	defer stream.Close()
	resp := a.attempt(ctx, target.Patient(), post(pathPassword, client.Fields{"current_password": target.Password, "new_password": rand.Text(), "revoke_tokens": true}))
	if resp == nil || resp.Status != http.StatusOK {
		a.fault("the password cannot be changed")
		return nil
	}
	a.refused(ctx, session, get(pathMe), "a stolen session")
	a.refused(ctx, session, post("/api/auth/tokens", client.Fields{"name": "kept", "scopes": []string{"mcp"}, "password": target.Password}), "a new token of a stolen session")
	a.refused(ctx, thief.As(""), client.Request{Method: http.MethodPost, Path: pathRefresh, Header: map[string]string{"Cookie": "taskwire_refresh=" + stolen.Cookie("taskwire_refresh")}}, "a stolen refresh token")
	a.refused(ctx, thief.As(pat.Secret), get("/api/todos"), "a stolen personal access token")
	a.refused(ctx, app.As(tokens.AccessToken), call("list_tasks", client.Fields{}), "the access token of an app")
	a.refused(ctx, app.Client, app.Renew(tokens.RefreshToken), "the refresh token of an app")
	a.refused(ctx, thief.As(""), login(target.Email, target.Password), "the old password")
	a.ends(ctx, session, get("/api/todos"), "a stolen session's access token")
	a.ends(ctx, session, post("/api/todos", client.Fields{"title": "By a thief"}), "a stolen session's access token")
	ending, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	for {
		if _, err := stream.Next(ending); err != nil {
			break
		}
	}
	if ending.Err() != nil {
		a.fault("a stolen session's stream is still open after 5 seconds")
	}
	return nil
}

// resetLinks: a link for a new password works once, also when it is used by several at the same time, and not after the password was
// changed in another way.
func resetLinks(ctx context.Context, a *arena) error {
	attacker, target, err := a.two(ctx)
	if err != nil {
		return err
	}
	link := func(n int) (string, error) {
		if resp := a.attempt(ctx, target.As("").Patient(), post(pathReset, client.Fields{"email": target.Email})); resp == nil || resp.Status != http.StatusAccepted {
			a.fault("no link is sent")
		}
		return a.values.ResetLink(ctx, target.Email, n)
	}
	use := func(link string) client.Request {
		return post(pathReset+"/confirm", client.Fields{"token": link, "password": rand.Text()})
	}
	first, err := link(1)
	if err != nil {
		return err
	}
	second, err := link(2)
	if err != nil {
		return err
	}
	if won := a.race(ctx, attacker.As(""), slices.Repeat([]client.Request{use(first)}, racers)); len(won) != 1 {
		a.fault("a link was used %d times", len(won))
	}
	a.refused(ctx, attacker.As(""), use(first), "a link that was used")
	a.refused(ctx, attacker.As(""), use(second), "another link of the account, after a new password")
	other, err := a.register(ctx, a.host(2))
	if err != nil {
		return err
	}
	target = other
	if first, err = link(1); err != nil {
		return err
	}
	if resp := a.attempt(ctx, target.Patient(), post(pathPassword, client.Fields{"current_password": target.Password, "new_password": rand.Text()})); resp == nil || resp.Status != http.StatusOK {
		a.fault("the password cannot be changed")
	}
	a.refused(ctx, attacker.As(""), use(first), "a link after a change of the password")
	a.refused(ctx, attacker.As(""), use(strings.Repeat("A", 43)), "a guess")
	return nil
}

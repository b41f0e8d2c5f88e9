package function

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"taskwire.dev/shared/token"
)

type personal struct {
	ID, Name   string
	Scopes     []string
	CreatedAt  time.Time  `json:"created_at"`
	ExpiresAt  time.Time  `json:"expires_at"`
	LastUsedAt *time.Time `json:"last_used_at"`
	Token      string
}

// create asks for a token, with the password.
func create(body any) request {
	if m, ok := body.(map[string]any); ok && m["password"] == nil {
		m["password"] = password
	}
	return request{method: "POST", path: "/api/auth/tokens", body: body}
}

func named(name string) any { return map[string]any{"name": name, "scopes": []string{"mcp"}} }

func list(query string) request { return request{method: "GET", path: "/api/auth/tokens" + query} }

func revoke(id string) request { return request{method: "DELETE", path: "/api/auth/tokens/" + id} }

var me = request{method: "GET", path: "/api/auth/me"}

func TestTokens(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ada, bob := newUser(t, b.Function), newUser(t, b.Function)
	a := send(t, b.Function, create(map[string]any{"name": " laptop ", "scopes": []string{"tasks:read", "mcp"}, "expires_in_days": 7}).as(ada.AccessToken)).want(t, 201)
	made := decode[personal](t, a)
	if made.Name != "laptop" || !made.ExpiresAt.Equal(made.CreatedAt.AddDate(0, 0, 7)) || made.LastUsedAt != nil || a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("token %+v", made)
	}
	who, err := b.tokens.Verify(t.Context(), made.Token)
	if err != nil || !who.Personal || who.TokenID.String() != made.ID || who.UserID.String() != ada.User.ID ||
		!slices.Equal(who.Scopes, made.Scopes) || !who.ExpiresAt.Equal(made.ExpiresAt) {
		t.Errorf("the token contains %+v, %v", who, err)
	}

	send(t, b.Function, me.as(made.Token)).want(t, 200)
	listed := send(t, b.Function, list("").as(ada.AccessToken)).want(t, 200)
	p := decode[page[personal]](t, listed)
	if len(p.Items) != 1 || p.Items[0].ID != made.ID || p.Items[0].LastUsedAt == nil || p.NextCursor != nil || strings.Contains(string(listed.body), made.Token) {
		t.Errorf("list %s", listed.body)
	}
	if others := send(t, b.Function, list("").as(bob.AccessToken)).want(t, 200); string(others.body) != `{"items":[],"next_cursor":null}` {
		t.Errorf("Bob sees %s", others.body)
	}

	// A personal access token cannot manage tokens.
	send(t, b.Function, create(named("x")).as(made.Token)).want(t, 403)
	send(t, b.Function, list("").as(made.Token)).want(t, 403)
	send(t, b.Function, revoke(made.ID).as(made.Token)).want(t, 403)

	send(t, b.Function, revoke(made.ID).as(bob.AccessToken)).want(t, 404)
	send(t, b.Function, revoke("nonsense").as(ada.AccessToken)).want(t, 404)
	send(t, b.Function, me.as(made.Token)).want(t, 200)
	send(t, b.Function, revoke(made.ID).as(ada.AccessToken)).want(t, 204)
	send(t, b.Function, revoke(made.ID).as(ada.AccessToken)).want(t, 404)
	send(t, b.Function, me.as(made.Token)).want(t, 401)
	send(t, b.Function, list("").as(made.Token)).want(t, 401)
}

// Without the password a token is created only shortly after the sign-in, and never by a session that has ended.
func TestCreateToken_PasswordIsAskedForAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ada := newUser(t, b.Function)
	ask := func(member string, value any) request {
		return request{method: "POST", path: "/api/auth/tokens", body: map[string]any{"name": "x", "scopes": []string{"mcp"}, member: value}}.as(ada.AccessToken)
	}
	send(t, b.Function, ask("expires_in_days", 1)).want(t, 201)
	send(t, b.Function, ask("password", "a wrong guess")).want(t, 422)
	b.sql(t, `UPDATE session SET created_at = now() - interval '16 minutes' WHERE user_id = $1`, ada.User.ID)
	if a := send(t, b.Function, ask("expires_in_days", 1)).want(t, 422); !strings.Contains(string(a.body), `"/password"`) {
		t.Errorf("%s", a.body)
	}
	send(t, b.Function, ask("password", password)).want(t, 201)
	b.sql(t, `UPDATE session SET created_at = now(), ended_at = now() WHERE user_id = $1`, ada.User.ID)
	send(t, b.Function, ask("expires_in_days", 1)).want(t, 401)
}

func TestCreateToken_ForNinetyDays(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ada := newUser(t, b.Function)
	made := decode[personal](t, send(t, b.Function, create(map[string]any{"name": "x", "scopes": token.Scopes, "expires_in_days": nil}).as(ada.AccessToken)).want(t, 201))
	if !slices.Equal(made.Scopes, token.Scopes) || !made.ExpiresAt.Equal(made.CreatedAt.AddDate(0, 0, 90)) {
		t.Errorf("token %+v", made)
	}
}

func TestCreateToken_IdempotencyKey(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ada, bob := newUser(t, b.Function), newUser(t, b.Function)
	body := named("x")
	first := send(t, b.Function, create(body).withKey("k").as(ada.AccessToken)).want(t, 201)
	made := decode[personal](t, first)
	send(t, b.Function, me.as(made.Token)).want(t, 200) // used in the meantime
	second := send(t, b.start(t, nil), create(body).withKey("k").as(ada.AccessToken)).want(t, 201)
	if string(first.body) != string(second.body) {
		t.Errorf("first %s\nthen %s", first.body, second.body)
	}
	send(t, b.Function, create(named("y")).withKey("k").as(ada.AccessToken)).want(t, 422)
	if other := decode[personal](t, send(t, b.Function, create(body).withKey("k").as(bob.AccessToken)).want(t, 201)); other.ID == made.ID {
		t.Error("Bob's key returned Ada's token")
	}

	revoke := request{method: "DELETE", path: "/api/auth/tokens/" + made.ID}
	send(t, b.Function, revoke.as(ada.AccessToken)).want(t, 204)
	send(t, b.Function, create(body).withKey("k").as(ada.AccessToken)).want(t, 409)
	send(t, b.Function, create(named("y")).withKey("k").as(ada.AccessToken)).want(t, 422)
}

func TestCreateToken_IdempotencyKeyForADay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ada := newUser(t, b.Function)
	first := decode[personal](t, send(t, b.Function, create(named("x")).withKey("k").as(ada.AccessToken)).want(t, 201))
	b.sql(t, `UPDATE access_token SET created_at = now() - interval '23 hours' WHERE id = $1`, first.ID)
	send(t, b.Function, create(named("y")).withKey("k").as(ada.AccessToken)).want(t, 422)
	b.sql(t, `UPDATE access_token SET created_at = now() - interval '2 days' WHERE id = $1`, first.ID)
	second := create(named("y")).withKey("k").as(ada.AccessToken)
	made := decode[personal](t, send(t, b.Function, second).want(t, 201))
	if again := decode[personal](t, send(t, b.Function, second).want(t, 201)); made.ID == first.ID || again.ID != made.ID {
		t.Errorf("%s, then %s, then %s", first.ID, made.ID, again.ID)
	}
	send(t, b.Function, me.as(first.Token)).want(t, 200)
}

func TestTokens_FiftyAndPages(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ada := newUser(t, b.Function)
	var newest []string
	for i := range 50 {
		made := decode[personal](t, send(t, b.Function, create(named(fmt.Sprint(i))).as(ada.AccessToken)).want(t, 201))
		newest = append([]string{made.ID}, newest...)
	}
	send(t, b.Function, create(named("one more")).as(ada.AccessToken)).want(t, 409)
	var seen []string
	for query := "?limit=20"; ; {
		p := decode[page[personal]](t, send(t, b.Function, list(query).as(ada.AccessToken)).want(t, 200))
		for _, item := range p.Items {
			seen = append(seen, item.ID)
		}
		if p.NextCursor == nil {
			break
		}
		query = "?limit=20&cursor=" + *p.NextCursor
	}
	if !slices.Equal(seen, newest) {
		t.Errorf("the pages have %v\nwant %v", seen, newest)
	}
	for _, query := range []string{"?limit=0", "?limit=201", "?limit=x", "?cursor=x", "?page=2"} {
		send(t, b.Function, list(query).as(ada.AccessToken)).want(t, 422)
	}
	send(t, b.Function, revoke(newest[0]).as(ada.AccessToken)).want(t, 204)
	b.sql(t, `UPDATE access_token SET expires_at = now() WHERE id = $1`, newest[1])
	for range 2 { // revoked and expired tokens do not count
		send(t, b.Function, create(named("one more")).as(ada.AccessToken)).want(t, 201)
	}
	send(t, b.Function, create(named("one more")).as(ada.AccessToken)).want(t, 409)
}

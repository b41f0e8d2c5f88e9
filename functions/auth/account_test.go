package function

import (
	"errors"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

func TestRegisterLoginMe(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := send(t, b.Function, register("Ada@Example.com")).want(t, 201)
	s := sessionOf(t, a)
	if s.TokenType != "Bearer" || s.ExpiresIn != 900 || s.User.Email != "ada@example.com" || s.User.Role != "user" || !strings.HasSuffix(s.User.CreatedAt, "Z") {
		t.Errorf("session %+v", s)
	}
	if strings.Contains(string(a.body), s.refresh) || strings.Contains(string(a.body), "argon2") {
		t.Errorf("a secret in the body: %s", a.body)
	}
	c := a.cookie(t, refreshCookie)
	if !c.HttpOnly || c.Secure || c.SameSite != http.SameSiteStrictMode || c.Path != "/api/auth" || c.MaxAge != 30*24*3600 {
		t.Errorf("cookie %v", c)
	}
	c = a.cookie(t, deviceCookie)
	if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/api/auth" || c.MaxAge != 400*24*3600 {
		t.Errorf("cookie %v", c)
	}
	c = a.cookie(t, sessionCookie)
	if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/api/stream" || c.MaxAge != 900 || c.Value != s.AccessToken {
		t.Errorf("cookie %v", c)
	}
	send(t, b.Function, register("ADA@example.com")).want(t, 409)

	again := sessionOf(t, send(t, b.Function, login("ADA@example.com", password)).want(t, 200))
	me := send(t, b.Function, request{method: "GET", path: "/api/auth/me"}.as(again.AccessToken)).want(t, 200)
	if got := decode[struct{ ID, Email string }](t, me); got.ID != s.User.ID || got.Email != "ada@example.com" {
		t.Errorf("me is %s", me.body)
	}
}

func TestARegistrationTakesTheBrowsersZoneAndWeek(t *testing.T) {
	t.Parallel()
	b := setup(t)
	chosen := func(email string, more map[string]any) (zone, weekStart string) {
		q := register(email)
		body := map[string]any{"email": email, "password": password, "name": "Ada"}
		maps.Copy(body, more)
		q.body = body
		id := sessionOf(t, send(t, b.Function, q).want(t, 201)).User.ID
		row := b.db.Connect(t, "taskwire_worker", "").QueryRow(t.Context(), `SELECT timezone, week_start FROM preference WHERE user_id = $1`, id)
		if err := row.Scan(&zone, &weekStart); err != nil && !errors.Is(err, pgx.ErrNoRows) {
			t.Fatal(err)
		}
		return zone, weekStart
	}
	for email, c := range map[string]struct {
		given           map[string]any
		zone, weekStart string
	}{
		"all@example.com":    {map[string]any{"timezone": "Europe/Vienna", "week_start": "saturday", "locale": "de-AT"}, "Europe/Vienna", "saturday"},
		"locale@example.com": {map[string]any{"locale": "en-US"}, "UTC", "sunday"},
		"zone@example.com":   {map[string]any{"timezone": "Asia/Kolkata"}, "Asia/Kolkata", "monday"},
		"none@example.com":   {nil, "", ""},
	} {
		if zone, weekStart := chosen(email, c.given); zone != c.zone || weekStart != c.weekStart {
			t.Errorf("%v: %q, %q", c.given, zone, weekStart)
		}
	}
}

func TestSecureCookiesWhenPublicURLIsHTTPS(t *testing.T) {
	t.Parallel()
	b := setup(t)
	f := b.start(t, map[string]string{"PUBLIC_URL": "https://todo.example.com/"})
	a := send(t, f, register("secure@example.com")).want(t, 201)
	for _, name := range []string{refreshCookie, sessionCookie, deviceCookie} {
		if c := a.cookie(t, "__Host-"+name); !c.Secure || c.Path != "/" || c.Domain != "" || !c.HttpOnly || c.SameSite != http.SameSiteStrictMode {
			t.Errorf("cookie %v", c)
		}
	}
	secret := a.cookie(t, "__Host-"+refreshCookie).Value
	send(t, f, refresh(secret, "")).want(t, 401) // under the name that any sibling domain can set
	next := send(t, f, request{method: "POST", path: "/api/auth/refresh"}.with("Cookie", "__Host-"+refreshCookie+"="+secret)).want(t, 200)
	out := request{method: "POST", path: "/api/auth/logout"}.with("Cookie", "__Host-"+refreshCookie+"="+next.cookie(t, "__Host-"+refreshCookie).Value)
	for _, c := range send(t, f, out).want(t, 204).Cookies() {
		if c.MaxAge >= 0 || c.Path != "/" || !c.Secure {
			t.Errorf("cookie %v, want it cleared", c)
		}
	}
}

func TestRegister_IdempotencyKey(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ada := register("ada@example.com").withKey("k1")
	first := sessionOf(t, send(t, b.Function, ada).want(t, 201))
	second := sessionOf(t, send(t, b.Function, ada).want(t, 201))
	if first.User != second.User || first.refresh == second.refresh {
		t.Errorf("%+v, then %+v: want the same user and another session", first, second)
	}
	for _, other := range []map[string]any{
		{"email": "ada@example.com", "password": password, "name": "Bob"},
		{"email": "ada@example.com", "password": password + "!", "name": "Ada"},
		{"email": "bob@example.com", "password": password, "name": "Ada"},
	} {
		q := ada
		q.body = other
		send(t, b.Function, q).want(t, 422)
	}
	send(t, b.Function, ada.withKey("k2")).want(t, 409)
	// A day later any client can use the key again.
	b.sql(t, `UPDATE app_user SET created_at = created_at - interval '1 day'`)
	send(t, b.Function, ada).want(t, 409)
	send(t, b.Function, register("bob@example.com").withKey("k1")).want(t, 201)
	send(t, b.Function, register("carl@example.com").withKey("käse")).want(t, 400)
}

func TestLogin_TellsNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	f := b.run(t, New(), nil) // with hashes of full cost, as that of an unknown user is
	ada := newUser(t, f)
	wrong := send(t, f, login(ada.User.Email, "wrong password")).want(t, 401)
	for _, email := range []string{"nobody@example.com", "no address", "nul\x00@example.com", "ÄDA@example.com"} {
		unknown := send(t, f, login(email, password)).want(t, 401)
		if string(wrong.body) != string(unknown.body) {
			t.Errorf("a wrong password: %s, an unknown user: %s", wrong.body, unknown.body)
		}
	}
	send(t, f, login("", "")).want(t, 422)
}

func TestLogin_LimitedAfterFailures(t *testing.T) {
	t.Parallel()
	b := setup(t)
	other := b.start(t, nil) // another replica
	ada, bob := newUser(t, b.Function), newUser(t, b.Function)
	for range 12 { // successful ones do not count
		send(t, b.Function, login(ada.User.Email, password)).want(t, 200)
	}
	for range 5 {
		send(t, b.Function, login(ada.User.Email, "wrong password")).want(t, 401)
		send(t, other, login(ada.User.Email, "wrong password")).want(t, 401)
	}
	send(t, b.Function, login(ada.User.Email, password)).want(t, 429)
	send(t, other, login(strings.ToUpper(ada.User.Email), password)).want(t, 429)
	send(t, b.Function, login(bob.User.Email, password)).want(t, 200)
	// Failures of others do not lock Ada out at her address.
	elsewhere := login(ada.User.Email, password).with("X-Forwarded-For", "198.51.100.7")
	send(t, b.Function, elsewhere).want(t, 200)
	// A prefix that the caller writes into X-Forwarded-For does not change its address.
	forged := login(ada.User.Email, password).with("X-Forwarded-For", "198.51.100.9, 192.0.2.1")
	send(t, b.Function, forged).want(t, 429) // httptest calls from 192.0.2.1

	b.redis.Stop()
	send(t, b.Function, login(ada.User.Email, password)).want(t, 200)
	for range 10 {
		send(t, b.Function, login(ada.User.Email, "wrong password")).want(t, 401)
	}
	send(t, b.Function, login(ada.User.Email, password)).want(t, 429)
}

func TestRegister_LimitedByAddress(t *testing.T) {
	t.Parallel()
	b := setup(t)
	f := b.start(t, map[string]string{"REGISTER_LIMIT_PER_HOUR": "2"})
	from := func(email, address string) request { return register(email).with("X-Forwarded-For", address) }
	send(t, f, from("a@example.com", "2001:db8::1")).want(t, 201)
	send(t, f, from("b@example.com", "2001:db8::2")).want(t, 201)
	send(t, f, from("c@example.com", "2001:db8::3")).want(t, 429) // the same /64
	send(t, f, from("c@example.com", "2001:db8:1::3")).want(t, 201)
}

func TestDatabaseAway(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ada := newUser(t, b.Function)
	f := b.start(t, map[string]string{"DATABASE_URL": "postgres://taskwire_auth@127.0.0.1:1/none"})
	for _, q := range []request{
		register("x@example.com"),
		login("x@example.com", password),
		refresh(ada.refresh, ""),
		{method: "POST", path: "/api/auth/logout", cookie: ada.refresh},
		request{method: "GET", path: "/api/auth/me"}.as(ada.AccessToken),
		request{method: "GET", path: "/api/auth/tokens"}.as(ada.AccessToken),
		request{method: "POST", path: "/api/auth/tokens", body: named("x")}.as(ada.AccessToken),
		request{method: "DELETE", path: "/api/auth/tokens/" + ada.User.ID}.as(ada.AccessToken),
	} {
		if a := send(t, f, q).want(t, 503); len(a.Cookies()) > 0 {
			t.Errorf("%s %s cleared the cookies, although the session may still be valid", q.method, q.path)
		}
	}
	if ready, err := f.Ready(t.Context()); ready || err != nil {
		t.Errorf("ready %t, %v without a database", ready, err)
	}
	if ready, err := b.Ready(t.Context()); !ready || err != nil {
		t.Errorf("ready %t, %v", ready, err)
	}
}

func TestNotStarted(t *testing.T) {
	t.Parallel()
	f := New()
	send(t, f, request{method: "GET", path: "/api/auth/me"}).want(t, 503)
	if ready, err := f.Ready(t.Context()); ready || err != nil {
		t.Errorf("ready %t, %v before Start", ready, err)
	}
	if err := f.Start(t.Context(), map[string]string{}); err == nil || !strings.Contains(err.Error(), "JWT_SIGNING_KEY") {
		t.Errorf("Start without configuration: %v, want an error that names the missing variable", err)
	}
	if err := f.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

package e2e

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

func post(path string, body any) client.Request {
	return client.Request{Method: http.MethodPost, Path: path, JSON: body}
}

func TestRegister_StartsASession(t *testing.T) {
	t.Parallel()
	c := anybody(t)
	in := client.Credentials{Email: "Ada." + rand.Text() + "@Example.COM", Password: rand.Text(), Name: " Ada Lovelace "}
	s := check.Must(c.Register(t.Context(), in))(t)
	if s.User.Email != strings.ToLower(in.Email) || s.User.Role != "user" || s.TokenType != "Bearer" || s.ExpiresIn < 800 || s.ExpiresIn > 900 {
		t.Fatalf("%+v", s)
	}
	var me client.User
	check.NoError(t, do(t, c.As(s.AccessToken), client.Request{Method: "GET", Path: "/api/auth/me"}).Decode("me", 200, &me))
	if me != s.User {
		t.Fatalf("me is %+v, want the registered user %+v", me, s.User)
	}
	// Registration and login ignore the case of the address.
	in.Email = strings.ToUpper(in.Email)
	expectProblem(t, do(t, c, post("/api/auth/register", in)), http.StatusConflict)
	again := check.Must(c.Login(t.Context(), in.Email, in.Password))(t)
	if again.User != s.User || again.AccessToken == s.AccessToken {
		t.Fatalf("login: %+v", again)
	}
}

func TestRegister_Invalid(t *testing.T) {
	t.Parallel()
	c := anybody(t)
	email := randomEmail()
	for name, r := range map[string]struct {
		body  any
		field string
	}{
		"empty":             {client.Fields{}, "/email"},
		"no password":       {client.Fields{"email": email, "name": "a"}, "/password"},
		"no name":           {client.Fields{"email": email, "password": rand.Text()}, "/name"},
		"short password":    {client.Fields{"email": email, "password": "x7#kQp2", "name": "a"}, "/password"},
		"long password":     {client.Fields{"email": email, "password": strings.Repeat("x7#kQp2z", 26), "name": "a"}, "/password"},
		"common password":   {client.Fields{"email": email, "password": "password", "name": "a"}, "/password"},
		"password is email": {client.Fields{"email": email, "password": email, "name": "a"}, "/password"},
		"empty name":        {client.Fields{"email": email, "password": rand.Text(), "name": "  "}, "/name"},
		"long name":         {client.Fields{"email": email, "password": rand.Text(), "name": strings.Repeat("é", 201)}, "/name"},
		"invisible name":    {client.Fields{"email": email, "password": rand.Text(), "name": "\u200b"}, "/name"},
		"control in name":   {client.Fields{"email": email, "password": rand.Text(), "name": "a\u0000b"}, "/name"},
		"no at":             {client.Fields{"email": "ada.example.com", "password": rand.Text(), "name": "a"}, "/email"},
		"no domain":         {client.Fields{"email": "ada@", "password": rand.Text(), "name": "a"}, "/email"},
		"with a name":       {client.Fields{"email": "Ada <" + email + ">", "password": rand.Text(), "name": "a"}, "/email"},
		"two":               {client.Fields{"email": email + "," + email, "password": rand.Text(), "name": "a"}, "/email"},
		"line break":        {client.Fields{"email": "ada\r\nBcc: x@example.com", "password": rand.Text(), "name": "a"}, "/email"},
		"long email":        {client.Fields{"email": strings.Repeat("a", 64) + "@" + strings.Repeat("b.", 95) + "example", "password": rand.Text(), "name": "a"}, "/email"},
		"a number":          {client.Fields{"email": 1, "password": rand.Text(), "name": "a"}, "/email"},
		"a role":            {client.Fields{"email": email, "password": rand.Text(), "name": "a", "role": "admin"}, "/role"},
	} {
		t.Run(name, func(t *testing.T) {
			expectProblem(t, do(t, c, post("/api/auth/register", r.body)), 422, r.field)
		})
	}
	// None of them has created the account.
	check.Must(c.Register(t.Context(), client.Credentials{Email: email, Password: rand.Text(), Name: "Ada"}))(t)
}

func TestLogin_Refused(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	wrong := do(t, u.As(""), post("/api/auth/login", client.Fields{"email": u.Email, "password": "wrong " + rand.Text()}))
	unknown := do(t, u.As(""), post("/api/auth/login", client.Fields{"email": randomEmail(), "password": "wrong " + rand.Text()}))
	expectProblem(t, wrong, http.StatusUnauthorized)
	if string(wrong.Body) != string(unknown.Body) {
		t.Fatalf("the responses reveal whether the account exists:\n%s\n%s", wrong.Body, unknown.Body)
	}
	if len(wrong.Cookies()) > 0 {
		t.Fatal("a rejected login sets cookies")
	}
	check.Must(u.As("").Login(t.Context(), u.Email, u.Password))(t)
	for field, body := range map[string]client.Fields{
		"/email": {"password": "x"}, "/password": {"email": u.Email}, "/remember": {"email": u.Email, "password": "x", "remember": true},
	} {
		expectProblem(t, do(t, u.As(""), post("/api/auth/login", body)), 422, field)
	}
}

// TestLogin_GuessingIsSlowedDown: some failures for one address, then 429, also for the correct password.
func TestLogin_GuessingIsSlowedDown(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	hasty := u.As("").Impatient()
	for range 50 {
		r := do(t, hasty, post("/api/auth/login", client.Fields{"email": u.Email, "password": "guess " + rand.Text()}))
		if r.Status == http.StatusTooManyRequests {
			expectProblem(t, r, http.StatusTooManyRequests)
			expectProblem(t, do(t, hasty, post("/api/auth/login", client.Fields{"email": u.Email, "password": u.Password})), 429)
			// An existing session is not affected.
			expectStatus(t, do(t, u.Client, client.Request{Method: "GET", Path: "/api/auth/me"}), http.StatusOK)
			return
		}
		expectProblem(t, r, http.StatusUnauthorized)
	}
	t.Fatal("50 guesses were not limited")
}

func TestRefresh_Rotates_AndReuseRevokesTheFamily(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	c := u.As("")
	refresh := func(token string) *client.Response {
		return do(t, c, client.Request{Method: "POST", Path: "/api/auth/refresh", Header: map[string]string{"Cookie": "taskwire_refresh=" + token}})
	}
	first := u.session.Cookie("taskwire_refresh")
	second := check.Must(c.Refresh(t.Context(), first))(t)
	if second.User != u.session.User || second.Cookie("taskwire_refresh") == first {
		t.Fatalf("%+v", second)
	}
	expectStatus(t, do(t, c.As(second.AccessToken), client.Request{Method: "GET", Path: "/api/todos"}), http.StatusOK)
	third := check.Must(c.Refresh(t.Context(), second.Cookie("taskwire_refresh")))(t)

	// A stolen token is used after its owner has exchanged it: now both tokens are revoked.
	expectProblem(t, refresh(first), http.StatusUnauthorized)
	expectProblem(t, refresh(third.Cookie("taskwire_refresh")), http.StatusUnauthorized)
	// Another login of the same user is another family.
	other := check.Must(c.Login(t.Context(), u.Email, u.Password))(t)
	check.Must(c.Refresh(t.Context(), other.Cookie("taskwire_refresh")))(t)

	for _, bad := range []string{"", "x", rand.Text(), u.Token(), strings.Repeat("a", 4000)} {
		expectProblem(t, refresh(bad), http.StatusUnauthorized)
	}
	expectProblem(t, do(t, c, client.Request{Method: "POST", Path: "/api/auth/refresh"}), http.StatusUnauthorized)
}

// TestRefresh_FiveTabsAtOnce: all get the same cookie, and the session goes on. Without the browser's device cookie it is theft.
func TestRefresh_FiveTabsAtOnce(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	first, device := u.session.Cookie("taskwire_refresh"), u.session.Cookie("taskwire_device")
	refresh := func(cookies string) *client.Response {
		return do(t, u.As(""), client.Request{Method: "POST", Path: "/api/auth/refresh", Header: map[string]string{"Cookie": cookies}})
	}
	next := make([]string, 5)
	var wg sync.WaitGroup
	for i := range next {
		wg.Go(func() {
			for _, cookie := range refresh("taskwire_refresh=" + first + "; taskwire_device=" + device).Cookies() {
				if cookie.Name == "taskwire_refresh" {
					next[i] = cookie.Value
				}
			}
		})
	}
	wg.Wait()
	for _, cookie := range next {
		if cookie == "" || cookie != next[0] || cookie == first {
			t.Fatalf("cookies %v", next)
		}
	}
	expectStatus(t, refresh("taskwire_refresh="+next[0]+"; taskwire_device="+device), http.StatusOK)
	expectProblem(t, refresh("taskwire_refresh="+first), http.StatusUnauthorized)
}

// TestRefresh_LostAnswer: the exchange can be repeated with its Idempotency-Key.
func TestRefresh_LostAnswer(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	r := client.Request{Method: "POST", Path: "/api/auth/refresh", Header: map[string]string{
		"Cookie": "taskwire_refresh=" + u.session.Cookie("taskwire_refresh"), "Idempotency-Key": rand.Text(),
	}}
	first, again := do(t, u.As(""), r), do(t, u.As(""), r)
	expectStatus(t, first, http.StatusOK)
	expectStatus(t, again, http.StatusOK)
	for _, cookie := range again.Cookies() {
		if cookie.Name == "taskwire_refresh" {
			check.Must(u.As("").Refresh(t.Context(), cookie.Value))(t)
		}
	}
}

func TestLogout_EndsTheSession(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	refreshToken := u.session.Cookie("taskwire_refresh")
	logout := client.Request{Method: "POST", Path: "/api/auth/logout", Header: map[string]string{"Cookie": "taskwire_refresh=" + refreshToken}}
	r := do(t, u.Client, logout)
	expectStatus(t, r, http.StatusNoContent)
	cleared := map[string]bool{}
	for _, cookie := range r.Cookies() {
		if cookie.MaxAge < 0 && cookie.Value == "" {
			cleared[cookie.Name+" "+cookie.Path] = true
		}
	}
	same(t, "cleared cookies", cleared, map[string]bool{"taskwire_refresh /api/auth": true, "taskwire_session /api/stream": true})
	expectProblem(t, do(t, u.As(""), client.Request{
		Method: "POST", Path: "/api/auth/refresh", Header: map[string]string{"Cookie": "taskwire_refresh=" + refreshToken},
	}), http.StatusUnauthorized)
	expectStatus(t, do(t, u.Client, logout), http.StatusNoContent)
}

func TestCookies(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	login := check.Must(u.As("").Login(t.Context(), u.Email, u.Password))(t)
	refreshed := check.Must(u.As("").Refresh(t.Context(), login.Cookie("taskwire_refresh")))(t)
	session := map[string]string{"taskwire_refresh": "/api/auth", "taskwire_session": "/api/stream"}
	loggedIn := map[string]string{"taskwire_refresh": "/api/auth", "taskwire_session": "/api/stream", "taskwire_device": "/api/auth"}
	for name, c := range map[string]struct {
		*client.Session
		paths map[string]string
	}{"register": {u.session, loggedIn}, "login": {login, loggedIn}, "refresh": {refreshed, session}} {
		paths := map[string]string{}
		for _, c := range c.Cookies {
			paths[c.Name] = c.Path
			if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.MaxAge <= 0 || c.Domain != "" {
				t.Fatalf("%s: %s", name, c.Raw)
			}
			if c.Secure != strings.HasPrefix(frontDoor, "https:") {
				t.Fatalf("Secure does not match the scheme of the origin: %s", c.Raw)
			}
		}
		same(t, "cookies of "+name, paths, c.paths)
		if c.Cookie("taskwire_session") != c.AccessToken {
			t.Fatal("the session cookie is not the access token")
		}
	}
}

// TestTwoCookies: another port of this host can set a cookie of the same name, so the server cannot tell whose session
// it is.
func TestTwoCookies(t *testing.T) {
	t.Parallel()
	victim, attacker := newUser(t), newUser(t)
	two := func(name string) map[string]string {
		return map[string]string{"Cookie": name + "=" + attacker.session.Cookie(name) + "; " + name + "=" + victim.session.Cookie(name)}
	}
	c := victim.As("")
	for _, path := range []string{"/api/auth/refresh", "/api/auth/logout"} {
		r := do(t, c, client.Request{Method: http.MethodPost, Path: path, Header: two("taskwire_refresh")})
		expectProblem(t, r, http.StatusBadRequest)
		if len(r.Cookies()) > 0 {
			t.Errorf("%s changes the cookies", path)
		}
	}
	expectProblem(t, do(t, c, client.Request{Method: http.MethodGet, Path: "/api/stream/tasks", Header: two("taskwire_session")}), http.StatusBadRequest)
	check.Must(c.Refresh(t.Context(), victim.session.Cookie("taskwire_refresh")))(t)
	check.Must(c.Refresh(t.Context(), attacker.session.Cookie("taskwire_refresh")))(t)
}

// TestLogin_FloodOfAnotherAccount: while a hundred clients log in with one account's correct password, retrying after
// each 429, all logins of another user from the same address succeed at the first attempt.
func TestLogin_FloodOfAnotherAccount(t *testing.T) {
	mallory, ada := newUser(t), newUser(t)
	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() {
			if _, err := mallory.As("").Patient().Login(t.Context(), mallory.Email, mallory.Password); err != nil {
				t.Errorf("the flood: %v", err)
			}
		})
	}
	defer wg.Wait() // also when a login of the other user fails
	var slowest time.Duration
	for range 12 {
		began := time.Now()
		expectStatus(t, do(t, ada.As("").Impatient(), post("/api/auth/login", client.Fields{"email": ada.Email, "password": ada.Password})), http.StatusOK)
		slowest = max(slowest, time.Since(began))
	}
	t.Logf("12 of 12 logins of another user succeeded, the slowest after %v", slowest)
}

// TestKeys verifies the access token with only the published keys, as any function does.
func TestKeys(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	r := do(t, anybody(t), client.Request{Method: "GET", Path: "/.well-known/jwks.json"})
	expectStatus(t, r, http.StatusOK)
	var set struct{ Keys []map[string]string }
	check.NoError(t, json.Unmarshal(r.Body, &set))
	var claims struct {
		jwt.RegisteredClaims
		Scope string `json:"scope"`
		Role  string `json:"role"`
	}
	token, err := jwt.ParseWithClaims(u.Token(), &claims, func(token *jwt.Token) (any, error) {
		for _, key := range set.Keys {
			if _, private := key["d"]; private {
				t.Fatal("the private key is published")
			}
			if key["kid"] == token.Header["kid"] {
				x, err := base64.RawURLEncoding.DecodeString(key["x"])
				return ed25519.PublicKey(x), err
			}
		}
		t.Fatalf("no key %v", token.Header["kid"])
		return nil, nil
	}, jwt.WithValidMethods([]string{"EdDSA"}))
	check.NoError(t, err)
	if !token.Valid || claims.Subject != u.ID || claims.Issuer == "" || len(claims.Audience) == 0 || claims.ID == "" || claims.Role != "user" {
		t.Fatalf("%+v", claims)
	}
	if life := claims.ExpiresAt.Sub(claims.IssuedAt.Time); life != 15*time.Minute {
		t.Fatalf("the lifetime is %v", life)
	}
	for _, scope := range []string{scopeRead, scopeWrite, scopeMCP} {
		if !strings.Contains(" "+claims.Scope+" ", " "+scope+" ") {
			t.Fatalf("scope %q lacks %s", claims.Scope, scope)
		}
	}
}

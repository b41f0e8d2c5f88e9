package e2e

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

// absentID is the id of nothing.
const absentID = "019aa8f0-7c00-7a10-8b5e-3f2a1c4d5e6f"

// forged is token with one bit of its signature turned.
func forged(t *testing.T, token string) string {
	t.Helper()
	head, signature, ok := cutLast(token)
	if !ok {
		t.Fatalf("no JWT: %q", token)
	}
	raw := check.Must(base64.RawURLEncoding.DecodeString(signature))(t)
	raw[0] ^= 1
	return head + "." + base64.RawURLEncoding.EncodeToString(raw)
}

func cutLast(s string) (before, after string, found bool) {
	i := strings.LastIndexByte(s, '.')
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

// badTokens are all that must not be taken for the user's token. What they claim is as the real one claims it.
func badTokens(t *testing.T, u *user) map[string]string {
	t.Helper()
	var claims jwt.MapClaims
	parsed, _, err := jwt.NewParser().ParseUnverified(u.Token(), &claims)
	check.NoError(t, err)
	_, foreign, err := ed25519.GenerateKey(nil)
	check.NoError(t, err)
	keys := do(t, anybody(t), client.Request{Method: http.MethodGet, Path: "/.well-known/jwks.json"})
	expectStatus(t, keys, http.StatusOK)
	sign := func(method jwt.SigningMethod, key any, change func(jwt.MapClaims, map[string]any)) string {
		own := jwt.MapClaims{}
		for k, v := range claims {
			own[k] = v
		}
		token := jwt.NewWithClaims(method, own)
		token.Header["kid"] = parsed.Header["kid"]
		if change != nil {
			change(own, token.Header)
		}
		return check.Must(token.SignedString(key))(t)
	}
	head, _, _ := cutLast(u.Token())
	var set struct{ Keys []struct{ X string } }
	check.NoError(t, json.Unmarshal(keys.Body, &set))
	public := check.Must(base64.RawURLEncoding.DecodeString(set.Keys[0].X))(t)
	body, _, _ := strings.Cut(strings.SplitN(u.Token(), ".", 2)[1], ".")
	plain := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"JWT"}`))
	return map[string]string{
		"nonsense":             "nonsense",
		"two dots":             "..",
		"turned bit":           forged(t, u.Token()),
		"no signature":         head + ".",
		"alg none":             plain + "." + body + ".",
		"alg none, signed":     plain + "." + strings.SplitN(u.Token(), ".", 2)[1],
		"another key":          sign(jwt.SigningMethodEdDSA, foreign, nil),
		"another key, no kid":  sign(jwt.SigningMethodEdDSA, foreign, func(_ jwt.MapClaims, h map[string]any) { delete(h, "kid") }),
		"an unknown kid":       sign(jwt.SigningMethodEdDSA, foreign, func(_ jwt.MapClaims, h map[string]any) { h["kid"] = "unknown" }),
		"a key of its own":     sign(jwt.SigningMethodEdDSA, foreign, func(_ jwt.MapClaims, h map[string]any) { h["jwk"] = ownKey(foreign); delete(h, "kid") }),
		"a key elsewhere":      sign(jwt.SigningMethodEdDSA, foreign, func(_ jwt.MapClaims, h map[string]any) { h["jku"] = "http://127.0.0.1:1/keys" }),
		"HS256 by public key":  sign(jwt.SigningMethodHS256, public, nil),
		"expired":              sign(jwt.SigningMethodEdDSA, foreign, func(c jwt.MapClaims, _ map[string]any) { c["exp"] = time.Now().Add(-time.Hour).Unix() }),
		"without expiry":       sign(jwt.SigningMethodEdDSA, foreign, func(c jwt.MapClaims, _ map[string]any) { delete(c, "exp") }),
		"for another audience": sign(jwt.SigningMethodEdDSA, foreign, func(c jwt.MapClaims, _ map[string]any) { c["aud"] = "else" }),
		"the refresh token":    u.session.Cookie("taskwire_refresh"),
	}
}

func ownKey(key ed25519.PrivateKey) map[string]string {
	x := base64.RawURLEncoding.EncodeToString(key.Public().(ed25519.PublicKey))
	return map[string]string{"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "x": x}
}

// TestToken_EveryRoute refuses whoever sends none or a bad one, on each route.
func TestToken_EveryRoute(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	task := u.create(t, client.Fields{"title": "Guarded"})
	token := check.Must(u.CreateToken(t.Context(), "guarded", scopeRead))(t)
	bad := badTokens(t, u)
	for _, r := range routes(task.ID, token.ID, absentID) {
		t.Run(r.String(), func(t *testing.T) {
			t.Parallel()
			expectProblem(t, do(t, u.As(""), r.request), http.StatusUnauthorized)
			for name, token := range bad {
				answer := do(t, u.As(token), r.request)
				if answer.Status != http.StatusUnauthorized {
					t.Fatalf("%s: %d", name, answer.Status)
				}
				expectProblem(t, answer, http.StatusUnauthorized)
			}
		})
	}
	t.Cleanup(func() {
		// The routes ran in parallel; all are done now.
		if t.Failed() {
			return
		}
		if seq, tasks, err := stateOf(u); err != nil || seq != 1 || tasks != 1 {
			t.Errorf("somebody without a token did something: seq %d, %d tasks, %v", seq, tasks, err)
		}
	})
}

// TestToken_OtherForms: how a good token must not be sent.
func TestToken_OtherForms(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	nobody := u.As("")
	for name, r := range map[string]client.Request{
		"basic":           {Header: map[string]string{"Authorization": "Basic " + u.Token()}},
		"no scheme":       {Header: map[string]string{"Authorization": u.Token()}},
		"empty":           {Header: map[string]string{"Authorization": "Bearer "}},
		"in the URL":      {Path: "/api/todos?access_token=" + u.Token()},
		"another header":  {Header: map[string]string{"X-Access-Token": u.Token()}},
		"trusted headers": {Header: map[string]string{"X-User-Id": u.ID, "X-Forwarded-User": u.ID, "dapr-api-token": "x", "dapr-caller-app-id": "gateway"}},
	} {
		r.Method = http.MethodGet
		if r.Path == "" {
			r.Path = "/api/todos"
		}
		t.Run(name, func(t *testing.T) { expectProblem(t, do(t, nobody, r), http.StatusUnauthorized) })
	}
	// The scheme's name has no case (RFC 9110, 11.1).
	r := client.Request{Method: http.MethodGet, Path: "/api/todos", Header: map[string]string{"Authorization": "bearer " + u.Token()}}
	expectStatus(t, do(t, nobody, r), http.StatusOK)
}

// TestScopes gives each route to a token with each scope.
func TestScopes(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	told := u.notified(t)
	for _, scope := range []string{scopeRead, scopeWrite, scopeMCP} {
		t.Run(scope, func(t *testing.T) {
			t.Parallel()
			victim := check.Must(u.CreateToken(t.Context(), "victim", scopeRead))(t)
			pat := u.As(check.Must(u.CreateToken(t.Context(), scope, scope))(t).Secret)
			for i := range routes("", "", "") {
				// A task for each, since some routes delete it.
				r := routes(u.create(t, client.Fields{"title": "Scoped"}).ID, victim.ID, told.ID)[i]
				if r.endless() {
					s, err := pat.OpenStream(t.Context(), "", nil)
					var refused *client.StatusError
					switch {
					case err == nil:
						s.Close()
						if scope != r.scope {
							t.Errorf("%v opened with %s", r, scope)
						}
					case !errors.As(err, &refused) || refused.Response.Status != 403 || scope == r.scope:
						t.Errorf("%v with %s: %v", r, scope, err)
					}
					continue
				}
				answer := do(t, pat, r.request)
				if allowed := r.scope == "" || r.scope == scope; allowed != (answer.Status/100 == 2) {
					t.Errorf("%v with %s: %d %s", r, scope, answer.Status, answer.Body)
				} else if !allowed {
					expectProblem(t, answer, http.StatusForbidden)
				}
			}
		})
	}
}

// TestRevokedToken is refused on every route, at once.
func TestRevokedToken(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	task := u.create(t, client.Fields{"title": "Kept"})
	token := check.Must(u.CreateToken(t.Context(), "short-lived", scopeRead, scopeWrite, scopeMCP))(t)
	victim := check.Must(u.CreateToken(t.Context(), "victim", scopeRead))(t)
	pat := u.As(token.Secret)
	check.Must(pat.PatchTask(t.Context(), task.ID, client.Fields{"priority": "low"}))(t)
	check.NoError(t, u.RevokeToken(t.Context(), token.ID))
	for _, r := range routes(task.ID, victim.ID, absentID) {
		answer := do(t, pat, r.request)
		// A token that could not do it anyway may be told so.
		if answer.Status != http.StatusUnauthorized && !(r.scope == "session" && answer.Status == http.StatusForbidden) {
			t.Errorf("%v: %d %s", r, answer.Status, answer.Body)
		}
	}
	if seq, tasks := u.state(t); seq != 2 || tasks != 1 {
		t.Fatalf("seq %d, %d tasks", seq, tasks)
	}
	// Revoking it again, or what never was, is 404.
	for _, id := range []string{token.ID, "019aa8f0-7c00-7a10-8b5e-3f2a1c4d5e6f", "x"} {
		expectProblem(t, do(t, u.Client, client.Request{Method: http.MethodDelete, Path: "/api/auth/tokens/" + id}), http.StatusNotFound)
	}
}

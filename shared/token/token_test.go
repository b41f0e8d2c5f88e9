package token_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/token/tokentest"
)

var rules = token.Rules{Issuer: "taskwire", Audience: "taskwire-api"}

func TestOnlyValidTokensAreAccepted(t *testing.T) {
	t.Parallel()
	s := tokentest.NewSigner(t, rules)
	v, err := token.NewLocalVerifier(s.Keys(), rules)
	if err != nil {
		t.Fatal(err)
	}
	user, id, now := uuid.New(), uuid.New(), time.Now()
	sign := func(s *tokentest.Signer, issued, expires time.Time) string {
		return s.Sign(t, user, id, token.KindSession, "user", token.Scopes, issued, expires)
	}
	good := sign(s, now, now.Add(time.Minute))
	for range 2 { // the second time it is cached
		p, err := v.Verify(t.Context(), good)
		if err != nil || p.UserID != user || p.TokenID != id || p.Personal || p.Require(token.ScopeMCP) != nil || p.Actor() != "user:"+user.String() {
			t.Fatalf("%+v, %v", p, err)
		}
	}
	kind := func(kind string) string {
		return s.Sign(t, user, id, kind, "user", token.Scopes, now, now.Add(time.Minute))
	}
	parts := strings.Split(good, ".")
	none, _ := jwt.NewWithClaims(jwt.SigningMethodNone, jwt.MapClaims{"sub": user.String()}).SignedString(jwt.UnsafeAllowNoneSignatureType)
	symmetric, _ := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"sub": user.String()}).SignedString([]byte("guess"))
	for name, raw := range map[string]string{
		"empty":             "",
		"no JWT":            "good",
		"another key":       sign(tokentest.NewSigner(t, rules), now, now.Add(time.Minute)),
		"another issuer":    sign(s.With(token.Rules{Issuer: "x", Audience: rules.Audience}), now, now.Add(time.Minute)),
		"another audience":  sign(s.With(token.Rules{Issuer: rules.Issuer, Audience: "x"}), now, now.Add(time.Minute)),
		"without a kind":    kind(""),
		"an unknown kind":   kind("refresh"),
		"expired":           sign(s, now.Add(-time.Hour), now.Add(-time.Minute)),
		"issued tomorrow":   sign(s, now.Add(24*time.Hour), now.Add(25*time.Hour)),
		"without signature": parts[0] + "." + parts[1] + ".",
		"changed":           parts[0] + "." + parts[1] + "x." + parts[2],
		"algorithm none":    none,
		"algorithm HS256":   symmetric,
	} {
		if _, err := v.Verify(t.Context(), raw); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTokenIsReadOnlyFromTheHeader(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{
		"Bearer abc": "abc", "bearer  abc": "abc", "": "", "Bearer": "", "Bearer ": "", "Basic abc": "", "abc": "",
	} {
		r := httptest.NewRequest("GET", "/?access_token=abc", nil)
		r.Header.Set("Authorization", header)
		got, err := token.FromRequest(r)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", header, got, err)
		}
	}
}

// verifierOf returns a verifier of the tokens of s, whose key server answers 503 while up returns false.
func verifierOf(t *testing.T, s *tokentest.Signer, up func() bool) *token.Verifier {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !up() {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		set, _ := s.JWKS(r.Context())
		_, _ = w.Write(set)
	}))
	t.Cleanup(server.Close)
	v, err := token.NewVerifier(t.Context(), token.Rules{JWKS: server.URL, Issuer: rules.Issuer, Audience: rules.Audience})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestKeysThatBecomeAvailableLaterAreFound(t *testing.T) {
	t.Parallel()
	s := tokentest.NewSigner(t, rules)
	var up atomic.Bool
	v := verifierOf(t, s, up.Load)
	if v.Ready(t.Context()) == nil {
		t.Error("ready without keys")
	}
	up.Store(true)
	if err := v.Ready(t.Context()); err != nil {
		t.Errorf("the keys are there: %v", err)
	}
}

// TestVerify_KeysThatArriveMeanwhile: however many requests for the keys fail before one succeeds, a valid token is accepted or
// Unavailable, and a forged one refused or Unavailable. When keys arrived during verification, the valid token was once refused,
// and the forged one returned an empty principal without an error.
func TestVerify_KeysThatArriveMeanwhile(t *testing.T) {
	t.Parallel()
	s := tokentest.NewSigner(t, rules)
	user, now := uuid.New(), time.Now()
	good := s.Sign(t, user, uuid.New(), token.KindSession, "user", token.Scopes, now, now.Add(time.Minute))
	forged := tokentest.NewSigner(t, rules).Sign(t, user, uuid.New(), token.KindSession, "user", token.Scopes, now, now.Add(time.Minute))
	for failures := range int32(5) {
		for name, raw := range map[string]string{"good": good, "forged": forged} {
			t.Run(fmt.Sprint(name, " after ", failures), func(t *testing.T) {
				t.Parallel()
				var asked atomic.Int32
				v := verifierOf(t, s, func() bool { return asked.Add(1) > failures })
				for done := false; !done; {
					p, err := v.Verify(t.Context(), raw)
					switch {
					case fault.Is(err, fault.Unavailable): // it fetches again, at most once a second
					case name == "good" && err == nil && p.UserID == user, name == "forged" && fault.Is(err, fault.Unauthenticated):
						done = true
					default:
						t.Fatalf("%+v, %v", p, err)
					}
				}
			})
		}
	}
}

func TestWithoutKeysTheFaultIsTemporary(t *testing.T) {
	t.Parallel()
	v, err := token.NewVerifier(t.Context(), token.Rules{JWKS: "http://127.0.0.1:1/jwks", Issuer: rules.Issuer, Audience: rules.Audience})
	if err != nil {
		t.Fatal(err)
	}
	raw := tokentest.NewSigner(t, rules).Sign(t, uuid.New(), uuid.New(), token.KindSession, "user", token.Scopes, time.Now(), time.Now().Add(time.Minute))
	if _, err := v.Verify(t.Context(), raw); !fault.Is(err, fault.Unavailable) {
		t.Errorf("%v", err)
	}
}

package token

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
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
)

var rules = Rules{Issuer: "taskwire", Audience: "taskwire-api"}

func signer(t *testing.T, r Rules) *Signer {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSigner(string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), r)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestOnlyValidTokensAreAccepted(t *testing.T) {
	t.Parallel()
	s := signer(t, rules)
	v, err := NewLocalVerifier(s.Keys(), rules)
	if err != nil {
		t.Fatal(err)
	}
	user, id, now := uuid.New(), uuid.New(), time.Now()
	sign := func(s *Signer, issued, expires time.Time) string {
		raw, err := s.Sign(user, id, KindSession, "user", Scopes, issued, expires)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	good := sign(s, now, now.Add(time.Minute))
	for range 2 { // the second time it is cached
		p, err := v.Verify(t.Context(), good)
		if err != nil || p.UserID != user || p.TokenID != id || p.Personal || p.Require(ScopeMCP) != nil || p.Actor() != "user:"+user.String() {
			t.Fatalf("%+v, %v", p, err)
		}
	}
	kind := func(kind string) string {
		raw, err := s.Sign(user, id, kind, "user", Scopes, now, now.Add(time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	parts := strings.Split(good, ".")
	none, _ := jwt.NewWithClaims(jwt.SigningMethodNone, jwt.MapClaims{"sub": user.String()}).SignedString(jwt.UnsafeAllowNoneSignatureType)
	symmetric, _ := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"sub": user.String()}).SignedString([]byte("guess"))
	for name, raw := range map[string]string{
		"empty":             "",
		"no JWT":            "good",
		"another key":       sign(signer(t, rules), now, now.Add(time.Minute)),
		"another issuer":    sign(withKeyOf(s, Rules{Issuer: "x", Audience: rules.Audience}), now, now.Add(time.Minute)),
		"another audience":  sign(withKeyOf(s, Rules{Issuer: rules.Issuer, Audience: "x"}), now, now.Add(time.Minute)),
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

// withKeyOf returns a signer with the key of s and other claims.
func withKeyOf(s *Signer, r Rules) *Signer {
	other := *s
	other.issuer, other.audience = r.Issuer, r.Audience
	return &other
}

func TestSigningIsDeterministic(t *testing.T) {
	t.Parallel()
	s := signer(t, rules)
	user, id, now := uuid.New(), uuid.New(), time.Now()
	a, _ := s.Sign(user, id, KindPersonal, "user", []string{ScopeRead}, now, now.Add(time.Hour))
	b, _ := s.Sign(user, id, KindPersonal, "user", []string{ScopeRead}, now, now.Add(time.Hour))
	if a != b || a == "" {
		t.Errorf("%q, %q", a, b)
	}
	v, err := NewLocalVerifier(s.Keys(), rules)
	if err != nil {
		t.Fatal(err)
	}
	p, err := v.Verify(t.Context(), a)
	if err != nil || !p.Personal || p.Actor() != "token:"+id.String() || !fault.Is(p.Require(ScopeWrite), fault.Forbidden) {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestTokenIsReadOnlyFromTheHeader(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{
		"Bearer abc": "abc", "bearer  abc": "abc", "": "", "Bearer": "", "Bearer ": "", "Basic abc": "", "abc": "",
	} {
		r := httptest.NewRequest("GET", "/?access_token=abc", nil)
		r.Header.Set("Authorization", header)
		got, err := FromRequest(r)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", header, got, err)
		}
	}
}

// verifierOf returns a verifier of the tokens of s, whose key server answers 503 while up returns false.
func verifierOf(t *testing.T, s *Signer, up func() bool) *Verifier {
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
	v, err := NewVerifier(t.Context(), Rules{JWKS: server.URL, Issuer: rules.Issuer, Audience: rules.Audience})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestKeysThatBecomeAvailableLaterAreFound(t *testing.T) {
	t.Parallel()
	s := signer(t, rules)
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
	s := signer(t, rules)
	user, now := uuid.New(), time.Now()
	good, _ := s.Sign(user, uuid.New(), KindSession, "user", Scopes, now, now.Add(time.Minute))
	forged, _ := signer(t, rules).Sign(user, uuid.New(), KindSession, "user", Scopes, now, now.Add(time.Minute))
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
	v, err := NewVerifier(t.Context(), Rules{JWKS: "http://127.0.0.1:1/jwks", Issuer: rules.Issuer, Audience: rules.Audience})
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := signer(t, rules).Sign(uuid.New(), uuid.New(), KindSession, "user", Scopes, time.Now(), time.Now().Add(time.Minute))
	if _, err := v.Verify(t.Context(), raw); !fault.Is(err, fault.Unavailable) {
		t.Errorf("%v", err)
	}
}

func TestDelegatedScopes(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"mcp":                        "tasks:read tasks:write",
		"tasks:read mcp":             "tasks:read",
		"mcp tasks:read":             "tasks:read",
		"tasks:write mcp":            "tasks:write",
		"tasks:read tasks:write mcp": "tasks:read tasks:write",
	} {
		if got := strings.Join(Principal{Scopes: strings.Fields(given)}.DelegatedScopes(), " "); got != want {
			t.Errorf("%q delegates %q, want %q", given, got, want)
		}
	}
}

package token

import (
	"context"
	"crypto/sha256"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/MicahParks/jwkset"
	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"
	"github.com/hashicorp/golang-lru/v2/expirable"
	"golang.org/x/time/rate"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/memory"
	"taskwire.dev/shared/telemetry"
)

// Rules are what a token must contain to be accepted.
type Rules struct {
	JWKS     string `env:"JWKS_URL,required"`     // where the public keys are
	Issuer   string `env:"JWT_ISSUER,required"`   // claim "iss"
	Audience string `env:"JWT_AUDIENCE,required"` // claim "aud"
}

// Verifier verifies tokens. It is safe for concurrent use.
type Verifier struct {
	keys   keyfunc.Keyfunc
	rules  Rules
	parser *jwt.Parser
	// good caches verified tokens by their SHA-256: a client sends the same one with every request, and verifying a signature
	// costs more than the rest of a small request.
	good *expirable.LRU[[sha256.Size]byte, Principal]
}

// Limits of that cache. A withdrawn signing key is noticed after this time.
const (
	rememberTokens = 4096
	rememberFor    = time.Minute
)

// Leeway is how far the clocks of two machines may differ.
const Leeway = 5 * time.Second

// NewVerifier returns a Verifier that reads the keys from rules.JWKS every few minutes, and at once when a token names an unknown
// key. It does not wait for the first response: until then Verify returns Unavailable. It stops when ctx is done.
func NewVerifier(ctx context.Context, rules Rules) (*Verifier, error) {
	keys, err := keyfunc.NewDefaultOverrideCtx(ctx, []string{rules.JWKS}, keyfunc.Override{
		Client:            &http.Client{Timeout: 3 * time.Second},
		HTTPTimeout:       3 * time.Second,
		RateLimitWaitMax:  2 * time.Second,
		RefreshInterval:   5 * time.Minute,
		RefreshUnknownKID: rate.NewLimiter(rate.Every(time.Second), 3),
	})
	if err != nil {
		return nil, err
	}
	return newVerifier(keys, rules), nil
}

// NewLocalVerifier returns a Verifier with a given key set, for auth, which has the keys.
func NewLocalVerifier(keys jwkset.Storage, rules Rules) (*Verifier, error) {
	k, err := keyfunc.New(keyfunc.Options{Storage: keys})
	if err != nil {
		return nil, err
	}
	return newVerifier(k, rules), nil
}

// For returns a Verifier for another resource (RFC 8707), with the same keys: it also accepts the tokens that were issued for
// that resource, which v refuses.
func (v *Verifier) For(resource string) *Verifier { return newVerifier(v.keys, v.rules, resource) }

func newVerifier(keys keyfunc.Keyfunc, rules Rules, resources ...string) *Verifier {
	good := expirable.NewLRU[[sha256.Size]byte, Principal](rememberTokens, nil, rememberFor)
	return &Verifier{keys: keys, rules: rules, good: good, parser: jwt.NewParser(
		jwt.WithValidMethods([]string{jwt.SigningMethodEdDSA.Alg()}),
		jwt.WithIssuer(rules.Issuer),
		jwt.WithAudience(append([]string{rules.Audience}, resources...)...),
		jwt.WithExpirationRequired(),
		jwt.WithIssuedAt(),
		jwt.WithLeeway(Leeway),
	)}
}

// Ready reports whether the public keys are loaded.
func (v *Verifier) Ready(ctx context.Context) error {
	keys, err := v.keys.Storage().KeyReadAll(ctx)
	if err == nil && len(keys) == 0 {
		// The first fetch failed, and the next regular one is minutes away: asking for an unknown key fetches the set now (at
		// most once a second).
		_, _ = v.keys.Storage().KeyRead(ctx, "none")
		keys, err = v.keys.Storage().KeyReadAll(ctx)
	}
	if err != nil || len(keys) == 0 {
		return fault.WrapUnavailable("the key set", err)
	}
	return nil
}

// Verify returns the principal of a token, an Unauthenticated fault, or an Unavailable one while there are no keys.
func (v *Verifier) Verify(ctx context.Context, raw string) (Principal, error) {
	sum := sha256.Sum256([]byte(raw))
	if p, ok := v.good.Get(sum); ok && time.Now().Before(p.ExpiresAt) {
		return p, nil
	}
	// First, so that keys that arrive during verification never decide about a token, in either direction.
	if err := v.Ready(ctx); err != nil {
		return Principal{}, err
	}
	var claims Claims
	_, err := v.parser.ParseWithClaims(raw, &claims, v.keys.KeyfuncCtx(ctx))
	switch {
	case err == nil:
	case errors.Is(err, jwt.ErrTokenExpired):
		return Principal{}, fault.New(fault.Unauthenticated, "the token has expired")
	default:
		return Principal{}, fault.Wrap(fault.Unauthenticated, err, "the token is not valid")
	}
	p, err := claims.principal()
	if err != nil {
		return Principal{}, fault.Wrap(fault.Unauthenticated, err, "the token is not valid")
	}
	v.good.Add(sum, p)
	return p, nil
}

// FromRequest returns the token of the Authorization header (RFC 6750, 2.1). A token in the URL is never read.
func FromRequest(r *http.Request) (string, error) {
	scheme, raw, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if raw = strings.TrimSpace(raw); raw == "" || !strings.EqualFold(scheme, "Bearer") {
		return "", fault.New(fault.Unauthenticated, "send Authorization: Bearer <access token>")
	}
	return raw, nil
}

// Authenticate returns the principal of r.
func (v *Verifier) Authenticate(r *http.Request) (Principal, error) {
	raw, err := FromRequest(r)
	if err != nil {
		return Principal{}, err
	}
	p, err := v.Verify(r.Context(), raw)
	if err == nil {
		memory.Identify(r.Context(), p.UserID.String())
		telemetry.SetUser(r.Context(), p.UserID.String())
	}
	return p, err
}

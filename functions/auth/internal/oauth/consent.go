package oauth

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"log/slog"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/ratelimit"
	"taskwire.dev/shared/telemetry"
	"taskwire.dev/shared/token"
)

// Asked is what a user is asked to allow, or where the browser goes on without a question.
type Asked struct {
	Name      string   `json:"name,omitempty"`
	Host      string   `json:"host"` // that vouches for the app; "" is none
	ReturnsTo string   `json:"returns_to,omitempty"`
	Scopes    []string `json:"scopes"`
	Redirect  string   `json:"redirect,omitempty"`
}

// Answer is what the user says.
type Answer struct {
	Request string `json:"request"` // the query of the authorization request, as the app made it
	Allow   bool   `json:"allow"`
	Write   bool   `json:"write"` // the app may change tasks, if it asked for that
}

// request is an authorization request that may be answered.
type request struct {
	client    Client
	redirect  string
	state     string
	challenge string
	resource  string
	scopes    []string
}

// refusal is an error that is returned to the app (RFC 6749, 4.1.2.1).
type refusal struct{ code, description string }

// consents limits the consent requests of a user, since each may fetch a document from another host. A consent takes two: one to
// show the question, one to answer it.
var consents = ratelimit.Limit{Burst: 60, Every: 30 * time.Second}

// Ask returns what a user is to be asked. A fault is shown to the user: it is unknown whether the app's address can be trusted.
func (s *Server) Ask(ctx context.Context, who token.Principal, query string) (Asked, error) {
	r, no, err := s.parse(ctx, who, query)
	if err != nil {
		return Asked{}, err
	}
	if no != nil {
		// Anybody can register an app and make a link to its refusal: the browser goes on without a question to the user's own
		// computer only, and no link to Taskwire leads to another page (RFC 9700, 4.11.2).
		if returnsTo(r.redirect) != thisComputer {
			return Asked{}, fault.New(fault.Invalid, "the app's request is not valid: %s", no.description)
		}
		return Asked{Scopes: []string{}, Redirect: s.redirect(r, url.Values{"error": {no.code}, "error_description": {no.description}})}, nil
	}
	return Asked{Name: r.client.Name, Host: r.client.Host, ReturnsTo: returnsTo(r.redirect), Scopes: r.scopes}, nil
}

// Answer gives the app a code, or a refusal, and returns where the browser goes on. The request is checked again: it comes from
// the browser.
func (s *Server) Answer(ctx context.Context, who token.Principal, a Answer) (string, error) {
	r, no, err := s.parse(ctx, who, a.Request)
	if err != nil {
		return "", err
	}
	if no == nil && !a.Allow {
		no = &refusal{"access_denied", "the user has refused"}
	}
	if no != nil {
		return s.redirect(r, url.Values{"error": {no.code}, "error_description": {no.description}}), nil
	}
	secret, now := newSecret(), clock()
	g := Grant{
		ID: newID(), UserID: who.UserID, ClientID: r.client.ID, Name: r.client.Name, Host: r.client.Host, RedirectURI: r.redirect,
		Scopes: granted(r.scopes, a.Write), Resource: r.resource, CreatedAt: now, EndsAt: now.Add(GrantEnd),
		CodeHash: sha256.Sum256(secret), Challenge: r.challenge, CodeUntil: now.Add(CodeLifetime),
	}
	if err := s.store.AddGrant(ctx, who, g); err != nil {
		return "", err
	}
	telemetry.Audit(ctx, telemetry.AppAllowed, slog.String("grant", g.ID.String()), slog.String("client", g.ClientID), slog.Any("scopes", g.Scopes))
	return s.redirect(r, url.Values{"code": {base64.RawURLEncoding.EncodeToString(secret)}}), nil
}

// granted are the scopes that a user allows of those that were asked for.
func granted(scopes []string, write bool) []string {
	return slices.DeleteFunc(slices.Clone(scopes), func(scope string) bool { return scope == token.ScopeWrite && !write })
}

// challengeS256 is what S256 makes of a verifier (RFC 7636, 4.2).
var challengeS256 = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)

// maxState is the longest state that is sent back.
const maxState = 2000

// parse reads an authorization request and counts it against the user's limit. It returns a fault if the redirect_uri cannot be
// trusted, and a refusal, which is sent to it, for any other error.
func (s *Server) parse(ctx context.Context, who token.Principal, query string) (request, *refusal, error) {
	if wait := s.limiter.Take(ctx, "oauth-consent:"+who.UserID.String(), consents); wait > 0 {
		return request{}, nil, &fault.Error{Code: fault.RateLimited, Detail: "too many consent requests; try again later", RetryAfter: wait}
	}
	v, err := url.ParseQuery(query)
	if err != nil {
		return request{}, nil, fault.Wrap(fault.Malformed, err, "the app's request is malformed")
	}
	if name := Repeated(v); name != "" {
		return request{}, nil, fault.New(fault.Malformed, "the app's request has the parameter %s twice", name)
	}
	r := request{redirect: v.Get("redirect_uri"), state: v.Get("state"), challenge: v.Get("code_challenge")}
	if r.client, err = s.client(ctx, v.Get("client_id")); err != nil {
		return request{}, nil, err
	}
	if !r.client.allows(r.redirect) {
		return request{}, nil, fault.New(fault.Invalid, "the app asks to return to an address that it has not registered")
	}
	var ok bool
	if r.resource, ok = s.resource(v["resource"]); !ok {
		return r, &refusal{"invalid_target", "resource must be " + token.MCPResource(s.config.Origin)}, nil
	}
	r.scopes = requested(v.Get("scope"))
	switch {
	case len(r.state) > maxState:
		r.state = ""
		return r, &refusal{"invalid_request", "state is too long"}, nil
	case v.Get("response_type") != "code":
		return r, &refusal{"unsupported_response_type", "response_type must be code"}, nil
	case v.Has("response_mode") && v.Get("response_mode") != "query":
		return r, &refusal{"invalid_request", "response_mode must be query"}, nil
	case v.Has("request") || v.Has("request_uri"):
		return r, &refusal{"request_not_supported", "request objects are not supported"}, nil
	case v.Get("code_challenge_method") != "S256" || !challengeS256.MatchString(r.challenge):
		return r, &refusal{"invalid_request", "PKCE is required: code_challenge with code_challenge_method=S256"}, nil
	case v.Get("prompt") == "none":
		return r, &refusal{"interaction_required", "the user is always asked"}, nil
	case r.scopes == nil:
		return r, &refusal{"invalid_scope", "known scopes are " + strings.Join(token.Scopes, ", ")}, nil
	}
	return r, nil, nil
}

// Repeated returns a parameter that is there twice, which no request may have but for resource (RFC 6749, 3.1, RFC 8707, 2).
func Repeated(v url.Values) string {
	for _, name := range slices.Sorted(maps.Keys(v)) {
		if len(v[name]) > 1 && name != "resource" {
			return name
		}
	}
	return ""
}

// resource returns what tokens are asked for: the one resource there is, which is also meant without the parameter.
func (s *Server) resource(asked []string) (string, bool) {
	one := token.MCPResource(s.config.Origin)
	for _, r := range asked {
		if strings.TrimSuffix(r, "/") != one {
			return "", false
		}
	}
	return one, true
}

// requested returns the scopes that an app asks for; nil if it knows none of them. Others are left out, which the response says
// (RFC 6749, 3.3). Who asks for neither of the tasks scopes asks for both, as with any token for the MCP server.
func requested(scope string) []string {
	asked := strings.Fields(scope)
	known := slices.DeleteFunc(slices.Clone(token.Scopes), func(s string) bool { return !slices.Contains(asked, s) })
	switch {
	case len(asked) > 0 && len(known) == 0:
		return nil
	case !slices.Contains(known, token.ScopeRead) && !slices.Contains(known, token.ScopeWrite):
		return token.Scopes
	case !slices.Contains(known, token.ScopeWrite):
		return []string{token.ScopeRead, token.ScopeMCP}
	default: // what changes a task reads it first
		return token.Scopes
	}
}

// redirect returns the address of an authorization response, which names its issuer (RFC 9207).
func (s *Server) redirect(r request, answer url.Values) string {
	u, _ := url.Parse(r.redirect) // it was parsed before
	q := u.Query()
	for name, values := range answer {
		q[name] = values
	}
	q.Set("iss", s.config.Issuer)
	if r.state != "" {
		q.Set("state", r.state)
	}
	u.RawQuery = q.Encode()
	return u.String()
}

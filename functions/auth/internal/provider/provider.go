package provider

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Limits of requests to a provider. A user waits meanwhile.
const (
	timeout = 5 * time.Second
	maxBody = 1 << 20
)

// leeway is how far a provider's clock may be behind ours.
const leeway = time.Minute

// Provider is an OpenID provider.
type Provider struct {
	Config
	redirect string
	client   *http.Client

	mu       sync.Mutex
	found    *discovered // nil until the provider has been reached
	failure  error       // of the last try to reach it
	failedAt time.Time
}

// discovered is what a provider says of itself (OpenID Connect Discovery 1.0).
type discovered struct {
	*oidc.Provider
	namesIssuer bool // in its answers: RFC 9207
}

// New returns a provider, to which nothing is sent yet. redirect is the page that browsers come back to.
func New(c Config, redirect string) *Provider {
	return &Provider{Config: c, redirect: redirect, client: &http.Client{
		Timeout:   timeout,
		Transport: limited{http.DefaultTransport},
		// The addresses are the provider's, and the request for a token has our secret.
		CheckRedirect: func(*http.Request, []*http.Request) error { return errors.New("redirects are not followed") },
	}}
}

// limited limits the size of responses.
type limited struct{ http.RoundTripper }

func (l limited) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := l.RoundTripper.RoundTrip(r)
	if err == nil {
		res.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(res.Body, maxBody), res.Body}
	}
	return res, err
}

// ErrUnavailable is the fault for a provider that does not answer.
var ErrUnavailable = errors.New("the provider does not answer")

// discover returns what the provider says of itself. It is asked once, by the first who needs it after it can be reached.
func (p *Provider) discover() (*discovered, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found != nil {
		return p.found, nil
	}
	if time.Since(p.failedAt) < timeout { // or all who wait here would try, one after the other
		return nil, p.failure
	}
	found, err := p.ask()
	if err != nil {
		p.failure, p.failedAt = fmt.Errorf("%w: %w", ErrUnavailable, err), time.Now()
		return nil, p.failure
	}
	p.found = found
	return found, nil
}

func (p *Provider) ask() (*discovered, error) {
	// The keys are fetched with this context later, too.
	found, err := oidc.NewProvider(oidc.ClientContext(context.Background(), p.client), p.Issuer)
	if err != nil {
		return nil, err
	}
	var more struct {
		NamesIssuer bool `json:"authorization_response_iss_parameter_supported"`
	}
	if err := found.Claims(&more); err != nil {
		return nil, err
	}
	return &discovered{found, more.NamesIssuer}, nil
}

func (p *Provider) oauth(d *discovered) *oauth2.Config {
	return &oauth2.Config{
		ClientID: p.ClientID, ClientSecret: p.ClientSecret, Endpoint: d.Endpoint(), RedirectURL: p.redirect, Scopes: p.Scopes,
	}
}

// URL returns the page of the provider that a visit goes to. again: the user has to sign in there again, whether or not a session is
// open.
func (p *Provider) URL(v Visit, again bool) (string, error) {
	d, err := p.discover()
	if err != nil {
		return "", err
	}
	options := []oauth2.AuthCodeOption{oidc.Nonce(v.nonce), oauth2.S256ChallengeOption(v.verifier)}
	if again {
		options = append(options, oauth2.SetAuthURLParam("prompt", "login"), oauth2.SetAuthURLParam("max_age", "0"))
	}
	return p.oauth(d).AuthCodeURL(v.state, options...), nil
}

// Answer is what a provider's redirect says.
type Answer struct {
	Code   string
	Issuer string // "" where the provider does not say it
}

// Claims are what a provider says about a user.
type Claims struct {
	Issuer   string
	Subject  string
	Email    string // "" where it is not said
	Verified bool   // the address
	Name     string
	AuthTime time.Time // when the user signed in at the provider; zero where it does not say
}

// SignedInSince reports whether the user has signed in at the provider after a time.
func (c Claims) SignedInSince(t time.Time) bool { return !c.AuthTime.Add(leeway).Before(t) }

// Finish exchanges the code of an answer. The error is ErrUnavailable while the provider does not answer; any other means that the
// answer, or what the provider says about it, is not to be trusted.
func (p *Provider) Finish(ctx context.Context, v Visit, a Answer) (Claims, error) {
	d, err := p.discover()
	if err != nil {
		return Claims{}, err
	}
	// Another provider, or somebody who plays one, must not get the code (RFC 9207).
	if a.Issuer != p.Issuer && (a.Issuer != "" || d.namesIssuer) {
		return Claims{}, fmt.Errorf("the answer is of the issuer %q, not of %q", a.Issuer, p.Issuer)
	}
	ctx = oidc.ClientContext(ctx, p.client)
	tokens, err := p.oauth(d).Exchange(ctx, a.Code, oauth2.VerifierOption(v.verifier))
	if err != nil {
		return Claims{}, exchangeError(err)
	}
	raw, _ := tokens.Extra("id_token").(string)
	// Signature, issuer, audience and expiry.
	id, err := d.Verifier(&oidc.Config{ClientID: p.ClientID}).Verify(ctx, raw)
	if err != nil {
		return Claims{}, err
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(v.nonce)) != 1 {
		return Claims{}, errors.New("the nonce is of another sign-in")
	}
	if id.AccessTokenHash != "" {
		if err := id.VerifyAccessToken(tokens.AccessToken); err != nil {
			return Claims{}, err
		}
	}
	said, err := claimsOf(id)
	if err != nil {
		return Claims{}, err
	}
	if said.Party != p.ClientID && (said.Party != "" || len(id.Audience) > 1) {
		return Claims{}, fmt.Errorf("the token was issued to the client %q", said.Party)
	}
	if said.Email == "" {
		if err := said.complete(ctx, d, tokens, id.Subject); err != nil {
			return Claims{}, err
		}
	}
	return said.claims(id), nil
}

// exchangeError tells a provider that is down from one that refuses the code.
func exchangeError(err error) error {
	var refused *oauth2.RetrieveError
	if errors.As(err, &refused) && refused.Response.StatusCode < 500 {
		return fmt.Errorf("the code is refused: %w", err)
	}
	return fmt.Errorf("%w: %w", ErrUnavailable, err)
}

// said are claims in an ID token, or of a provider's page about a user.
type said struct {
	Email    string `json:"email"`
	Verified truth  `json:"email_verified"`
	Name     string `json:"name"`
	User     string `json:"preferred_username"`
	Party    string `json:"azp"`
	AuthTime int64  `json:"auth_time"`
}

// truth is a boolean, which some providers write as a string.
type truth bool

// UnmarshalJSON implements json.Unmarshaler.
func (t *truth) UnmarshalJSON(b []byte) error {
	*t = truth(slices.Contains([]string{"true", `"true"`}, string(b)))
	return nil
}

func claimsOf(from interface{ Claims(v any) error }) (said, error) {
	var s said
	err := from.Claims(&s)
	var syntax *json.UnmarshalTypeError
	if errors.As(err, &syntax) {
		err = fmt.Errorf("the claim %s has another type", syntax.Field)
	}
	return s, err
}

// complete asks the provider for the address and the name, where the ID token does not have them.
func (s *said) complete(ctx context.Context, d *discovered, tokens *oauth2.Token, subject string) error {
	if d.UserInfoEndpoint() == "" {
		return nil
	}
	info, err := d.UserInfo(ctx, oauth2.StaticTokenSource(tokens))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	if info.Subject != subject { // OpenID Connect Core 1.0, 5.3.2
		return errors.New("the provider describes another user")
	}
	more, err := claimsOf(info)
	if err != nil {
		return err
	}
	s.Email, s.Verified = more.Email, more.Verified
	if s.Name == "" {
		s.Name = more.Name
	}
	if s.User == "" {
		s.User = more.User
	}
	return nil
}

func (s said) claims(id *oidc.IDToken) Claims {
	c := Claims{Issuer: id.Issuer, Subject: id.Subject, Email: s.Email, Verified: bool(s.Verified), Name: s.Name}
	if c.Name == "" {
		c.Name = s.User
	}
	if s.AuthTime > 0 {
		c.AuthTime = time.Unix(s.AuthTime, 0)
	}
	return c
}

package account

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/functions/auth/internal/provider"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/ratelimit"
	"taskwire.dev/shared/telemetry"
	"taskwire.dev/shared/token"
)

// Purposes of visits to a provider. What comes back of one is not accepted for another.
const (
	VisitSignIn  = "sign-in"
	VisitLink    = "link"
	VisitConfirm = "confirm"
)

// VisitLifetime is how long a user may take at a provider.
const VisitLifetime = 10 * time.Minute

// Visit is a trip of a browser to a provider, for one return.
type Visit struct {
	State     TokenHash
	Browser   TokenHash // the secret that only the browser has
	Provider  string
	Purpose   string
	UserID    *uuid.UUID // nil for a sign-in
	SessionID *uuid.UUID // likewise
	StartedAt time.Time
}

// ExpiresAt is when a visit cannot come back any more.
func (v Visit) ExpiresAt() time.Time { return v.StartedAt.Add(VisitLifetime) }

// ProviderName is a provider as sign-in pages show it.
type ProviderName struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Departure is where a browser goes to, and the secret that it comes back with, for a cookie only.
type Departure struct {
	URL    string `json:"url"`
	Secret string `json:"-"`
}

// Return is what the provider's redirect has given to a browser.
type Return struct {
	State  string `json:"state"`
	Code   string `json:"code"`
	Issuer string `json:"iss"`
}

// errVisit is the fault for a return to no visit: which of the reasons it is, is nobody's business.
var errVisit = func() error {
	var fs fault.Fields
	fs.Add("/state", "has expired, was used, or belongs to another browser: start again")
	return fs.Err()
}()

// Providers returns the providers that users can sign in with.
func (a *Accounts) Providers() []ProviderName {
	names := []ProviderName{}
	for _, p := range a.providers {
		names = append(names, ProviderName{p.ID, p.Name})
	}
	return names
}

// provider returns a provider by its id, or nil.
func (a *Accounts) provider(id string) *provider.Provider {
	if i := slices.IndexFunc(a.providers, func(p *provider.Provider) bool { return p.ID == id }); i >= 0 {
		return a.providers[i]
	}
	return nil
}

// depart sends a browser to a provider. who is nil for a sign-in. For a confirmation the user has to sign in there again.
func (a *Accounts) depart(ctx context.Context, id, purpose string, who *token.Principal, from Caller) (Departure, error) {
	p := a.provider(id)
	if p == nil {
		var fs fault.Fields
		fs.Add("/provider", "must be the id of a provider of this server")
		return Departure{}, fs.Err()
	}
	if wait := a.limiter.Take(ctx, "visits-from:"+from.Address, ratelimit.PerHour(a.limits.Logins)); wait > 0 {
		return Departure{}, tooOften("sign-ins", wait)
	}
	state, stateHash := newSecret()
	secret, browser := newSecret()
	page, err := p.URL(provider.NewVisit(secret, state), purpose == VisitConfirm)
	if err != nil {
		return Departure{}, errProvider(p, err)
	}
	v := Visit{State: stateHash, Browser: browser, Provider: id, Purpose: purpose, StartedAt: clock()}
	if who != nil {
		v.UserID, v.SessionID = &who.UserID, &who.SessionID
	}
	return Departure{URL: page, Secret: secret}, a.store.AddVisit(ctx, v)
}

// arrive uses up the visit of a browser with a secret, and returns what the provider says about the user. A provider that does not
// answer uses up nothing.
func (a *Accounts) arrive(ctx context.Context, r Return, secret, purpose string, who *token.Principal, from Caller) (*provider.Provider, provider.Claims, error) {
	var none provider.Claims
	if r.Code == "" || r.State == "" {
		var fs fault.Fields
		fs.Add("/code", "is required, and state too")
		return nil, none, fs.Err()
	}
	state, ok := hashOf(r.State)
	browser, known := hashOf(secret)
	if !ok || !known {
		return nil, none, errVisit
	}
	v, err := a.store.TakeVisit(ctx, state, browser)
	if fault.Is(err, fault.NotFound) {
		return nil, none, errVisit
	}
	if err != nil {
		return nil, none, err
	}
	if v.Purpose != purpose || who != nil && (*v.UserID != who.UserID || *v.SessionID != who.SessionID) {
		return nil, none, errVisit
	}
	p := a.provider(v.Provider)
	if p == nil { // the operator has removed it meanwhile
		return nil, none, errVisit
	}
	claims, err := p.Finish(ctx, provider.NewVisit(secret, r.State), provider.Answer{Code: r.Code, Issuer: r.Issuer})
	if err == nil && purpose == VisitConfirm && !claims.SignedInSince(v.StartedAt) {
		err = errors.New("the user did not sign in again")
	}
	if err != nil {
		slog.InfoContext(ctx, "the answer of a provider was refused", "provider", p.ID, "error", err)
		if errors.Is(err, provider.ErrUnavailable) {
			// The fault says that the same request may succeed later: the visit must not be used up.
			if err := a.store.AddVisit(ctx, v); err != nil {
				return nil, none, err
			}
		} else {
			telemetry.Audit(ctx, telemetry.ProviderRefused, slog.String("provider", p.ID), slog.String("purpose", purpose), slog.String("address", from.Address))
		}
		return nil, none, errProvider(p, err)
	}
	return p, claims, nil
}

// errProvider returns the fault for an answer of a provider, or for none. Why it is refused is for the log only.
func errProvider(p *provider.Provider, err error) error {
	if errors.Is(err, provider.ErrUnavailable) {
		return fault.WrapUnavailable(p.Name, err)
	}
	return &fault.Error{Code: fault.Invalid, Detail: "the input is invalid", Cause: err, Fields: fault.Fields{
		{Pointer: "/code", Detail: "is not accepted, or " + p.Name + " did not confirm that you signed in: start again"},
	}}
}

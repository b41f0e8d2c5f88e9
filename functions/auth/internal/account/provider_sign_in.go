package account

import (
	"context"
	"log/slog"
	"strings"
	"unicode"

	"taskwire.dev/functions/auth/internal/provider"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/ratelimit"
	"taskwire.dev/shared/search"
	"taskwire.dev/shared/telemetry"
)

// VisitProvider sends a browser to a provider, to sign in.
func (a *Accounts) VisitProvider(ctx context.Context, id string, from Caller) (Departure, error) {
	return a.depart(ctx, id, VisitSignIn, nil, from)
}

// ProviderSignIn is a return from a provider, and what a new account needs. As in Registration, the place may be left out.
type ProviderSignIn struct {
	State     string  `json:"state"`
	Code      string  `json:"code"`
	Issuer    string  `json:"iss"`
	Timezone  *string `json:"timezone"`
	WeekStart *string `json:"week_start"`
	Locale    *string `json:"locale"`
}

// SignInWithProvider starts a session of the account that the provider's is linked to, or returns the next step to one for a user with
// a second factor. An unknown user whose address the provider has verified gets an account. An existing account with that address is
// not linked: an address is not a proof that the account is the caller's. made reports whether the account is new.
func (a *Accounts) SignInWithProvider(ctx context.Context, s ProviderSignIn, secret string, from Caller) (_ Session, _ *Step, made bool, err error) {
	place := Registration{Timezone: s.Timezone, WeekStart: s.WeekStart, Locale: s.Locale}
	var fs fault.Fields
	place.checkLocale(&fs) // before the code is used up
	if err := fs.Err(); err != nil {
		return Session{}, nil, false, err
	}
	p, claims, err := a.arrive(ctx, Return{State: s.State, Code: s.Code, Issuer: s.Issuer}, secret, VisitSignIn, nil, from)
	if err != nil {
		return Session{}, nil, false, err
	}
	user, err := a.store.UseIdentity(ctx, identityOf(p, claims))
	if fault.Is(err, fault.NotFound) {
		session, err := a.registerWith(ctx, p, claims, place, from)
		return session, nil, true, err
	}
	if err != nil {
		return Session{}, nil, false, err
	}
	session, step, err := a.signInLinked(ctx, user, from)
	return session, step, false, err
}

// signInLinked counts as a sign-in with the right password does.
func (a *Accounts) signInLinked(ctx context.Context, user User, from Caller) (Session, *Step, error) {
	at := a.attempt(ctx, user.Email, "", from)
	at.failure = nil
	err := a.allowed(ctx, at)
	observe(ctx, at.client, err)
	if err != nil {
		return Session{}, nil, err
	}
	a.count(ctx, at.success)
	telemetry.SetUser(ctx, user.ID.String())
	return a.enter(ctx, user, at, from)
}

// registerWith creates an account without a password.
func (a *Accounts) registerWith(ctx context.Context, p *provider.Provider, c provider.Claims, place Registration, from Caller) (Session, error) {
	email, ok := canonicalEmail(c.Email)
	if !ok || !c.Verified {
		why := "has not verified your email address"
		if c.Email == "" {
			why = "did not say what your email address is"
		}
		var fs fault.Fields
		fs.Add("/email", "is needed for an account, but %s %s", p.Name, why)
		return Session{}, fs.Err()
	}
	if wait := a.limiter.Take(ctx, "register:"+from.Address, ratelimit.PerHour(a.limits.Registrations)); wait > 0 {
		return Session{}, tooOften("registrations", wait)
	}
	now := clock()
	user := User{ID: newID(), Email: email, Name: displayName(c.Name, email), Role: RoleUser, CreatedAt: now}
	secret, first := newSession(user.ID, from)
	identity := identityOf(p, c)
	identity.LinkedAt = now
	made := NewUser{Credentials: Credentials{User: user}, Identity: &identity}
	if prefs, chosen := place.preferences(); chosen {
		made.Preferences = &prefs
	}
	if err := a.store.AddUser(ctx, made, first); err != nil {
		return Session{}, err
	}
	telemetry.SetUser(ctx, user.ID.String())
	telemetry.Audit(ctx, telemetry.IdentityLinked, slog.String("provider", p.ID), slog.String("identity", identity.ID.String()))
	a.remember(ctx, accountKey(email), from.Address)
	return a.started(user, first, secret)
}

// displayName returns a name that checkText accepts.
func displayName(name, email string) string {
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, name))
	if !search.Visible(name) {
		name, _, _ = strings.Cut(email, "@")
	}
	runes := []rune(name)
	return string(runes[:min(len(runes), MaxName)])
}

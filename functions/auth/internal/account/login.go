package account

import (
	"context"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/telemetry"
)

// errLogin is the fault for both an unknown email and a wrong password.
var errLogin = fault.New(fault.Unauthenticated, "wrong email address or password")

// Login starts a session, or returns the next step to one for a user with a second factor.
func (a *Accounts) Login(ctx context.Context, email, password string, from Caller) (Session, *Step, error) {
	var fs fault.Fields
	if email == "" {
		fs.Add("/email", "is missing")
	}
	if password == "" {
		fs.Add("/password", "is missing")
	}
	if err := fs.Err(); err != nil {
		return Session{}, nil, err
	}
	at, user, err := a.login(ctx, email, password, from)
	observe(ctx, client{address: from.Address, account: accountKey(email)}, err)
	if err != nil {
		return Session{}, nil, err
	}
	telemetry.SetUser(ctx, user.ID.String())
	return a.enter(ctx, user, at, from)
}

// enter starts a session of a user whose password or provider is right, or returns the next step to one.
func (a *Accounts) enter(ctx context.Context, user User, at attempt, from Caller) (Session, *Step, error) {
	held, err := a.store.Factors(ctx, user.ID)
	if err != nil {
		return Session{}, nil, err
	}
	if held.Any() {
		step, err := a.pend(ctx, user, held)
		return Session{}, step, err
	}
	session, err := a.start(ctx, user, at, from)
	return session, nil, err
}

func (a *Accounts) login(ctx context.Context, email, password string, from Caller) (at attempt, user User, err error) {
	// Refusing most of a flood here, before any request to Redis, keeps the line at the gateway short, where other users
	// of the same address wait behind it.
	if err := a.hasher.admits(from.Address, accountKey(email)); err != nil {
		return attempt{}, User{}, err
	}
	at = a.attempt(ctx, email, password, from)
	user, err = a.try(ctx, at, func() (Credentials, error) {
		canonical, ok := canonicalEmail(email)
		if !ok {
			return Credentials{}, nil
		}
		return a.store.UserByEmail(ctx, canonical)
	})
	return at, user, err
}

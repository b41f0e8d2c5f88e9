package account

import (
	"context"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/telemetry"
)

// errLogin is the fault for both an unknown email and a wrong password.
var errLogin = fault.New(fault.Unauthenticated, "wrong email address or password")

// Login starts a session.
func (a *Accounts) Login(ctx context.Context, email, password string, from Caller) (Session, error) {
	var fs fault.Fields
	if email == "" {
		fs.Add("/email", "is missing")
	}
	if password == "" {
		fs.Add("/password", "is missing")
	}
	if err := fs.Err(); err != nil {
		return Session{}, err
	}
	user, err := a.login(ctx, email, password, from)
	observe(ctx, client{address: from.Address, account: accountKey(email)}, err)
	if err != nil {
		return Session{}, err
	}
	telemetry.SetUser(ctx, user.ID.String())
	return a.start(ctx, user)
}

func (a *Accounts) login(ctx context.Context, email, password string, from Caller) (User, error) {
	// Refusing most of a flood here, before any request to Redis, keeps the line at the gateway short, where other users
	// of the same address wait behind it.
	if err := a.hasher.admits(from.Address, accountKey(email)); err != nil {
		return User{}, err
	}
	return a.try(ctx, a.attempt(ctx, email, password, from), func() (Credentials, error) {
		canonical, ok := canonicalEmail(email)
		if !ok {
			return Credentials{}, nil
		}
		return a.store.UserByEmail(ctx, canonical)
	})
}

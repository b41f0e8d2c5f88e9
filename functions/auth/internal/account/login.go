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
	at := a.attempt(ctx, email, password, from)
	user, err := a.try(ctx, at, func() (Credentials, error) {
		canonical, ok := canonicalEmail(email)
		if !ok {
			return Credentials{}, nil
		}
		return a.store.UserByEmail(ctx, canonical)
	})
	observe(ctx, at, err)
	if err != nil {
		return Session{}, err
	}
	telemetry.SetUser(ctx, user.ID.String())
	return a.start(ctx, user)
}

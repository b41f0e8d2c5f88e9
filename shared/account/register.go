package account

import (
	"context"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/ratelimit"
)

// Register makes an account and starts a session. from is the network address of the caller, key the
// Idempotency-Key or "". With the key of a registration that has been made, and the very same contents, it starts
// another session of that account: the answer to the first may have been lost.
func (a *Accounts) Register(ctx context.Context, r Registration, key, from string) (Session, error) {
	r, err := r.normalise()
	if err != nil {
		return Session{}, err
	}
	if wait := a.limiter.Take(ctx, "register:"+from, ratelimit.PerHour(a.limits.Registrations)); wait > 0 {
		return Session{}, tooOften("registrations", wait)
	}
	hash, err := a.hasher.Hash(ctx, r.Password)
	if err != nil {
		return Session{}, err
	}
	now := clock()
	user := User{ID: newID(), Email: r.Email, Name: r.Name, Role: RoleUser, CreatedAt: now}
	secret, first := newFamily(user.ID, now)
	err = a.store.AddUser(ctx, Credentials{User: user, PasswordHash: hash}, key, first)
	if key != "" && fault.Is(err, fault.Conflict) {
		return a.registerAgain(ctx, r, key, err)
	}
	if err != nil {
		return Session{}, err
	}
	return a.session(user, secret, now)
}

// registerAgain needs no stored copy of the request, which would hold the password: the account itself tells
// whether this is what it was made from.
func (a *Accounts) registerAgain(ctx context.Context, r Registration, key string, taken error) (Session, error) {
	made, err := a.store.UserByRegistrationKey(ctx, key)
	if fault.Is(err, fault.NotFound) {
		return Session{}, taken
	}
	if err != nil {
		return Session{}, err
	}
	same, err := a.hasher.Verify(ctx, made.PasswordHash, r.Password)
	if err != nil {
		return Session{}, err
	}
	if !same || made.Email != r.Email || made.Name != r.Name {
		return Session{}, idempotency.Used()
	}
	return a.start(ctx, made.User)
}

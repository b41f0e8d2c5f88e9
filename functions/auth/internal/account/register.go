package account

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strconv"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/ratelimit"
)

// registrationKey is what is stored of a registration's Idempotency-Key: a hash of it and of the client's address,
// since nothing else distinguishes clients without an account. It is "" for no key.
func registrationKey(idempotencyKey string, from Caller) string {
	if idempotencyKey == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(strconv.Itoa(len(idempotencyKey)) + ":" + idempotencyKey + from.Address))
	return hex.EncodeToString(sum[:])
}

// Register creates an account and starts a session. idempotencyKey may be "". With the key of an earlier registration
// of the same client, and exactly the same contents, it starts another session of that account: the response to the
// first may have been lost.
func (a *Accounts) Register(ctx context.Context, r Registration, idempotencyKey string, from Caller) (Session, error) {
	r, err := r.normalise()
	if err != nil {
		return Session{}, err
	}
	hash, err := a.hashNew(ctx, r, from)
	if err != nil {
		return Session{}, err
	}
	now := clock()
	user := User{ID: newID(), Email: r.Email, Name: r.Name, Role: RoleUser, CreatedAt: now}
	secret, first := newSession(user.ID, from)
	key := registrationKey(idempotencyKey, from)
	account := NewUser{Credentials: Credentials{User: user, PasswordHash: hash}, RegistrationKey: key}
	if p, chosen := r.preferences(); chosen {
		account.Preferences = &p
	}
	err = a.store.AddUser(ctx, account, first)
	if key != "" && fault.Is(err, fault.Conflict) {
		return a.registerAgain(ctx, r, key, from, err)
	}
	if err != nil {
		return Session{}, err
	}
	a.remember(ctx, accountKey(r.Email), from.Address)
	return a.started(user, first, secret)
}

// hashNew hashes the password of a registration, which counts against the address and the email address.
func (a *Accounts) hashNew(ctx context.Context, r Registration, from Caller) (string, error) {
	account := accountKey(r.Email)
	for _, key := range []string{"register:" + from.Address, "register-as:" + account} {
		if wait := a.limiter.Take(ctx, key, ratelimit.PerHour(a.limits.Registrations)); wait > 0 {
			return "", tooOften("registrations", wait)
		}
	}
	leave, err := a.hasher.enter(ctx, client{address: from.Address, account: account})
	if err != nil {
		return "", err
	}
	defer leave()
	return a.hasher.Hash(r.Password), nil
}

// registerAgain needs no stored copy of the request, which would contain the password: it compares the request with the
// account. That is a try at its password, and counts as one.
func (a *Accounts) registerAgain(ctx context.Context, r Registration, key string, from Caller, taken error) (Session, error) {
	made, err := a.store.UserByRegistrationKey(ctx, key)
	if fault.Is(err, fault.NotFound) {
		return Session{}, taken
	}
	if err != nil {
		return Session{}, err
	}
	if made.Email != r.Email || made.Name != r.Name {
		return Session{}, idempotency.Used()
	}
	at := a.attempt(ctx, r.Email, r.Password, from)
	user, err := a.try(ctx, at, func() (Credentials, error) { return made, nil })
	if fault.Is(err, fault.Unauthenticated) {
		return Session{}, idempotency.Used()
	}
	if err != nil {
		return Session{}, err
	}
	held, err := a.store.Factors(ctx, user.ID)
	if err != nil {
		return Session{}, err
	}
	if held.Any() { // the password is no longer enough
		return Session{}, taken
	}
	return a.start(ctx, user, at, from)
}

package account

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/ratelimit"
)

// accountFailures limits what one caller may guess at one account; Limits.LoginFailures what at all accounts.
var accountFailures = ratelimit.Limit{Burst: 10, Every: time.Minute}

// errLogin is the one answer to an unknown email and to a wrong password.
var errLogin = fault.New(fault.Unauthenticated, "the email address or the password is wrong")

// Login starts a session. from is the network address of the caller.
func (a *Accounts) Login(ctx context.Context, email, password, from string) (Session, error) {
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
	user, err := a.authenticate(ctx, email, password, a.failures(email, from))
	if err != nil {
		return Session{}, err
	}
	return a.start(ctx, user)
}

func (a *Accounts) authenticate(ctx context.Context, email, password string, failed failures) (User, error) {
	if err := a.allowed(ctx, failed); err != nil {
		return User{}, err // without waiting for a turn
	}
	var found Credentials
	if canonical, ok := canonicalEmail(email); ok {
		var err error
		if found, err = a.store.UserByEmail(ctx, canonical); err != nil && !fault.Is(err, fault.NotFound) {
			return User{}, err
		}
	}
	good := false
	err := a.hasher.Guess(ctx, found.PasswordHash, password,
		func() error { return a.allowed(ctx, failed) },
		func(right bool) {
			if good = right; !right {
				a.count(ctx, failed)
			}
		})
	if err != nil {
		return User{}, err
	}
	if !good {
		return User{}, errLogin
	}
	return found.User, nil
}

// failures are the limits that a failed login counts for, by key.
type failures map[string]ratelimit.Limit

func (a *Accounts) failures(email, from string) failures {
	sum := sha256.Sum256([]byte(strings.ToLower(email))) // no address in Redis, and a key of bounded length
	return failures{
		"login:" + hex.EncodeToString(sum[:16]) + ":" + from: accountFailures,
		"login-from:" + from: ratelimit.PerHour(a.limits.LoginFailures),
	}
}

func (a *Accounts) allowed(ctx context.Context, failed failures) error {
	for key, limit := range failed {
		if wait := a.limiter.Wait(ctx, key, limit); wait > 0 {
			return tooOften("failed logins", wait)
		}
	}
	return nil
}

func (a *Accounts) count(ctx context.Context, failed failures) {
	for key, limit := range failed {
		a.limiter.Take(ctx, key, limit)
	}
}

package account

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
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
	// Counted before the outcome is known, and given back unless it is a failure: guesses that are made at the
	// same time must not all pass before the first is counted.
	giveBack, err := a.takeLogin(ctx, email, from)
	if err != nil {
		return Session{}, err
	}
	user, err := a.authenticate(ctx, email, password)
	if !errors.Is(err, errLogin) {
		giveBack()
	}
	if err != nil {
		return Session{}, err
	}
	return a.start(ctx, user)
}

func (a *Accounts) authenticate(ctx context.Context, email, password string) (User, error) {
	var found Credentials
	if canonical, ok := canonicalEmail(email); ok {
		var err error
		if found, err = a.store.UserByEmail(ctx, canonical); err != nil && !fault.Is(err, fault.NotFound) {
			return User{}, err
		}
	}
	good, err := a.hasher.Verify(ctx, found.PasswordHash, password)
	if err != nil {
		return User{}, err
	}
	if !good {
		return User{}, errLogin
	}
	return found.User, nil
}

func (a *Accounts) takeLogin(ctx context.Context, email, from string) (giveBack func(), err error) {
	sum := sha256.Sum256([]byte(strings.ToLower(email))) // no address in Redis, and a key of bounded length
	both := map[string]ratelimit.Limit{
		"login:" + hex.EncodeToString(sum[:16]) + ":" + from: accountFailures,
		"login-from:" + from: ratelimit.PerHour(a.limits.LoginFailures),
	}
	taken := make([]string, 0, len(both))
	giveBack = func() {
		for _, key := range taken {
			a.limiter.Return(ctx, key, both[key])
		}
	}
	for key, limit := range both {
		if wait := a.limiter.Take(ctx, key, limit); wait > 0 {
			giveBack()
			return nil, tooOften("failed logins", wait)
		}
		taken = append(taken, key)
	}
	return giveBack, nil
}

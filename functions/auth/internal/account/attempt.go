package account

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/password"
	"taskwire.dev/shared/ratelimit"
)

// Limits of failed logins to one account. Limits.LoginFailures limits those of one address, for all accounts together.
var (
	// clientFailures is for one address or known device: ten typing mistakes, and then one a minute.
	clientFailures = ratelimit.Limit{Burst: 10, Every: time.Minute}
	// strangerFailures is for all addresses together that have not logged in to the account before, so that guesses
	// spread over many addresses are limited too.
	strangerFailures = ratelimit.Limit{Burst: 30, Every: 2 * time.Minute}
)

// knownAddress records, in the limiter, an address that has logged in to an account: the key exists for as long as a
// session may be idle after the last login.
var knownAddress = ratelimit.Limit{Burst: 1, Every: RefreshLifetime}

// accountShare is the fraction of an address's successful logins that one account may have.
const accountShare = 5

// Caller is where a login or registration comes from.
type Caller struct {
	Address string // network address, as a client's identity: an IPv6 one is reduced to its /64
	Device  string // the secret that an earlier login gave the device, or ""
	Agent   string // the User-Agent
}

// limits are rate limits by key.
type limits map[string]ratelimit.Limit

// attempt is one try of an account's password.
type attempt struct {
	client      client
	knownDevice bool // the device has logged in to the account before
	password    string
	failure     limits // what a wrong password counts against
	success     limits // what a right password counts against
}

// accountKey is an email address as a key: it keeps addresses out of Redis, and has a bounded length.
func accountKey(email string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(email)))
	return hex.EncodeToString(sum[:16])
}

// attempt decides which limits a try counts against. Addresses and devices known to the account have their own limits,
// which strangers cannot use up.
func (a *Accounts) attempt(ctx context.Context, email, secret string, from Caller) attempt {
	account := accountKey(email)
	at := attempt{
		client:   client{address: from.Address, account: account, known: true},
		password: secret,
		success: limits{
			"logins:" + account:           ratelimit.PerHour(max(1, a.limits.Logins/accountShare)),
			"logins-from:" + from.Address: ratelimit.PerHour(a.limits.Logins),
		},
	}
	if device := a.devices.name(account, from.Device); device != "" {
		at.knownDevice = true
		at.failure = limits{"device:" + account + ":" + device: clientFailures}
		return at
	}
	at.failure = limits{
		"login:" + account + ":" + from.Address: clientFailures,
		"login-from:" + from.Address:            ratelimit.PerHour(a.limits.LoginFailures),
	}
	if a.limiter.Wait(ctx, knownKey(account, from.Address), knownAddress) == 0 {
		at.client.known = false
		at.failure["strangers:"+account] = strangerFailures
	}
	return at
}

func knownKey(account, address string) string { return "known:" + account + ":" + address }

// remember records a login to the account from the address.
func (a *Accounts) remember(ctx context.Context, account, address string) {
	a.limiter.Restart(ctx, knownKey(account, address), knownAddress)
}

// try verifies the password of the account that find returns; NotFound means that there is none. The fault is errLogin
// when the password is wrong, and RateLimited when there were too many wrong ones before. Limits are checked again when
// a slot is free: so at most as many guesses as there are slots run between check and count, however many arrive at
// once. find is called then, too, so that a flood causes no more database queries than hashes.
func (a *Accounts) try(ctx context.Context, at attempt, find func() (Credentials, error)) (User, error) {
	if err := a.allowed(ctx, at); err != nil {
		return User{}, err
	}
	leave, err := a.hasher.enter(ctx, at.client)
	if err != nil {
		return User{}, err
	}
	defer leave()
	if err := a.allowed(ctx, at); err != nil {
		return User{}, err
	}
	found, err := find()
	if err != nil && !fault.Is(err, fault.NotFound) {
		return User{}, err
	}
	right, err := password.Verify(found.PasswordHash, at.password)
	if err != nil {
		return User{}, err
	}
	if !right {
		a.count(ctx, at.failure)
		return User{}, errLogin
	}
	a.count(ctx, at.success)
	return found.User, nil
}

// allowed returns the fault of the limit that lasts longest: after its Retry-After the others allow a try too.
func (a *Accounts) allowed(ctx context.Context, at attempt) error {
	what, wait := "failed logins", a.longest(ctx, at.failure)
	if longer := a.longest(ctx, at.success); longer > wait {
		what, wait = "logins", longer
	}
	if wait > 0 {
		return tooOften(what, wait)
	}
	return nil
}

// longest returns how long the strictest of the limits lasts; 0 is not at all.
func (a *Accounts) longest(ctx context.Context, counted limits) (wait time.Duration) {
	for key, limit := range counted {
		wait = max(wait, a.limiter.Wait(ctx, key, limit))
	}
	return wait
}

func (a *Accounts) count(ctx context.Context, counted limits) {
	for key, limit := range counted {
		a.limiter.Take(ctx, key, limit)
	}
}

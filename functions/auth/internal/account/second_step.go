package account

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strconv"
	"time"

	"taskwire.dev/functions/auth/internal/factor"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/notice"
	"taskwire.dev/shared/ratelimit"
	"taskwire.dev/shared/telemetry"
	"taskwire.dev/shared/token"
)

const (
	// pendingLifetime is how long a sign-in waits for its second factor.
	pendingLifetime = 5 * time.Minute
	// MaxTries is how many wrong second factors end a sign-in.
	MaxTries = 5
)

// wrongCodes limits the wrong codes of an authenticator app of one account, from all addresses together: a hundred a day, of which
// each is right by chance with 3 in a million. Only somebody who knows the password can use them up; passkeys and recovery codes
// go on working.
var wrongCodes = ratelimit.Limit{Burst: 20, Every: 15 * time.Minute}

// Step is the answer to a right password, or the return from a provider, of a user with a second factor.
type Step struct {
	Step        string   `json:"step"`        // "second_factor"
	Transaction string   `json:"transaction"` // to finish the sign-in with
	Factors     []string `json:"factors"`
	ExpiresIn   int      `json:"expires_in"` // seconds
}

// Pending is a sign-in that waits for its second factor.
type Pending struct {
	Hash      TokenHash
	User      User
	ExpiresAt time.Time
}

// Proof is one use of a second factor.
type Proof struct {
	User    User
	Pending *TokenHash // the sign-in that it finishes
	// Check decides whether the factors of the user accept it. Its fault is stored as a wrong try of Pending, unless it is RateLimited.
	Check Check
	// Exhausted notifies the user when a wrong try was the last one.
	Exhausted *notice.Notice
	Session   *NewSession      // to be started
	Confirm   *token.Principal // whose session it confirms
}

// Check decides about a proof of a user.
type Check func(user User, held Factors) (Used, error)

// Used is what changes in the factors of a user by a proof, or by the attempt.
type Used struct {
	Passkey *Passkey // with its new count
	Step    int64    // of the authenticator app; 0 is none
	Code    *factor.CodeHash
	Notice  *notice.Notice
}

// errFactor is the fault for a second factor that is not accepted.
var errFactor = fault.New(fault.Unauthenticated, "this is not accepted: it is wrong, or was used before")

// errPending is the fault for a sign-in that cannot be finished any more.
var errPending = func() error {
	var fs fault.Fields
	fs.Add("/transaction", "has expired or was used: sign in again")
	return fs.Err()
}()

// errPasskeyOr returns the fault for a caller who is signed in, so that Unauthenticated would be about the session.
func errPasskeyOr(err error) error {
	if errors.Is(err, errFactor) {
		return errPasskey(fault.Wrap(fault.NotFound, err, "not accepted"))
	}
	return err
}

// pend begins the second step of a sign-in.
func (a *Accounts) pend(ctx context.Context, user User, held Factors) (*Step, error) {
	secret, hash := newSecret()
	if err := a.store.AddPending(ctx, Pending{Hash: hash, User: user, ExpiresAt: clock().Add(pendingLifetime)}); err != nil {
		return nil, err
	}
	return &Step{Step: "second_factor", Transaction: secret, Factors: held.Names(), ExpiresIn: int(pendingLifetime.Seconds())}, nil
}

// SecondStep is a second factor that is to finish a sign-in: one of the last three.
type SecondStep struct {
	Transaction  string          `json:"transaction"`
	Code         string          `json:"code"` // of the authenticator app
	RecoveryCode string          `json:"recovery_code"`
	Passkey      json.RawMessage `json:"passkey"`
}

// FinishSignIn starts a session with a second factor.
func (a *Accounts) FinishSignIn(ctx context.Context, s SecondStep, from Caller) (Session, error) {
	answers := 0
	for _, is := range []bool{s.Code != "", s.RecoveryCode != "", given(s.Passkey)} {
		if is {
			answers++
		}
	}
	var fs fault.Fields
	if answers != 1 {
		fs.Add("/code", "needs exactly one of code, recovery_code and passkey")
		return Session{}, fs.Err()
	}
	pending, user, err := a.pendingUser(ctx, s.Transaction)
	if err != nil {
		return Session{}, err
	}
	at := a.attempt(ctx, user.Email, "", from)
	if s.Code != "" {
		at.failure["codes:"+at.client.account] = wrongCodes
	}
	at.success = nil // counted with the first step
	if err := a.allowed(ctx, at); err != nil {
		return Session{}, err
	}
	p := Proof{
		User: user, Pending: &pending, Check: a.checkCode(s),
		Exhausted: newNotice(user.ID, notice.SignInRefused, "tries", strconv.Itoa(MaxTries)),
	}
	if given(s.Passkey) {
		p.Check, err = a.checkPasskey(ctx, s.Passkey, PurposeSecondStep, pending[:])
		if err != nil && !fault.Is(err, fault.NotFound) {
			return Session{}, err
		}
		if err != nil { // counts as a try, too
			p.Check = func(User, Factors) (Used, error) { return Used{}, errFactor }
		}
	}
	p.Check = a.limited(ctx, at, p.Check)
	session, err := a.prove(ctx, p, at, from)
	if fault.Is(err, fault.NotFound) {
		return Session{}, errPending
	}
	return session, err
}

// limited counts the wrong tries of check. The store runs one check of a user at a time, so that however many tries arrive at once,
// none is evaluated beyond the limits.
func (a *Accounts) limited(ctx context.Context, at attempt, check Check) Check {
	return func(user User, held Factors) (Used, error) {
		if err := a.allowed(ctx, at); err != nil {
			return Used{}, err
		}
		used, err := check(user, held)
		if errors.Is(err, errFactor) {
			a.count(ctx, at.failure)
		}
		return used, err
	}
}

func (a *Accounts) pendingUser(ctx context.Context, transaction string) (TokenHash, User, error) {
	hash, ok := hashOf(transaction)
	if !ok {
		return hash, User{}, errPending
	}
	user, err := a.store.PendingUser(ctx, hash)
	if fault.Is(err, fault.NotFound) {
		err = errPending
	}
	return hash, user, err
}

// prove starts a session if the proof is accepted.
func (a *Accounts) prove(ctx context.Context, p Proof, at attempt, from Caller) (Session, error) {
	secret, s := a.prepare(p.User, at, from)
	p.Session = &s
	if err := a.store.Prove(ctx, p); err != nil {
		if errors.Is(err, errFactor) {
			telemetry.Audit(ctx, telemetry.FactorRefused, slog.String("user", p.User.ID.String()), slog.String("address", from.Address))
		}
		return Session{}, err
	}
	telemetry.SetUser(ctx, p.User.ID.String())
	a.remember(ctx, at.client.account, at.client.address)
	return a.started(p.User, s, secret)
}

// checkCode returns a check of a code of the authenticator app, or of a recovery code.
func (a *Accounts) checkCode(s SecondStep) Check {
	if s.Code != "" {
		return func(user User, held Factors) (Used, error) {
			if held.TOTP == nil {
				return Used{}, errFactor
			}
			secret, err := a.sealer.Open(held.TOTP.Sealed, user.ID[:])
			if err != nil {
				return Used{}, err
			}
			step, ok := factor.Step(secret, s.Code, held.TOTP.LastStep, clock())
			if !ok {
				return Used{}, errFactor
			}
			return Used{Step: step}, nil
		}
	}
	return func(user User, held Factors) (Used, error) {
		code := factor.HashCode(s.RecoveryCode)
		for _, known := range held.RecoveryCodes {
			if known == code {
				left := len(held.RecoveryCodes) - 1
				return Used{Code: &code, Notice: newNotice(user.ID, notice.RecoveryCodeUsed, "left", strconv.Itoa(left))}, nil
			}
		}
		return Used{}, errFactor
	}
}

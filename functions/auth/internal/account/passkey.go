package account

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"

	"taskwire.dev/functions/auth/internal/factor"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/notice"
	"taskwire.dev/shared/ratelimit"
	"taskwire.dev/shared/telemetry"
)

// SignInOptions returns what a browser needs to sign in with a passkey: with any, or those of the user of a sign-in whose password
// was right.
func (a *Accounts) SignInOptions(ctx context.Context, transaction string, from Caller) (json.RawMessage, error) {
	if err := a.needPasskeys(); err != nil {
		return nil, err
	}
	if wait := a.limiter.Take(ctx, "challenges-from:"+from.Address, ratelimit.PerHour(a.limits.Logins)); wait > 0 {
		return nil, tooOften("sign-ins", wait)
	}
	if transaction != "" {
		pending, user, err := a.pendingUser(ctx, transaction)
		if err != nil {
			return nil, err
		}
		return a.passkeyOptions(ctx, user, false, PurposeSecondStep, pending[:])
	}
	options, c, err := a.passkeys.SignIn()
	if err != nil {
		return nil, err
	}
	return options, a.ask(ctx, c, PurposeSignIn, nil, nil)
}

// passkeyOptions returns options for the passkeys of a user.
func (a *Accounts) passkeyOptions(ctx context.Context, user User, alone bool, purpose string, boundTo []byte) (json.RawMessage, error) {
	if err := a.needPasskeys(); err != nil {
		return nil, err
	}
	held, err := a.store.Factors(ctx, user.ID)
	if err != nil {
		return nil, err
	}
	if len(held.Passkeys) == 0 {
		return nil, fault.New(fault.Conflict, "this account has no passkey")
	}
	options, c, err := a.passkeys.Confirm(held.owner(user), alone)
	if err != nil {
		return nil, err
	}
	return options, a.ask(ctx, c, purpose, &user.ID, boundTo)
}

// SignInWithPasskey starts a session. A passkey that verifies its user is two factors: the device, and a finger, a face or a PIN.
func (a *Accounts) SignInWithPasskey(ctx context.Context, answer json.RawMessage, from Caller) (Session, error) {
	if !given(answer) {
		var fs fault.Fields
		fs.Add("/passkey", "is required")
		return Session{}, fs.Err()
	}
	check, err := a.checkPasskey(ctx, answer, PurposeSignIn, nil)
	if fault.Is(err, fault.NotFound) {
		return Session{}, errFactor
	}
	if err != nil {
		return Session{}, err
	}
	id, err := factor.UserOf(answer)
	if err != nil {
		return Session{}, errFactor
	}
	user, err := a.store.User(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return Session{}, errFactor
	}
	if err != nil {
		return Session{}, err
	}
	return a.prove(ctx, Proof{User: user, Check: check}, a.attempt(ctx, user.Email, "", from), from)
}

// given reports whether a request has an answer of a passkey: null is none, as for all members.
func given(answer json.RawMessage) bool { return len(answer) > 0 && string(answer) != "null" }

// checkPasskey uses up the challenge of an answer, and returns a check of the answer. It is NotFound when there is no such challenge.
func (a *Accounts) checkPasskey(ctx context.Context, answer json.RawMessage, purpose string, boundTo []byte) (Check, error) {
	c, err := a.take(ctx, answer, purpose, boundTo)
	if err != nil {
		return nil, err
	}
	return func(user User, held Factors) (Used, error) {
		used, err := a.passkeys.Verify(held.owner(user), c.Data, answer)
		i := slices.IndexFunc(held.Passkeys, func(p Passkey) bool { return bytes.Equal(p.Credential.ID, used.ID) })
		if errors.Is(err, factor.ErrCopied) && i >= 0 {
			telemetry.Audit(ctx, telemetry.PasskeyCopied, slog.String("user", user.ID.String()), slog.String("passkey", held.Passkeys[i].ID.String()))
			return Used{Notice: newNotice(user.ID, notice.PasskeyCopied, "name", held.Passkeys[i].Name)}, errFactor
		}
		if err != nil || i < 0 {
			slog.InfoContext(ctx, "a passkey was refused", "user", user.ID, "error", err)
			return Used{}, errFactor
		}
		p := held.Passkeys[i]
		p.Credential = used
		return Used{Passkey: &p}, nil
	}, nil
}

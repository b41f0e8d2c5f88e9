package account

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/functions/auth/internal/factor"
	"taskwire.dev/shared/fault"
)

// Purposes of challenges. An answer to one is not accepted for another.
const (
	PurposeSignIn     = "sign-in"
	PurposeSecondStep = "second-step"
	PurposeConfirm    = "confirm"
	PurposeAdd        = "add"
)

// challengeLifetime is how long a browser may take to answer: its user may have to fetch a key first.
const challengeLifetime = 5 * time.Minute

// Challenge is a challenge for a passkey, valid for one answer.
type Challenge struct {
	factor.Challenge
	Purpose   string
	UserID    *uuid.UUID // nil: anyone's
	BoundTo   []byte     // nil, the hash of a pending sign-in, or the id of a session
	ExpiresAt time.Time
}

// errNoPasskeys is the fault where there can be no passkeys.
var errNoPasskeys = fault.New(fault.Conflict, "passkeys need a site with a host name: the operator has to set PUBLIC_URL to one")

func (a *Accounts) needPasskeys() error {
	if a.passkeys == nil {
		return errNoPasskeys
	}
	return nil
}

// errPasskey returns the fault for an answer of a passkey that is not accepted. Why is for the log only.
func errPasskey(err error) error {
	var f *fault.Error
	if errors.As(err, &f) && f.Code != fault.NotFound {
		return err
	}
	return &fault.Error{Code: fault.Invalid, Detail: "the input is invalid", Cause: err, Fields: fault.Fields{
		{Pointer: "/passkey", Detail: "is not accepted: ask for new options and try again"},
	}}
}

// ask stores a challenge.
func (a *Accounts) ask(ctx context.Context, c factor.Challenge, purpose string, user *uuid.UUID, boundTo []byte) error {
	return a.store.AddChallenge(ctx, Challenge{
		Challenge: c, Purpose: purpose, UserID: user, BoundTo: boundTo, ExpiresAt: clock().Add(challengeLifetime),
	})
}

// take uses up the challenge that an answer is for. It is NotFound when that is unknown, or was given for something else.
func (a *Accounts) take(ctx context.Context, answer json.RawMessage, purpose string, boundTo []byte) (Challenge, error) {
	if err := a.needPasskeys(); err != nil {
		return Challenge{}, err
	}
	hash, err := factor.HashOf(answer)
	if err != nil {
		return Challenge{}, fault.Wrap(fault.NotFound, err, "there is no such challenge")
	}
	c, err := a.store.TakeChallenge(ctx, hash)
	if err == nil && (c.Purpose != purpose || !bytes.Equal(c.BoundTo, boundTo)) {
		err = fault.New(fault.NotFound, "there is no such challenge")
	}
	return c, err
}

package account

import (
	"context"
	"encoding/json"
	"time"

	"taskwire.dev/functions/auth/internal/signer"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/token"
)

// What a user can confirm a session with.
const (
	ByPassword = "password"
	ByPasskey  = "passkey"
	ByProvider = "provider"
)

// Freshness says when the user of a session has proved who it is.
type Freshness struct {
	StartedAt   time.Time
	ConfirmedAt *time.Time // since then; nil: not
	ConfirmedBy string
}

// recently is how long after a proof none is needed again: a script that signs in creates its token at once.
const recently = signer.SessionLifetime

// justNow is how long a confirmation counts for what a sign-in a moment ago is not enough for.
const justNow = 5 * time.Minute

func (f Freshness) recent(now time.Time) bool {
	return now.Sub(f.StartedAt) <= recently || f.ConfirmedAt != nil && now.Sub(*f.ConfirmedAt) <= recently
}

// provedJustNow reports whether the user has proved a moment ago, by more than a password, to be there.
func (f Freshness) provedJustNow(now time.Time) bool {
	return (f.ConfirmedBy == ByPasskey || f.ConfirmedBy == ByProvider) && f.confirmedJustNow(now)
}

func (f Freshness) confirmedJustNow(now time.Time) bool {
	return f.ConfirmedAt != nil && now.Sub(*f.ConfirmedAt) <= justNow
}

// ErrConfirm is the fault for what needs a confirmation first.
var ErrConfirm = fault.New(fault.Forbidden, "confirm that it is you first: POST /api/auth/confirm")

// requireFresh requires that who has signed in recently, or confirmed the session.
func (a *Accounts) requireFresh(ctx context.Context, who token.Principal) error {
	f, err := a.store.Freshness(ctx, who)
	if err == nil && !f.recent(clock()) {
		return ErrConfirm
	}
	return err
}

// confirm verifies the password of who, or without one that who has signed in or confirmed the session recently.
func (a *Accounts) confirm(ctx context.Context, who token.Principal, secret string, from Caller) error {
	if secret != "" {
		_, err := a.reauthenticate(ctx, who, "/password", secret, from)
		return err
	}
	f, err := a.store.Freshness(ctx, who)
	if err != nil {
		return err
	}
	var fs fault.Fields
	if !f.recent(clock()) {
		fs.Add("/password", "is required: you signed in more than %.0f minutes ago", recently.Minutes())
	}
	return fs.Err()
}

// Confirmation proves that the user of a session is there: by the password, by a passkey, or by signing in at a provider again.
type Confirmation struct {
	Password string          `json:"password"`
	Passkey  json.RawMessage `json:"passkey"`
	Provider *Return         `json:"provider"`
	Visit    string          `json:"-"` // the secret of the browser that comes back from the provider
}

// ConfirmOptions returns what the browser of who needs to confirm the session with a passkey.
func (a *Accounts) ConfirmOptions(ctx context.Context, who token.Principal) (json.RawMessage, error) {
	user, err := a.store.User(ctx, who.UserID)
	if err != nil {
		return nil, err
	}
	return a.passkeyOptions(ctx, user, true, PurposeConfirm, who.SessionID[:])
}

// Confirm confirms the session of who. For a while sensitive acts need no password.
func (a *Accounts) Confirm(ctx context.Context, who token.Principal, c Confirmation, from Caller) error {
	if c.Provider != nil {
		return a.confirmWithProvider(ctx, who, *c.Provider, c.Visit, from)
	}
	if !given(c.Passkey) {
		if _, err := a.reauthenticate(ctx, who, "/password", c.Password, from); err != nil {
			return err
		}
		return a.store.ConfirmSession(ctx, who, ByPassword)
	}
	user, err := a.store.User(ctx, who.UserID)
	if err != nil {
		return err
	}
	check, err := a.checkPasskey(ctx, c.Passkey, PurposeConfirm, who.SessionID[:])
	if err != nil {
		return errPasskey(err)
	}
	return errPasskeyOr(a.store.Prove(ctx, Proof{User: user, Check: check, Confirm: &who}))
}

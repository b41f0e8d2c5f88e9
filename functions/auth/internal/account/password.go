package account

import (
	"context"
	"log/slog"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/notice"
	"taskwire.dev/shared/password"
	"taskwire.dev/shared/telemetry"
	"taskwire.dev/shared/token"
)

// NewPassword is a request to change a password.
type NewPassword struct {
	Current      string `json:"current_password"`
	New          string `json:"new_password"`
	RevokeTokens bool   `json:"revoke_tokens"` // the personal access tokens, too
}

// PasswordChange is a password to be stored.
type PasswordChange struct {
	Hash         string
	RevokeTokens bool
	Session      NewSession // in place of all others
	Notice       *notice.Notice
}

// ChangePassword changes the password of who, who must know the current one, or have confirmed the session with a passkey or at a
// provider just now. All sessions end, and the caller gets a new one.
func (a *Accounts) ChangePassword(ctx context.Context, who token.Principal, n NewPassword, from Caller) (Session, error) {
	user, err := a.proved(ctx, who, "/current_password", n.Current, from)
	if err != nil {
		return Session{}, err
	}
	hash, err := a.hashFor(ctx, user, "/new_password", n.New, from)
	if err != nil {
		return Session{}, err
	}
	secret, s := newSession(user.ID, from)
	err = a.store.ChangePassword(ctx, who, PasswordChange{
		Hash: hash, RevokeTokens: n.RevokeTokens, Session: s,
		Notice: newNotice(user.ID, notice.PasswordChanged),
	})
	if err != nil {
		return Session{}, err
	}
	telemetry.Audit(ctx, telemetry.PasswordChanged, slog.Bool("tokens_revoked", n.RevokeTokens))
	return a.started(user, s, secret)
}

// proved verifies the password of who, or without one that who has confirmed the session with a passkey or at a provider just now.
func (a *Accounts) proved(ctx context.Context, who token.Principal, pointer, secret string, from Caller) (User, error) {
	if secret == "" {
		f, err := a.store.Freshness(ctx, who)
		if err != nil {
			return User{}, err
		}
		if f.provedJustNow(clock()) {
			return a.store.User(ctx, who.UserID)
		}
	}
	return a.reauthenticate(ctx, who, pointer, secret, from)
}

// reauthenticate verifies the password of who, whose session must be open. A wrong one is Invalid at the pointer: the caller is
// signed in, so Unauthenticated would make clients refresh the session. It counts as a failed login.
func (a *Accounts) reauthenticate(ctx context.Context, who token.Principal, pointer, secret string, from Caller) (User, error) {
	user, err := a.store.Principal(ctx, who)
	if err != nil {
		return User{}, err
	}
	var fs fault.Fields
	if secret == "" {
		fs.Add(pointer, "is required")
		return User{}, fs.Err()
	}
	if err := a.hasher.admits(from.Address, accountKey(user.Email)); err != nil {
		return User{}, err
	}
	user, err = a.try(ctx, a.attempt(ctx, user.Email, secret, from), func() (Credentials, error) { return a.store.UserByEmail(ctx, user.Email) })
	if fault.Is(err, fault.Unauthenticated) {
		fs.Add(pointer, "is not your password")
		return User{}, fs.Err()
	}
	if err == nil {
		a.remember(ctx, accountKey(user.Email), from.Address)
	}
	return user, err
}

// hashFor checks and hashes the new password of a user.
func (a *Accounts) hashFor(ctx context.Context, user User, pointer, secret string, from Caller) (string, error) {
	leave, err := a.hasher.enter(ctx, client{address: from.Address, account: accountKey(user.Email), known: true})
	if err != nil {
		return "", err
	}
	defer leave()
	var fs fault.Fields
	password.Check(&fs, pointer, secret, user.Email, user.Name)
	if err := fs.Err(); err != nil {
		return "", err
	}
	return a.hasher.Hash(secret), nil
}

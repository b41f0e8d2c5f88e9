package account

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/notice"
	"taskwire.dev/shared/telemetry"
	"taskwire.dev/shared/token"
)

// SessionEnd is how long a session lasts, however often it is used: then the password is needed again.
const SessionEnd = 90 * 24 * time.Hour

// OpenSession is a session as its user sees it.
type OpenSession struct {
	ID         uuid.UUID `json:"id"`
	Device     string    `json:"device"`
	Network    string    `json:"network"`
	CreatedAt  time.Time `json:"created_at"`
	LastUsedAt time.Time `json:"last_used_at"` // when its access token was last renewed
	ExpiresAt  time.Time `json:"expires_at"`   // unless it is used before
	EndsAt     time.Time `json:"ends_at"`      // in any case
	Current    bool      `json:"current"`      // the request belongs to it
}

// NewSession is a session to be added.
type NewSession struct {
	First RefreshToken // its family is the session
	Place Place
	// Alert is what its user is notified of, nil for a device that the account is known to use. It is left out, too, if KnownNetwork
	// is set and the account has had a session on such a device: a browser without cookies, or a script.
	Alert        *notice.Notice
	KnownNetwork bool
}

// EndsAt is when the session ends in any case.
func (s NewSession) EndsAt() time.Time { return s.First.CreatedAt.Add(SessionEnd) }

// Sessions lists the open sessions of who, newest first, starting after before.
func (a *Accounts) Sessions(ctx context.Context, who token.Principal, before *uuid.UUID, limit int) ([]OpenSession, error) {
	list, err := a.store.Sessions(ctx, who.UserID, before, limit)
	for i := range list {
		list[i].Current = list[i].ID == who.SessionID
	}
	return list, err
}

// EndSession ends a session: its refresh tokens are no longer accepted and its streams end. Access tokens of it stay valid for
// reading and changing tasks until they expire.
func (a *Accounts) EndSession(ctx context.Context, who token.Principal, id uuid.UUID) error {
	n, err := a.store.EndSessions(ctx, who, func(session uuid.UUID) bool { return session == id })
	if err == nil && n == 0 {
		return fault.New(fault.NotFound, "there is no such session")
	}
	if err == nil {
		telemetry.Audit(ctx, telemetry.SessionEnded, slog.String("session", id.String()))
	}
	return err
}

// EndOtherSessions ends all sessions of who but the one that asks.
func (a *Accounts) EndOtherSessions(ctx context.Context, who token.Principal) error {
	n, err := a.store.EndSessions(ctx, who, func(session uuid.UUID) bool { return session != who.SessionID })
	if err == nil && n > 0 {
		telemetry.Audit(ctx, telemetry.SessionEnded, slog.Int("others", n))
	}
	return err
}

// newNotice returns a notice to a user now.
func newNotice(user uuid.UUID, text notice.Text, args ...string) *notice.Notice {
	return notice.New(newID(), user, clock(), text, args...)
}

func newDevice(user uuid.UUID, from Place) *notice.Notice {
	return newNotice(user, notice.NewSignIn, "device", from.Device, "network", from.Network)
}

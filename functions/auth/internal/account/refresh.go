package account

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/fault"
)

// RefreshLifetime is how long a session may be idle.
const RefreshLifetime = 30 * 24 * time.Hour

// reissueWindow is how long the response to an exchange can be requested again.
const reissueWindow = time.Minute

const refreshBytes = 32

// TokenHash is what is stored of a refresh token: its SHA-256. A token has 256 random bits, so no slow hash is needed.
type TokenHash [sha256.Size]byte

// RefreshToken is an issued refresh token.
type RefreshToken struct {
	ID          uuid.UUID
	FamilyID    uuid.UUID
	UserID      uuid.UUID
	Hash        TokenHash
	CreatedAt   time.Time
	ExpiresAt   time.Time
	RotatedAt   *time.Time // when it was exchanged
	RotationKey string     // Idempotency-Key of that exchange
	RevokedAt   *time.Time
}

// NextToken is the token that results from an exchange.
type NextToken struct {
	ID        uuid.UUID
	Hash      TokenHash
	ExpiresAt time.Time
}

// Outcome is the result of an exchange.
type Outcome int

// Outcomes of RefreshToken.Exchange.
const (
	Refuse       Outcome = iota // it has expired or was revoked
	Rotate                      // its first use
	Reissue                     // the same exchange again, after its response was lost: a new secret for the same successor
	RevokeFamily                // a second use: two clients have this token, and it is unknown which of them stole it
)

// Exchange decides about an exchange of t with an Idempotency-Key ("" is none). fresh means that t's successor was
// neither exchanged nor revoked.
func (t RefreshToken) Exchange(now time.Time, key string, fresh bool) Outcome {
	switch {
	case t.RevokedAt != nil || !now.Before(t.ExpiresAt):
		return Refuse
	case t.RotatedAt == nil:
		return Rotate
	case key != "" && key == t.RotationKey && now.Sub(*t.RotatedAt) < reissueWindow && fresh:
		return Reissue
	default:
		return RevokeFamily
	}
}

// Refresh exchanges a refresh token for a new session. If the token is invalid, for any reason, the fault is
// Unauthenticated.
func (a *Accounts) Refresh(ctx context.Context, secret, key string) (Session, error) {
	hash, ok := hashOf(secret)
	if !ok {
		return Session{}, ErrSession
	}
	now := clock()
	next, nextHash := newSecret()
	user, err := a.store.Exchange(ctx, hash, key, now, NextToken{ID: newID(), Hash: nextHash, ExpiresAt: now.Add(RefreshLifetime)})
	if err != nil {
		return Session{}, err
	}
	return a.session(user, next, now)
}

// ErrSession is the fault for an invalid refresh token.
var ErrSession = fault.New(fault.Unauthenticated, "the session has ended: sign in again")

func newFamily(user uuid.UUID, now time.Time) (string, RefreshToken) {
	secret, hash := newSecret()
	return secret, RefreshToken{
		ID: newID(), FamilyID: newID(), UserID: user, Hash: hash, CreatedAt: now, ExpiresAt: now.Add(RefreshLifetime),
	}
}

func newSecret() (string, TokenHash) {
	b := random(refreshBytes)
	return base64.RawURLEncoding.EncodeToString(b), sha256.Sum256(b)
}

func hashOf(secret string) (TokenHash, bool) {
	b, err := base64.RawURLEncoding.DecodeString(secret)
	if err != nil || len(b) != refreshBytes {
		return TokenHash{}, false
	}
	return sha256.Sum256(b), true
}

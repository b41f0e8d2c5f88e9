package account

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/fault"
)

// RefreshLifetime is how long a session may be idle.
const RefreshLifetime = 30 * 24 * time.Hour

// keyWindow is how long the response to an exchange can be requested again with its Idempotency-Key: a day, as of every request.
const keyWindow = 24 * time.Hour

// tabsWindow is how long a browser gets the same successor again: its tabs refresh at the same time, and each sends the cookie that
// it had.
const tabsWindow = 20 * time.Second

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

// Exchange is a request to exchange a refresh token.
type Exchange struct {
	Hash      TokenHash
	Key       string // Idempotency-Key; "" is none
	Now       time.Time
	ExpiresAt time.Time // of the next token
	Seed      uuid.UUID // new: the id of the next token, from which its secret is derived
	// Next returns the hash of the secret that is derived from a seed, for the browser that asks.
	Next func(seed uuid.UUID) TokenHash
	// SameBrowser allows Repeat: the request names its browser.
	SameBrowser bool
	Place       Place
}

// Exchanged is the result of an exchange.
type Exchanged struct {
	User User
	Seed uuid.UUID // of the token that the browser gets
	Used bool      // that token was exchanged already

	Session uuid.UUID
	EndsAt  time.Time // of the session, in any case
}

// Outcome is the result of an exchange.
type Outcome int

// Outcomes of RefreshToken.Exchange.
const (
	Refuse       Outcome = iota // it has expired or was revoked
	Rotate                      // its first use
	Repeat                      // the browser that exchanged it: the same secret of the same successor
	Reissue                     // the same exchange by its key, from a client that names no browser: a new successor instead of the first
	RevokeFamily                // a second use: two clients have this token, and it is unknown which of them stole it
)

// Successor is what is known of the token that a token was exchanged for.
type Successor struct {
	Fresh bool // it was neither exchanged nor revoked
	Same  bool // its secret is the one that the browser which asks would have been given
}

// Exchange decides about an exchange of t with an Idempotency-Key ("" is none). Only the client knows the key, which makes a repeat
// harmless. If the whole request was stolen, with its key and cookies, theft is still noticed: the owner and the thief get the same
// successor, or one of them a replaced one, and the second use ends the session.
func (t RefreshToken) Exchange(now time.Time, key string, next Successor) Outcome {
	switch {
	case t.RevokedAt != nil || !now.Before(t.ExpiresAt):
		return Refuse
	case t.RotatedAt == nil:
		return Rotate
	case next.Same && now.Sub(*t.RotatedAt) < tabsWindow:
		return Repeat
	case key != "" && key == t.RotationKey && now.Sub(*t.RotatedAt) < keyWindow && next.Fresh:
		if next.Same {
			return Repeat
		}
		return Reissue
	default:
		return RevokeFamily
	}
}

// Refresh exchanges a refresh token for a new session. If the token is invalid, for any reason, the fault is
// Unauthenticated.
func (a *Accounts) Refresh(ctx context.Context, secret, key string, from Caller) (Session, error) {
	now, device := clock(), from.Device
	for {
		hash, ok := hashOf(secret)
		if !ok {
			return Session{}, ErrSession
		}
		next := func(seed uuid.UUID) string { return a.successors.secret(secret, device, seed) }
		x, err := a.store.Exchange(ctx, Exchange{
			Hash: hash, Key: key, Now: now, ExpiresAt: now.Add(RefreshLifetime), Seed: newID(), SameBrowser: device != "", Place: from.place(),
			Next: func(seed uuid.UUID) TokenHash { hash, _ := hashOf(next(seed)); return hash },
		})
		if err != nil {
			return Session{}, err
		}
		secret = next(x.Seed)
		if !x.Used {
			return a.session(x.User, x.Session, secret, now, x.EndsAt)
		}
		// A tab exchanged the successor, too: the browser must end up with the newest, because its tabs share the cookie. As all
		// of this happened within tabsWindow of now, the loop ends at the newest.
	}
}

// successors derives the secret of a token's successor, so that a browser can get it again although only its hash is stored. It
// is made from this function's key, the token's secret and the browser's device secret: a thief of the token alone gets another
// successor.
type successors struct{ key []byte }

func (s successors) secret(secret, device string, seed uuid.UUID) string {
	h := hmac.New(sha256.New, s.key)
	h.Write(seed[:])
	h.Write([]byte(secret + " " + device)) // the secret contains no space
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
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

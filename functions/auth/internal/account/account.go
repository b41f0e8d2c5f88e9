// Package account has the use cases of registration, login, sessions and personal access tokens. A session is a
// short-lived access token, which every function can verify, and a refresh token, which only this package knows. A
// refresh token is valid for one exchange; all refresh tokens of one login are a family.
package account

import (
	"context"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/functions/auth/internal/signer"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/preference"
	"taskwire.dev/shared/ratelimit"
	"taskwire.dev/shared/token"
)

// User is an account as shown to its owner.
type User struct {
	ID        uuid.UUID `json:"id"`
	Email     string    `json:"email"` // in lower case
	Name      string    `json:"name"`
	Role      string    `json:"role"`
	CreatedAt time.Time `json:"created_at"`
}

// Roles of a user.
const (
	RoleUser  = "user"
	RoleAdmin = "admin"
)

// Credentials are a user and the hash of the password, in PHC string format.
type Credentials struct {
	User
	PasswordHash string
}

// NewUser is a user to be added.
type NewUser struct {
	Credentials
	RegistrationKey string                  // "" is none
	Preferences     *preference.Preferences // nil: the default ones
}

// Session is the result of a login.
type Session struct {
	AccessToken  string `json:"access_token"`
	TokenType    string `json:"token_type"`
	ExpiresIn    int    `json:"expires_in"` // seconds
	User         User   `json:"user"`
	RefreshToken string `json:"-"` // for a cookie only
	Device       string `json:"-"` // likewise; "" when the device keeps its current secret
}

// Store stores accounts. Its faults are Unavailable while the database is unavailable, and those listed below.
type Store interface {
	// AddUser adds a user with the role user and the first session. It is a Conflict when the email is taken, or when
	// the registration key was used in the last day.
	AddUser(ctx context.Context, u NewUser, first RefreshToken) error
	// UserByEmail is NotFound for an unknown email.
	UserByEmail(ctx context.Context, email string) (Credentials, error)
	// UserByRegistrationKey is NotFound unless the key was used in the last day.
	UserByRegistrationKey(ctx context.Context, key string) (Credentials, error)
	// Principal returns the user of an access token. It is Unauthenticated when the user no longer exists or the token
	// is a personal one that was revoked.
	Principal(ctx context.Context, who token.Principal) (User, error)

	// AddSession adds the first refresh token of a family. When the user has MaxSessions valid sessions, the least
	// recently used one ends.
	AddSession(ctx context.Context, first RefreshToken) error
	// Exchange does what RefreshToken.Exchange decides, one exchange of a user at a time. It is Unauthenticated when
	// the outcome is Refuse or RevokeFamily, or the token is unknown.
	Exchange(ctx context.Context, x Exchange) (Exchanged, error)
	// EndSession revokes the family of a refresh token; an unknown token is ignored.
	EndSession(ctx context.Context, hash TokenHash, now time.Time) error

	// AddToken adds a personal access token. If its key was used before, it returns the first token instead. It is a
	// Conflict when the user has MaxTokens valid ones.
	AddToken(ctx context.Context, user uuid.UUID, t Token, key idempotency.Key) (Token, User, error)
	// Tokens lists the tokens that are not revoked, newest first, starting after before (nil: all).
	Tokens(ctx context.Context, user uuid.UUID, before *uuid.UUID, limit int) ([]Token, error)
	// RevokeToken is NotFound for a token that belongs to another user or is already revoked.
	RevokeToken(ctx context.Context, user, id uuid.UUID, now time.Time) error
}

// MaxSessions is how many valid sessions a user can have at a time.
const MaxSessions = 50

// Limits are the limits of one network address per hour.
type Limits struct {
	Registrations int
	Logins        int // successful ones; one account may have a fifth of it, from all addresses together
	LoginFailures int // for all accounts together
}

// Accounts are the use cases; each is in the file named after it.
type Accounts struct {
	store   Store
	signer  *signer.Signer
	hasher  *Hasher
	limiter ratelimit.Limiter
	limits  Limits
	devices devices

	successors successors
}

// New returns the use cases.
func New(store Store, s *signer.Signer, hasher *Hasher, limiter ratelimit.Limiter, limits Limits) *Accounts {
	return &Accounts{
		store: store, signer: s, hasher: hasher, limiter: limiter, limits: limits,
		devices: devices{s.Derive("taskwire device secret")}, successors: successors{s.Derive("taskwire refresh token")},
	}
}

// session builds the response to a login.
func (a *Accounts) session(user User, refresh string, now time.Time) (Session, error) {
	access, err := a.signer.Sign(user.ID, newID(), token.KindSession, user.Role, token.Scopes, now, now.Add(signer.SessionLifetime))
	if err != nil {
		return Session{}, err
	}
	return Session{
		AccessToken: access, TokenType: "Bearer", ExpiresIn: int(signer.SessionLifetime.Seconds()),
		User: user, RefreshToken: refresh,
	}, nil
}

// start starts a session with a new family.
func (a *Accounts) start(ctx context.Context, user User) (Session, error) {
	now := clock()
	secret, first := newFamily(user.ID, now)
	if err := a.store.AddSession(ctx, first); err != nil {
		return Session{}, err
	}
	session, err := a.session(user, secret, now)
	session.Device = a.devices.issue(accountKey(user.Email))
	return session, err
}

func tooOften(what string, wait time.Duration) error {
	return &fault.Error{Code: fault.RateLimited, Detail: "too many " + what + "; try again later", RetryAfter: wait}
}

// clock returns the current time with PostgreSQL's precision.
func clock() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

// newID returns a UUIDv7; it panics only if the system has no randomness, as crypto/rand does.
func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

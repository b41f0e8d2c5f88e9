// Package account has the use cases of registration, login, sessions and personal access tokens. A session is a
// short-lived access token, which every function can verify, and a refresh token, which only this package knows. A
// refresh token is valid for one exchange; all refresh tokens of one login are a family.
package account

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/functions/auth/internal/factor"
	"taskwire.dev/functions/auth/internal/provider"
	"taskwire.dev/functions/auth/internal/signer"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/notice"
	"taskwire.dev/shared/preference"
	"taskwire.dev/shared/ratelimit"
	"taskwire.dev/shared/telemetry"
	"taskwire.dev/shared/token"
)

// User is an account as shown to its owner.
type User struct {
	ID        uuid.UUID `json:"id"`
	Email     string    `json:"email"` // in lower case
	Name      string    `json:"name"`
	Role      string    `json:"role"`
	CreatedAt time.Time `json:"created_at"`

	DisabledAt *time.Time `json:"-"` // nil: the user can sign in
	// DeletesAt is when the account will be deleted, unless the user cancels it.
	DeletesAt *time.Time `json:"deletes_at,omitempty"`
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
	Identity        *Identity               // of a user without a password; else nil
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
	// AddUser adds a user with the role user and the first session. It is a Conflict when the email or the identity is taken, or
	// when the registration key was used in the last day.
	AddUser(ctx context.Context, u NewUser, first NewSession) error
	// UserByEmail is NotFound for an unknown email.
	UserByEmail(ctx context.Context, email string) (Credentials, error)
	// UserByRegistrationKey is NotFound unless the key was used in the last day.
	UserByRegistrationKey(ctx context.Context, key string) (Credentials, error)
	// Principal returns the user of an access token. It is Unauthenticated when the user no longer exists, the token's session
	// has ended, or the token is a personal one that was revoked.
	Principal(ctx context.Context, who token.Principal) (User, error)

	// AddSession adds a session with its first refresh token. When the user has MaxSessions valid sessions, the least
	// recently used one ends. It is ErrDisabled for a disabled account.
	AddSession(ctx context.Context, s NewSession) error
	// Sessions lists the open sessions, newest first, starting after before (nil: all).
	Sessions(ctx context.Context, user uuid.UUID, before *uuid.UUID, limit int) ([]OpenSession, error)
	// Freshness returns when the user of who's session has proved who it is. It is Unauthenticated when the session has ended.
	Freshness(ctx context.Context, who token.Principal) (Freshness, error)
	// ConfirmSession records such a proof. It is Unauthenticated when the session has ended.
	ConfirmSession(ctx context.Context, who token.Principal, by string) error
	// EndSessions ends those of who's open sessions that end selects, and returns how many. It is Unauthenticated when who's
	// own session has ended.
	EndSessions(ctx context.Context, who token.Principal, end func(session uuid.UUID) bool) (int, error)
	// Exchange does what RefreshToken.Exchange decides, one exchange of a user at a time. It is Unauthenticated when
	// the outcome is Refuse or RevokeFamily, or the token is unknown.
	Exchange(ctx context.Context, x Exchange) (Exchanged, error)
	// Logout ends the session of a refresh token, and reports whether it did; an unknown token is ignored.
	Logout(ctx context.Context, hash TokenHash, now time.Time) (ended bool, err error)

	// ChangePassword changes the password and starts a new session in place of all others. It is Unauthenticated when who's
	// session has ended.
	ChangePassword(ctx context.Context, who token.Principal, c PasswordChange) error
	// AddDeletion has an account deleted, and notifies its user. If that is the case already, it changes nothing and added is false.
	// It returns the user as it is then. It is Unauthenticated when who's session has ended.
	AddDeletion(ctx context.Context, who token.Principal, d Deletion) (u User, added bool, err error)
	// CancelDeletion keeps an account that was to be deleted, and notifies its user.
	CancelDeletion(ctx context.Context, who token.Principal, n *notice.Notice) (canceled bool, err error)
	// QueueMail queues a mail.
	QueueMail(ctx context.Context, m Mail) error
	// UserByLink returns the user of a link; NotFound when it is unknown, has expired or was used, or the account is disabled.
	UserByLink(ctx context.Context, link TokenHash) (User, error)
	// ResetPassword changes the password, ends all sessions, and uses up the link. It is NotFound when that was used meanwhile.
	ResetPassword(ctx context.Context, user uuid.UUID, link TokenHash, c PasswordChange) error

	// AddToken adds a personal access token, and notifies its user. If its key was used in the last day, it returns the first
	// token instead. It is a Conflict when that was revoked or the user has MaxTokens valid ones, and Unauthenticated when who's
	// session has ended.
	AddToken(ctx context.Context, who token.Principal, t Token, key idempotency.Key, n *notice.Notice) (Token, User, error)
	// Tokens lists the tokens that are not revoked, newest first, starting after before (nil: all).
	Tokens(ctx context.Context, user uuid.UUID, before *uuid.UUID, limit int) ([]Token, error)
	// RevokeToken is NotFound for a token that belongs to another user or is already revoked.
	RevokeToken(ctx context.Context, user, id uuid.UUID, now time.Time) error

	FactorStore

	IdentityStore

	Directory
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
	links   links
	mailer  *Mailer // nil where no mail is sent

	passkeys *factor.Passkeys // nil where PUBLIC_URL has no host name
	sealer   *factor.Sealer

	providers []*provider.Provider

	successors successors
}

// New returns the use cases.
func New(store Store, s *signer.Signer, hasher *Hasher, limiter ratelimit.Limiter, limits Limits, passkeys *factor.Passkeys, sealer *factor.Sealer, providers []*provider.Provider) *Accounts {
	return &Accounts{
		store: store, signer: s, hasher: hasher, limiter: limiter, limits: limits, passkeys: passkeys, sealer: sealer, providers: providers,
		devices: devices{s.Derive("taskwire device secret")}, successors: successors{s.Derive("taskwire refresh token")},
		links: links{s.Derive("taskwire reset link")},
	}
}

// session builds the response to a login. The access token does not outlive the session.
func (a *Accounts) session(user User, id uuid.UUID, refresh string, now, endsAt time.Time) (Session, error) {
	life := min(signer.SessionLifetime, endsAt.Sub(now))
	access, err := a.signer.SignSession(user.ID, id, newID(), user.Role, now, now.Add(life))
	if err != nil {
		return Session{}, err
	}
	return Session{
		AccessToken: access, TokenType: "Bearer", ExpiresIn: int(life.Seconds()),
		User: user, RefreshToken: refresh,
	}, nil
}

// start starts a session with a new family, after a successful attempt.
func (a *Accounts) start(ctx context.Context, user User, at attempt, from Caller) (Session, error) {
	secret, s := a.prepare(user, at, from)
	if err := a.store.AddSession(ctx, s); err != nil {
		if errors.Is(err, ErrDisabled) {
			telemetry.Audit(ctx, telemetry.LoginRefused, slog.String("account", at.client.account), slog.String("address", at.client.address),
				slog.String("reason", "disabled"))
		}
		return Session{}, err
	}
	a.remember(ctx, at.client.account, at.client.address)
	return a.started(user, s, secret)
}

// prepare returns a session to be added, of which its user is notified if the device is new.
func (a *Accounts) prepare(user User, at attempt, from Caller) (secret string, s NewSession) {
	secret, s = newSession(user.ID, from)
	if !at.knownDevice {
		s.Alert, s.KnownNetwork = newDevice(user.ID, s.Place), at.client.known
	}
	return secret, s
}

// started builds the response to the start of a session.
func (a *Accounts) started(user User, s NewSession, secret string) (Session, error) {
	session, err := a.session(user, s.First.FamilyID, secret, s.First.CreatedAt, s.EndsAt())
	session.Device = a.devices.issue(accountKey(user.Email))
	return session, err
}

func newSession(user uuid.UUID, from Caller) (secret string, s NewSession) {
	secret, first := newFamily(user, clock())
	return secret, NewSession{First: first, Place: from.place()}
}

// NewMailer returns what sends the links that users ask for. They lead to a page of the dashboard.
func (a *Accounts) NewMailer(queue Queue, sender Sender, page string) *Mailer {
	a.mailer = &Mailer{queue: queue, sender: sender, links: a.links, limits: a.limiter, page: page, wake: make(chan struct{}, 1)}
	return a.mailer
}

func tooOften(what string, wait time.Duration) error {
	return &fault.Error{Code: fault.RateLimited, Detail: "too many " + what + "; try again later", RetryAfter: wait}
}

// clock returns the current time with PostgreSQL's precision.
func clock() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

// newID returns a UUIDv7; it panics only if the system has no randomness, as crypto/rand does.
func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

// Package oauth is the authorization server (OAuth 2.1): how apps and assistants get tokens for the MCP server, by their user's
// consent. zitadel/oidc reads and answers the protocol's requests; what it does not know, this package adds: resources (RFC 8707),
// registration (RFC 7591), client metadata documents, and grants that end as sessions do. See docs/decisions/0040-connected-apps.md.
package oauth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"log/slog"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/zitadel/oidc/v3/pkg/op"

	"taskwire.dev/functions/auth/internal/signer"
	"taskwire.dev/shared/notice"
	"taskwire.dev/shared/ratelimit"
	"taskwire.dev/shared/telemetry"
	"taskwire.dev/shared/token"
)

// Paths of the server. The authorization endpoint is a page of the dashboard, which asks for consent.
const (
	PathAuthorize = "/oauth/authorize"
	PathToken     = "/api/auth/oauth/token"
	PathRevoke    = "/api/auth/oauth/revoke"
	PathRegister  = "/api/auth/oauth/register"
)

// Lifetimes. A grant ends after IdleEnd without use, and after GrantEnd in any case.
const (
	CodeLifetime = time.Minute
	IdleEnd      = 30 * 24 * time.Hour
	GrantEnd     = 365 * 24 * time.Hour
)

// MaxApps is how many apps a user can have connected at a time.
const MaxApps = 50

// Grant is what a user has allowed an app.
type Grant struct {
	ID          uuid.UUID
	UserID      uuid.UUID
	ClientID    string
	Name        string // of the app, by its own word
	Host        string // that vouches for the app; "" is none
	RedirectURI string
	Scopes      []string
	Resource    string
	CreatedAt   time.Time
	EndsAt      time.Time

	CodeHash   [sha256.Size]byte
	Challenge  string
	CodeUntil  time.Time
	Redeemed   bool // the code was used
	Generation int  // of the one valid refresh token
}

// App is a connected app as its user sees it.
type App struct {
	ID         uuid.UUID `json:"id"`
	Name       string    `json:"name"`
	Host       string    `json:"host"` // that vouches for the app; "" is none: nobody has verified who it is
	ReturnsTo  string    `json:"returns_to"`
	Scopes     []string  `json:"scopes"`
	CreatedAt  time.Time `json:"created_at"`
	LastUsedAt time.Time `json:"last_used_at"`
	EndsAt     time.Time `json:"ends_at"`
}

// Store stores clients and grants.
type Store interface {
	// AddClient adds a client, and forgets those that have expired. It is Unavailable while there are MaxClients.
	AddClient(ctx context.Context, c Client, now, expires time.Time) error
	// Client is NotFound for a client that is unknown or has expired.
	Client(ctx context.Context, id uuid.UUID) (Client, error)
	// AddGrant adds a grant, whose code was not used yet. It is Unauthenticated when who's session has ended, and a Conflict when
	// the user has MaxApps.
	AddGrant(ctx context.Context, who token.Principal, g Grant) error
	// Redeem lets decide say whether the code of a grant is exchanged, and notifies its user. If decide refuses, or the code was
	// used before, the grant ends: somebody has a code that is not theirs. It is ErrGrant when there is no such code.
	Redeem(ctx context.Context, code [sha256.Size]byte, now time.Time, decide func(Grant) error, tell func(Grant) *notice.Notice) (Grant, error)
	// Refresh lets decide say whether a refresh token of a grant is exchanged; Grant.Generation is then that of the next one. The
	// grant ends on ErrReused. It is ErrGrant when the grant has ended.
	Refresh(ctx context.Context, grant uuid.UUID, now time.Time, decide func(Grant) error) (Grant, error)
	// Revoke ends a grant of a client; others are ignored.
	Revoke(ctx context.Context, grant uuid.UUID, client string) error
	// Apps lists the connected apps, newest first, starting after before (nil: all).
	Apps(ctx context.Context, user uuid.UUID, before *uuid.UUID, limit int) ([]App, error)
	// Disconnect is NotFound for a grant that belongs to another user or has ended.
	Disconnect(ctx context.Context, who token.Principal, grant uuid.UUID) error
}

// Config of the server.
type Config struct {
	Issuer string
	Origin string
	// PrivateClients allows metadata documents at private addresses: for a laptop, never for a server.
	PrivateClients bool
	// Registrations is how many apps one network address may register in an hour.
	Registrations int
}

// Server are the use cases.
type Server struct {
	config    Config
	store     Store
	signer    *signer.Signer
	tokens    *token.Verifier // of the resource
	limiter   ratelimit.Limiter
	documents *documents
	refresh   refreshTokens
	protocol  http.Handler
}

// New returns the server.
func New(c Config, store Store, s *signer.Signer, tokens *token.Verifier, limiter ratelimit.Limiter) *Server {
	server := &Server{
		config: c, store: store, signer: s, limiter: limiter, tokens: tokens.For(token.MCPResource(c.Origin)),
		documents: newDocuments(c.PrivateClients), refresh: refreshTokens{s.Derive("taskwire app refresh token")},
	}
	server.protocol = op.RegisterServer(protocol{Server: server}, op.Endpoints{
		Token: op.NewEndpoint(PathToken), Revocation: op.NewEndpoint(PathRevoke),
	}, op.WithServerCORSOptions(nil))
	return server
}

// Protocol serves the token and the revocation endpoint.
func (s *Server) Protocol() http.Handler { return s.protocol }

// Tokens verifies tokens of users and of apps.
func (s *Server) Tokens() *token.Verifier { return s.tokens }

// Apps lists the connected apps of who, newest first, starting after before.
func (s *Server) Apps(ctx context.Context, who token.Principal, before *uuid.UUID, limit int) ([]App, error) {
	list, err := s.store.Apps(ctx, who.UserID, before, limit)
	for i := range list {
		list[i].ReturnsTo = returnsTo(list[i].ReturnsTo)
	}
	return list, err
}

// Disconnect ends a grant of who: its tokens are no longer accepted.
func (s *Server) Disconnect(ctx context.Context, who token.Principal, grant uuid.UUID) error {
	if err := s.store.Disconnect(ctx, who, grant); err != nil {
		return err
	}
	telemetry.Audit(ctx, telemetry.AppDisconnected, slog.String("grant", grant.String()))
	return nil
}

// clock returns the current time with PostgreSQL's precision.
func clock() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

// newID returns a UUIDv7; it panics only if the system has no randomness, as crypto/rand does.
func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

// newSecret returns 256 random bits.
func newSecret() []byte {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // it does not fail
	return b
}

// Package token issues and verifies access tokens: EdDSA-signed JWTs (RFC 7519, RFC 8037) that every function verifies with the
// keys that the auth function publishes.
package token

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"taskwire.dev/shared/fault"
)

// Scopes of a token. An interactive session has all of them.
const (
	ScopeRead  = "tasks:read"  // GET
	ScopeWrite = "tasks:write" // everything that changes a task, a preference or a notification
	ScopeMCP   = "mcp"         // the MCP server
)

// Scopes lists all scopes in display order.
var Scopes = []string{ScopeRead, ScopeWrite, ScopeMCP}

// Kinds of a token, in the claim "typ".
const (
	KindSession  = "session" // 15 minutes, from a login
	KindPersonal = "pat"     // days, for curl, scripts and assistants; can be revoked
	KindApp      = "app"     // 15 minutes, of an app that the user has connected (OAuth 2.1)
)

// Claims are the claims of an access token.
type Claims struct {
	jwt.RegisteredClaims
	Scope string `json:"scope"` // separated by spaces (RFC 8693, 4.2)
	Role  string `json:"role"`
	Kind  string `json:"typ"`
	// Session is the id of the session of a KindSession or KindApp token, as in OpenID Connect.
	Session string `json:"sid,omitempty"`
	// Client is the app of a KindApp token (RFC 9068, 2.2).
	Client string `json:"client_id,omitempty"`
	Actor  *Actor `json:"act,omitempty"`
}

// Actor is who acts for the subject (RFC 8693, 4.1).
type Actor struct {
	Subject string `json:"sub"`
}

// Principal is who a request comes from.
type Principal struct {
	UserID   uuid.UUID
	TokenID  uuid.UUID
	Role     string
	Scopes   []string
	Personal bool // the token can be revoked: check the database where there is one
	App      bool // the token is of a connected app, which may not manage the account
	// SessionID is the session that the token belongs to; Nil for a personal one, and for tokens of auth functions that did not
	// name it yet.
	SessionID uuid.UUID
	ExpiresAt time.Time
	Assistant string // the AI assistant that acts for the user, or ""
}

// Actor is how the audit log names the principal: "user:<id>", "token:<id>" of a personal access token, or
// "assistant:<name>/<id>" of the token that an assistant presented.
func (p Principal) Actor() string {
	if p.Assistant != "" {
		return "assistant:" + p.Assistant + "/" + p.TokenID.String()
	}
	if p.Personal {
		return "token:" + p.TokenID.String()
	}
	return "user:" + p.UserID.String()
}

// Require reports a fault unless the token has the scope.
func (p Principal) Require(scope string) error {
	if slices.Contains(p.Scopes, scope) {
		return nil
	}
	return fault.New(fault.Forbidden, "this token lacks the scope %s", scope)
}

func (c Claims) principal() (Principal, error) {
	// Anything else signed with this key in the future, such as a link in an email, must not work as a token.
	if c.Kind != KindSession && c.Kind != KindPersonal && c.Kind != KindApp {
		return Principal{}, fmt.Errorf("typ is %q, want %s, %s or %s", c.Kind, KindSession, KindPersonal, KindApp)
	}
	user, err := uuid.Parse(c.Subject)
	if err != nil {
		return Principal{}, err
	}
	id, err := uuid.Parse(c.ID)
	if err != nil {
		return Principal{}, err
	}
	p := Principal{
		UserID: user, TokenID: id, Role: c.Role, Scopes: strings.Fields(c.Scope),
		Personal: c.Kind == KindPersonal, App: c.Kind == KindApp, ExpiresAt: c.ExpiresAt.Time,
	}
	if c.Session != "" {
		if p.SessionID, err = uuid.Parse(c.Session); err != nil {
			return Principal{}, err
		}
	}
	if p.App && p.SessionID == uuid.Nil {
		return Principal{}, errors.New("sid is missing: whether the app is still connected cannot be checked")
	}
	if c.Actor != nil {
		p.Assistant = c.Actor.Subject
	}
	return p, nil
}

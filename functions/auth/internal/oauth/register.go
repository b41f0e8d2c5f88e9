package oauth

import (
	"context"
	"slices"
	"time"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/ratelimit"
)

// Bounds of registrations, which anybody can make. A client that no user connects is forgotten after a day.
const (
	MaxClients       = 10_000
	unusedClientLife = 24 * time.Hour
)

// Registration is a request to register a client (RFC 7591, 2), and the response.
type Registration struct {
	ClientID   string   `json:"client_id,omitempty"`
	IssuedAt   int64    `json:"client_id_issued_at,omitempty"`
	Name       string   `json:"client_name,omitempty"`
	Redirects  []string `json:"redirect_uris"`
	AuthMethod string   `json:"token_endpoint_auth_method,omitempty"`
	Grants     []string `json:"grant_types,omitempty"`
	Responses  []string `json:"response_types,omitempty"`
}

// ProtocolError is a refusal as RFC 6749, 5.2, and RFC 7591, 3.2.2, define it.
type ProtocolError struct {
	Code        string `json:"error"`
	Description string `json:"error_description"`
}

func (e *ProtocolError) Error() string { return e.Code + ": " + e.Description }

// Register adds a client for a caller at a network address. What it asks for beyond a public client with codes and refresh tokens
// it does not get, which the response says.
func (s *Server) Register(ctx context.Context, r Registration, address string) (Registration, error) {
	if wait := s.limiter.Take(ctx, "oauth-register:"+address, ratelimit.PerHour(s.config.Registrations)); wait > 0 {
		return r, &fault.Error{Code: fault.RateLimited, Detail: "too many registrations of apps; try again later", RetryAfter: wait}
	}
	if r.Name == "" {
		r.Name = unnamed
	}
	if !validName(r.Name) {
		return r, &ProtocolError{"invalid_client_metadata", "client_name must have 1 to 100 visible characters"}
	}
	if len(r.Redirects) == 0 || len(r.Redirects) > maxRedirects || slices.ContainsFunc(r.Redirects, func(uri string) bool { return !validRedirect(uri) }) {
		return r, &ProtocolError{"invalid_redirect_uri", "redirect_uris must be 1 to 10 addresses: https, http on the loopback interface, or a scheme made from a domain name; without user and fragment"}
	}
	now := clock()
	id := newID()
	c := Client{ID: id.String(), Name: r.Name, Redirects: r.Redirects}
	if err := s.store.AddClient(ctx, c, now, now.Add(unusedClientLife)); err != nil {
		return r, err
	}
	return Registration{
		ClientID: c.ID, IssuedAt: now.Unix(), Name: c.Name, Redirects: c.Redirects, AuthMethod: "none",
		Grants: []string{"authorization_code", "refresh_token"}, Responses: []string{"code"},
	}, nil
}

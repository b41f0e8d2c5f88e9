package oauth

import (
	"context"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"taskwire.dev/shared/fault"
)

// Limits of what a client says about itself.
const (
	maxName      = 100
	maxClientID  = 500
	maxRedirects = 10
	maxRedirect  = 500
)

// Client is an app that may ask for consent. All are public: they have no secret, so that PKCE protects their codes.
type Client struct {
	ID        string // of the registration, or the address of the metadata document
	Name      string
	Host      string // of the metadata document; "" after a registration, which anybody can make
	Redirects []string
}

// unnamed is the name of an app without one.
const unnamed = "Unnamed app"

// client returns a client by its id. The fault is NotFound for one that is unknown, and Invalid for a metadata document that
// cannot be used.
func (s *Server) client(ctx context.Context, id string) (Client, error) {
	if strings.HasPrefix(id, "https://") && len(id) <= maxClientID {
		return s.documents.client(ctx, id)
	}
	registered, err := uuid.Parse(id)
	if err != nil || registered.String() != id {
		return Client{}, ErrClient
	}
	return s.store.Client(ctx, registered)
}

// ErrClient is the fault for an unknown client.
var ErrClient = fault.New(fault.NotFound, "this app is not registered: connect it again from the start")

// allows reports whether a code may be sent to uri: to what the client has registered exactly, except for the port of the
// computer that the app runs on (RFC 8252, 7.3).
func (c Client) allows(uri string) bool {
	return validRedirect(uri) && slices.ContainsFunc(c.Redirects, func(registered string) bool {
		return uri == registered || onLoopback(uri) != "" && onLoopback(uri) == onLoopback(registered)
	})
}

// onLoopback returns an http address on the loopback interface without its port, and "" for any other. zitadel/oidc takes https for
// http there.
func onLoopback(uri string) string {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "http" || !loopback(u.Hostname()) {
		return ""
	}
	if u.Port() != "" {
		u.Host = strings.TrimSuffix(u.Host, ":"+u.Port())
	}
	return u.String()
}

// validRedirect reports whether an app may receive codes at an address: a page by TLS, a port of the user's own computer, or an app
// by a scheme that is made from a domain name (RFC 8252, 7.1).
func validRedirect(uri string) bool {
	u, err := url.Parse(uri)
	// The text must be the only one for its meaning: browsers read a backslash or a tab otherwise than this parser.
	if err != nil || len(uri) > maxRedirect || u.String() != uri || u.User != nil || strings.ContainsAny(uri, "#\\ \"<>") {
		return false
	}
	switch {
	case u.Scheme == "https":
		return u.Hostname() != ""
	case u.Scheme == "http":
		return loopback(u.Hostname())
	default:
		return strings.Contains(u.Scheme, ".")
	}
}

func loopback(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && address.IsLoopback()
}

// thisComputer is where an app on the loopback interface gets its codes.
const thisComputer = "this computer"

// returnsTo says where a code goes, for the user who is asked.
func returnsTo(uri string) string {
	u, err := url.Parse(uri)
	switch {
	case err != nil:
		return ""
	case u.Scheme != "http" && u.Scheme != "https":
		return u.Scheme
	case loopback(u.Hostname()):
		return thisComputer
	default:
		return u.Hostname()
	}
}

// validName reports whether a name can be shown: one line, without characters that change the direction or are invisible.
func validName(name string) bool {
	n := utf8.RuneCountInString(name)
	return utf8.ValidString(name) && n >= 1 && n <= maxName && strings.TrimSpace(name) == name &&
		!strings.ContainsFunc(name, func(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) })
}

// public is a client without a secret, for the library: it has the methods of op.Client that the library calls for such clients when
// it serves tokens. The embedded interface is nil, so a call of any other method panics.
type public struct {
	op.Client
	id string
}

func (p public) GetID() string                       { return p.id }
func (p public) ApplicationType() op.ApplicationType { return op.ApplicationTypeNative }
func (p public) AuthMethod() oidc.AuthMethod         { return oidc.AuthMethodNone }
func (p public) DevMode() bool                       { return false }
func (p public) GrantTypes() []oidc.GrantType {
	return []oidc.GrantType{oidc.GrantTypeCode, oidc.GrantTypeRefreshToken}
}

// hostOf returns the host of a URL without its port.
func hostOf(u *url.URL) string {
	if host, _, err := net.SplitHostPort(u.Host); err == nil {
		return host
	}
	return u.Host
}

package function

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/ratelimit"
	"taskwire.dev/shared/token"
)

// Limits are the rate limits of one user, or one address without a valid token, at one gateway, and of all together at one
// function. The buckets are local on purpose. A count shared through Redis would cost every request a round trip and make
// requests depend on Redis, while this limit only has to prevent one client from crowding out the rest: with n replicas a client
// gets at most n times as much. Where the exact count matters, at login, the auth function counts in Redis.
type Limits struct {
	PerSecond float64 `env:"RATE_LIMIT_PER_SECOND" envDefault:"100"`
	Burst     int     `env:"RATE_LIMIT_BURST" envDefault:"200"`
	// InFlight is how many requests of all clients may wait for one function; see bulkhead.
	InFlight int `env:"MAX_IN_FLIGHT" envDefault:"256"`
}

func (l Limits) bucket() ratelimit.Limit {
	return ratelimit.Limit{Burst: l.Burst, Every: time.Duration(float64(time.Second) / l.PerSecond)}
}

// client is what requests are counted for: a user, or the network of a request without a valid token. An unverified token is
// ignored: otherwise anyone could use up another user's limit.
type client struct {
	key   string
	known bool // by a valid token
	user  uuid.UUID
}

// admit identifies the client of r, and returns a fault if the client exceeds its limit, or is unknown where a token is required.
// A request without a required token counts too.
func (f *Function) admit(r *http.Request, tokens *token.Verifier, anyone bool) (client, error) {
	who, unknown := tokens.Authenticate(r)
	if unknown == nil && f.hub.Ended(who.SessionID) {
		unknown = fault.New(fault.Unauthenticated, "the session has ended: sign in again")
	}
	c := client{key: string(who.UserID[:]), known: true, user: who.UserID}
	if unknown != nil {
		c = client{key: network(r, f.config.ProxyHops)}
	}
	if wait := f.limiter.Take(r.Context(), c.key, f.config.Limits.bucket()); wait > 0 {
		return c, &fault.Error{Code: fault.RateLimited, Detail: "too many requests", RetryAfter: wait}
	}
	if unknown != nil && !anyone {
		return c, unknown
	}
	return c, nil
}

// limited applies the limits to h, which authenticates requests itself.
func (f *Function) limited(h httpapi.Handler) httpapi.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if _, err := f.admit(r, f.tokens, true); err != nil {
			return err
		}
		return h(w, r)
	}
}

// network is the address of r's client, or for IPv6 its /64 network, the least that a subscriber has.
func network(r *http.Request, hops int) string {
	address := clientAddress(r, hops)
	if address.Is6() {
		if prefix, err := address.Prefix(64); err == nil {
			address = prefix.Addr()
		}
	}
	return address.WithZone("").String()
}

package function

import (
	"net/http"
	"time"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/ratelimit"
)

// Limits are how much one user, or one address without a good token, may ask of one gateway, and all of them of one function.
//
// The buckets are local on purpose. A count shared through Redis would cost every request a round trip and
// make Redis a part that requests wait for, while this limit only has to keep one client from crowding out the
// rest: with n replicas a client may at most get n times as much. Where the count itself matters, at login,
// the auth function counts in Redis.
type Limits struct {
	PerSecond float64 `env:"RATE_LIMIT_PER_SECOND" envDefault:"100"`
	Burst     int     `env:"RATE_LIMIT_BURST" envDefault:"200"`
	// InFlight is how many requests may wait for one function, of all clients together; see bulkhead.
	InFlight int `env:"MAX_IN_FLIGHT" envDefault:"256"`
}

func (l Limits) bucket() ratelimit.Limit {
	return ratelimit.Limit{Burst: l.Burst, Every: time.Duration(float64(time.Second) / l.PerSecond)}
}

// client is whom requests are counted for: a user, or the network that a request without a good token came from. A token
// that is not verified names nobody: else anyone could use up what is another user's.
type client struct {
	key   string
	known bool // by a good token
}

// admit tells whose request r is, and refuses those who have asked too much, and those who are not known where that is
// needed. Who is refused for want of a token has asked, too.
func (f *Function) admit(r *http.Request, anyone bool) (client, error) {
	who, unknown := f.tokens.Authenticate(r)
	c := client{key: string(who.UserID[:]), known: true}
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

// limited lets h answer those who have not asked too much. It authenticates by itself.
func (f *Function) limited(h httpapi.Handler) httpapi.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if _, err := f.admit(r, true); err != nil {
			return err
		}
		return h(w, r)
	}
}

// network is the address that r came from, or of IPv6, where a subscriber has at least a /64, the network.
func network(r *http.Request, hops int) string {
	address := clientAddress(r, hops)
	if address.Is6() {
		if prefix, err := address.Prefix(64); err == nil {
			address = prefix.Addr()
		}
	}
	return address.WithZone("").String()
}

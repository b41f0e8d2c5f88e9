package function

import (
	"net/http"
	"time"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/ratelimit"
	"taskwire.dev/shared/token"
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
	// InFlight is how many requests may wait for one function, of all clients together; of one, a quarter of that.
	InFlight int `env:"MAX_IN_FLIGHT" envDefault:"256"`
}

func (l Limits) bucket() ratelimit.Limit {
	return ratelimit.Limit{Burst: l.Burst, Every: time.Duration(float64(time.Second) / l.PerSecond)}
}

// admit tells whose request r is, and refuses those who have asked too much.
func (f *Function) admit(r *http.Request) (client string, err error) {
	client = f.caller(r)
	if wait := f.limiter.Take(r.Context(), client, f.config.Limits.bucket()); wait > 0 {
		return client, &fault.Error{Code: fault.RateLimited, Detail: "more requests than are taken from one client", RetryAfter: wait}
	}
	return client, nil
}

// limited lets h answer those who have not asked too much.
func (f *Function) limited(h httpapi.Handler) httpapi.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if _, err := f.admit(r); err != nil {
			return err
		}
		return h(w, r)
	}
}

// caller is whose bucket r is taken from. A token that is not verified names nobody: else anyone could empty
// another user's bucket.
func (f *Function) caller(r *http.Request) string {
	if raw, err := token.FromRequest(r); err == nil {
		if who, err := f.tokens.Verify(r.Context(), raw); err == nil {
			return string(who.UserID[:])
		}
	}
	address := clientAddress(r, f.config.ProxyHops)
	if address.Is6() { // a subscriber has at least a /64
		if network, err := address.Prefix(64); err == nil {
			address = network.Addr()
		}
	}
	return address.WithZone("").String()
}

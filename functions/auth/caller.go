package function

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/postgres"
)

// origin is the origin of the public URL.
type origin struct {
	url        *url.URL
	secure     bool
	protection *http.CrossOriginProtection
}

func parseOrigin(publicURL string) (origin, error) {
	u, err := url.Parse(publicURL)
	if err != nil {
		return origin{}, err
	}
	if u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return origin{}, fmt.Errorf("%q is not the URL of an origin", publicURL)
	}
	p := http.NewCrossOriginProtection()
	return origin{url: u, secure: u.Scheme == "https", protection: p}, p.AddTrustedOrigin(u.Scheme + "://" + u.Host)
}

// check refuses requests from pages of another origin. SameSite=Strict withholds the cookies from other sites; another origin of
// the same site, such as another port of localhost, is blocked here.
func (o origin) check(r *http.Request) error {
	if err := o.protection.Check(r); err != nil {
		return fault.Wrap(fault.Forbidden, err, "requests from pages of another origin are not allowed")
	}
	return nil
}

// address returns the network address of a request for rate limits: an IPv4 address, or the /64 of an IPv6 address, which belongs
// to one subscriber.
func (f *Function) address(r *http.Request) string {
	host, _, _ := net.SplitHostPort(r.RemoteAddr)
	if seen := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ","); f.hops > 0 {
		// Each proxy appends the address of its caller.
		if said := strings.TrimSpace(seen[max(0, len(seen)-f.hops)]); said != "" {
			host = said
		}
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return "unknown"
	}
	addr = addr.Unmap().WithZone("")
	if addr.Is4() {
		return addr.String()
	}
	prefix, _ := addr.Prefix(64)
	return prefix.String()
}

// named sets the owner of database connections for requests without a user.
func (f *Function) named(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(w, r.WithContext(postgres.WithCaller(r.Context(), f.address(r))))
	})
}

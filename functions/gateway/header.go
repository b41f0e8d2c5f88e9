package function

import (
	"net/http"
	"net/netip"
	"strings"
)

// secure sets the security headers. The dashboard sends its own content security policy; for every other response the policy
// forbids all active content, in case a browser renders it.
func (d *frontDoor) secure(h http.Header) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	if h.Get("Content-Security-Policy") == "" {
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	}
	if d.https {
		h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	}
}

// clientAddress returns who sent r. Each trusted proxy in front of the gateway appends the address that it saw to
// X-Forwarded-For; entries before these come from the client and are not trusted.
func clientAddress(r *http.Request, hops int) netip.Addr {
	peer, _ := netip.ParseAddrPort(r.RemoteAddr)
	address := peer.Addr().Unmap()
	if hops <= 0 {
		return address
	}
	seen := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(seen) - 1; i >= 0 && i >= len(seen)-hops; i-- {
		said, err := netip.ParseAddr(strings.TrimSpace(seen[i]))
		if err != nil {
			break
		}
		address = said.Unmap()
	}
	return address
}

// scheme returns the scheme that the client used.
func (d *frontDoor) scheme(r *http.Request) string {
	if said := r.Header.Get("X-Forwarded-Proto"); d.hops > 0 && (said == "http" || said == "https") {
		return said
	}
	if r.TLS != nil {
		return "https"
	}
	return "http"
}

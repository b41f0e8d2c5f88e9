package httpapi

import (
	"net/http"

	"taskwire.dev/shared/fault"
)

// Names of the cookies, without the prefix that CookieName adds.
const (
	RefreshCookie = "taskwire_refresh" // the refresh token, for the auth function
	SessionCookie = "taskwire_session" // the access token, for the live stream: EventSource sends no Authorization
	DeviceCookie  = "taskwire_device"  // identifies a browser that has logged in before, for the auth function
	VisitCookie   = "taskwire_visit"   // identifies a browser that was sent to an OpenID provider, likewise
)

// CookieName returns the name of a cookie. If the origin is https it has the prefix __Host-: browsers then accept the cookie only
// from this host, so that no sibling domain can set it (RFC 6265bis, 4.1.3.2).
func CookieName(name string, secure bool) string {
	if secure {
		return "__Host-" + name
	}
	return name
}

// Cookie returns the value of a cookie, or "" when there is none. Two with the same name are Malformed: another port or a sibling
// domain can add one, and they cannot be told apart.
func Cookie(r *http.Request, name string) (string, error) {
	switch found := r.CookiesNamed(name); len(found) {
	case 0:
		return "", nil
	case 1:
		return found[0].Value, nil
	default:
		return "", fault.New(fault.Malformed, "there are two cookies named %s, one of them set by another site: "+
			"clear the cookies of this site, then sign in again", name)
	}
}

package function

import (
	"net/http"
	"time"

	"taskwire.dev/functions/auth/internal/account"
	"taskwire.dev/functions/auth/internal/signer"
	"taskwire.dev/shared/httpapi"
)

// Paths of the cookies where the origin is http: each goes only where it is needed. Over https all have the path /, as
// the prefix of their names demands. Scripts see none of them.
const (
	accountPath = "/api/auth"
	streamPath  = "/api/stream"
)

func (f *Function) writeSession(w http.ResponseWriter, status int, s account.Session) {
	f.setCookie(w, httpapi.RefreshCookie, s.RefreshToken, accountPath, account.RefreshLifetime)
	f.setCookie(w, httpapi.SessionCookie, s.AccessToken, streamPath, signer.SessionLifetime)
	if s.Device != "" {
		f.setCookie(w, httpapi.DeviceCookie, s.Device, accountPath, account.DeviceLifetime)
	}
	httpapi.WriteJSON(w, status, s)
}

// clearSession keeps the device cookie: it only says that this browser has logged in before.
func (f *Function) clearSession(w http.ResponseWriter) {
	f.setCookie(w, httpapi.RefreshCookie, "", accountPath, -1)
	f.setCookie(w, httpapi.SessionCookie, "", streamPath, -1)
}

// setCookie sets a cookie for a time, or removes it when that is negative.
func (f *Function) setCookie(w http.ResponseWriter, name, value, path string, age time.Duration) {
	seconds := int(age.Seconds())
	if age < 0 {
		seconds = -1
	}
	if f.origin.secure {
		path = "/"
	}
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // Secure wherever the site is by TLS
		Name: httpapi.CookieName(name, f.origin.secure), Value: value, Path: path, MaxAge: seconds,
		HttpOnly: true, Secure: f.origin.secure, SameSite: http.SameSiteStrictMode,
	})
}

// refreshToken returns the refresh token of the request, or "".
func (f *Function) refreshToken(r *http.Request) (string, error) {
	return httpapi.Cookie(r, httpapi.CookieName(httpapi.RefreshCookie, f.origin.secure))
}

// callerOf returns where a login comes from. Two device cookies are both ignored, which makes the device an unknown one.
func (f *Function) callerOf(r *http.Request) account.Caller {
	device, _ := httpapi.Cookie(r, httpapi.CookieName(httpapi.DeviceCookie, f.origin.secure))
	return account.Caller{Address: f.address(r), Device: device, Agent: r.UserAgent()}
}

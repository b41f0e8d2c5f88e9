package function

import (
	"net/http"
	"time"

	"taskwire.dev/shared/account"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/token"
)

// A session's cookies. Scripts see neither, and each goes only where it is needed.
const (
	refreshCookie = "taskwire_refresh" // the refresh token, for this function
	sessionCookie = "taskwire_session" // the access token, for the live stream: EventSource sends no Authorization
	refreshPath   = "/api/auth"
	sessionPath   = "/api/stream"
)

func (f *Function) writeSession(w http.ResponseWriter, status int, s account.Session) {
	f.setCookie(w, refreshCookie, s.RefreshToken, refreshPath, account.RefreshLifetime)
	f.setCookie(w, sessionCookie, s.AccessToken, sessionPath, token.SessionLifetime)
	httpapi.WriteJSON(w, status, s)
}

func (f *Function) clearSession(w http.ResponseWriter) {
	f.setCookie(w, refreshCookie, "", refreshPath, -1)
	f.setCookie(w, sessionCookie, "", sessionPath, -1)
}

// setCookie sets a cookie for a time, or removes it when that is negative.
func (f *Function) setCookie(w http.ResponseWriter, name, value, path string, age time.Duration) {
	seconds := int(age.Seconds())
	if age < 0 {
		seconds = -1
	}
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // Secure wherever the site is by TLS
		Name: name, Value: value, Path: path, MaxAge: seconds,
		HttpOnly: true, Secure: f.origin.secure, SameSite: http.SameSiteStrictMode,
	})
}

package function

import (
	"net/http"

	"taskwire.dev/shared/fault"
)

// logout accepts the refresh cookie as well as an access token: a user who returns after a quarter of an hour must be able to end
// the session without refreshing it first.
func (f *Function) logout(w http.ResponseWriter, r *http.Request) error {
	if err := f.origin.check(r); err != nil {
		return err
	}
	if _, err := keyOf(r, nil); err != nil {
		return err
	}
	secret, err := f.refreshToken(r)
	if err != nil {
		return err
	}
	ended := false
	if secret != "" {
		if ended, err = f.accounts.Logout(r.Context(), secret); err != nil {
			return err
		}
	}
	if secret == "" || !ended && r.Header.Get("Authorization") != "" {
		// The cookie may have been set by another server on this host, so the session of the access token is ended as well. If the
		// request has a cookie, an invalid token is not an error: a repeated logout succeeds.
		if err := f.logoutWithToken(r); err != nil && (secret == "" || !fault.Is(err, fault.Unauthenticated)) {
			return err
		}
	}
	f.clearSession(w)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (f *Function) logoutWithToken(r *http.Request) error {
	who, err := f.tokens.Authenticate(r)
	if err != nil {
		return err
	}
	return f.accounts.LogoutWith(r.Context(), who)
}

package function

import "net/http"

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
	if secret == "" {
		who, err := f.tokens.Authenticate(r)
		if err != nil {
			return err
		}
		if err := f.accounts.LogoutWith(r.Context(), who); err != nil {
			return err
		}
	} else if err := f.accounts.Logout(r.Context(), secret); err != nil {
		return err
	}
	f.clearSession(w)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusNoContent)
	return nil
}

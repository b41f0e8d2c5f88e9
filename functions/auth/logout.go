package function

import "net/http"

// logout takes the refresh cookie for a credential as well as an access token: who comes back after a quarter of
// an hour must be able to end the session without starting it again.
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
		if _, err := f.accounts.Me(r.Context(), who); err != nil {
			return err // revoked
		}
	} else if err := f.accounts.Logout(r.Context(), secret); err != nil {
		return err
	}
	f.clearSession(w)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusNoContent)
	return nil
}

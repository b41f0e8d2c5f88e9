package function

import (
	"net/http"

	"taskwire.dev/shared/account"
	"taskwire.dev/shared/fault"
)

func (f *Function) refresh(w http.ResponseWriter, r *http.Request) error {
	if err := f.origin.check(r); err != nil {
		return err
	}
	key, err := keyOf(r, nil)
	if err != nil {
		return err
	}
	cookie, err := r.Cookie(refreshCookie)
	if err != nil {
		f.clearSession(w)
		return account.ErrSession
	}
	session, err := f.accounts.Refresh(r.Context(), cookie.Value, key.Name)
	if fault.Is(err, fault.Unauthenticated) {
		f.clearSession(w)
	}
	if err != nil {
		return err
	}
	f.writeSession(w, http.StatusOK, session)
	return nil
}

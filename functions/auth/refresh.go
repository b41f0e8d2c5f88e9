package function

import (
	"net/http"

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
	secret, err := f.refreshToken(r)
	if err != nil {
		return err // the cookies stay: one of them may be the victim's
	}
	session, err := f.accounts.Refresh(r.Context(), secret, key.Name, f.callerOf(r))
	if fault.Is(err, fault.Unauthenticated) {
		f.clearSession(w)
	}
	if err != nil {
		return err
	}
	f.writeSession(w, http.StatusOK, session)
	return nil
}

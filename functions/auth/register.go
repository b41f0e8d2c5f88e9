package function

import (
	"net/http"

	"taskwire.dev/functions/auth/internal/account"
)

func (f *Function) register(w http.ResponseWriter, r *http.Request) error {
	var asked account.Registration
	key, err := readJSON(w, r, &asked)
	if err != nil {
		return err
	}
	session, err := f.accounts.Register(r.Context(), asked, key.Name, f.callerOf(r))
	if err != nil {
		return err
	}
	f.writeSession(w, http.StatusCreated, session)
	return nil
}

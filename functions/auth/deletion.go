package function

import (
	"net/http"

	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/token"
)

// requestDeletion answers with the user, who has the time of the deletion. The same request again gets the same answer.
func (f *Function) requestDeletion(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	var asked struct {
		Password string `json:"password"`
	}
	if _, err := readJSON(w, r, &asked); err != nil {
		return err
	}
	user, err := f.accounts.RequestDeletion(r.Context(), who, asked.Password, f.callerOf(r))
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	httpapi.WriteJSON(w, http.StatusOK, user)
	return nil
}

func (f *Function) cancelDeletion(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	if err := f.accounts.CancelDeletion(r.Context(), who); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

package function

import (
	"net/http"

	"taskwire.dev/functions/auth/internal/account"
	"taskwire.dev/shared/token"
)

// changePassword answers with a new session, as a login does: the caller's has ended with all others. It needs no memory of
// Idempotency-Keys: the same request again comes with a session that has ended.
func (f *Function) changePassword(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	var asked account.NewPassword
	if _, err := readJSON(w, r, &asked); err != nil {
		return err
	}
	session, err := f.accounts.ChangePassword(r.Context(), who, asked, f.callerOf(r))
	if err != nil {
		return err
	}
	f.writeSession(w, http.StatusOK, session)
	return nil
}

// requestReset answers the same, after the same work, whether the address has an account.
func (f *Function) requestReset(w http.ResponseWriter, r *http.Request) error {
	var asked struct {
		Email string `json:"email"`
	}
	if _, err := readJSON(w, r, &asked); err != nil {
		return err
	}
	if err := f.accounts.RequestReset(r.Context(), asked.Email, f.callerOf(r)); err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusAccepted)
	return nil
}

func (f *Function) resetPassword(w http.ResponseWriter, r *http.Request) error {
	var asked account.ResetRequest
	if _, err := readJSON(w, r, &asked); err != nil {
		return err
	}
	if err := f.accounts.ResetPassword(r.Context(), asked, f.callerOf(r)); err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusNoContent)
	return nil
}

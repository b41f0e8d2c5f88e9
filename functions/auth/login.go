package function

import "net/http"

// login needs no memory of Idempotency-Keys: the same body again starts a session of the same account, and
// another body is of another account or has a wrong password.
func (f *Function) login(w http.ResponseWriter, r *http.Request) error {
	var asked struct {
		Email    string `json:"email"`
		Password string `json:"password"`
	}
	if _, err := readJSON(w, r, &asked); err != nil {
		return err
	}
	session, err := f.accounts.Login(r.Context(), asked.Email, asked.Password, f.callerOf(r))
	if err != nil {
		return err
	}
	f.writeSession(w, http.StatusOK, session)
	return nil
}

package function

import (
	"encoding/json"
	"net/http"

	"taskwire.dev/functions/auth/internal/account"
	"taskwire.dev/shared/httpapi"
)

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
	session, step, err := f.accounts.Login(r.Context(), asked.Email, asked.Password, f.callerOf(r))
	if err != nil {
		return err
	}
	if step != nil {
		httpapi.WriteJSON(w, http.StatusAccepted, step)
		return nil
	}
	f.writeSession(w, http.StatusOK, session)
	return nil
}

// secondStep finishes a sign-in. It needs no memory of Idempotency-Keys, as the rest of a sign-in: a transaction works once.
func (f *Function) secondStep(w http.ResponseWriter, r *http.Request) error {
	var asked account.SecondStep
	if _, err := readJSON(w, r, &asked); err != nil {
		return err
	}
	session, err := f.accounts.FinishSignIn(r.Context(), asked, f.callerOf(r))
	if err != nil {
		return err
	}
	f.writeSession(w, http.StatusOK, session)
	return nil
}

// signInOptions answers with the argument of navigator.credentials.get.
func (f *Function) signInOptions(w http.ResponseWriter, r *http.Request) error {
	var asked struct {
		Transaction string `json:"transaction"`
	}
	if _, err := readJSON(w, r, &asked); err != nil {
		return err
	}
	options, err := f.accounts.SignInOptions(r.Context(), asked.Transaction, f.callerOf(r))
	return writeOptions(w, options, err)
}

func (f *Function) signInWithPasskey(w http.ResponseWriter, r *http.Request) error {
	var asked struct {
		Passkey json.RawMessage `json:"passkey"`
	}
	if _, err := readJSON(w, r, &asked); err != nil {
		return err
	}
	session, err := f.accounts.SignInWithPasskey(r.Context(), asked.Passkey, f.callerOf(r))
	if err != nil {
		return err
	}
	f.writeSession(w, http.StatusOK, session)
	return nil
}

// publicKey is the argument of a browser's WebAuthn call, in its JSON form.
type publicKey struct {
	PublicKey json.RawMessage `json:"publicKey"`
}

func writeOptions(w http.ResponseWriter, options json.RawMessage, err error) error {
	if err == nil {
		httpapi.WriteJSON(w, http.StatusOK, publicKey{options})
	}
	return err
}

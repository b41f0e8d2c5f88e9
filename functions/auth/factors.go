package function

import (
	"net/http"

	"github.com/google/uuid"

	"taskwire.dev/functions/auth/internal/account"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/token"
)

// The routes of second factors need no memory of Idempotency-Keys: a challenge, a setup and a confirmation work once, and new
// recovery codes replace those whose response was lost.

func (f *Function) confirm(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	var asked account.Confirmation
	if _, err := readJSON(w, r, &asked); err != nil {
		return err
	}
	var err error
	if asked.Visit, err = f.visitSecret(r); err != nil {
		return err
	}
	return noContent(w, f.accounts.Confirm(r.Context(), who, asked, f.callerOf(r)))
}

func (f *Function) confirmOptions(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	options, err := f.accounts.ConfirmOptions(r.Context(), who)
	return writeOptions(w, options, err)
}

func (f *Function) listFactors(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	held, err := f.accounts.Factors(r.Context(), who)
	return httpapi.WriteResult(w, http.StatusOK, held, err)
}

func (f *Function) passkeyOptions(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	options, err := f.accounts.PasskeyOptions(r.Context(), who)
	return writeOptions(w, options, err)
}

func (f *Function) addPasskey(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	var asked account.NewPasskey
	if _, err := readJSON(w, r, &asked); err != nil {
		return err
	}
	added, err := f.accounts.AddPasskey(r.Context(), who, asked, f.callerOf(r))
	return httpapi.WriteResult(w, http.StatusCreated, added, err)
}

func (f *Function) renamePasskey(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	id, err := passkeyID(r)
	if err != nil {
		return err
	}
	var asked struct {
		Name string `json:"name"`
	}
	if _, err := readJSON(w, r, &asked); err != nil {
		return err
	}
	p, err := f.accounts.RenamePasskey(r.Context(), who, id, asked.Name)
	return httpapi.WriteResult(w, http.StatusOK, p, err)
}

func (f *Function) removePasskey(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	id, err := passkeyID(r)
	if err != nil {
		return err
	}
	return noContent(w, f.accounts.RemovePasskey(r.Context(), who, id))
}

func passkeyID(r *http.Request) (uuid.UUID, error) {
	return pathID(r, fault.New(fault.NotFound, "there is no such passkey"))
}

func (f *Function) setUpTOTP(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	setup, err := f.accounts.SetUpTOTP(r.Context(), who)
	return httpapi.WriteResult(w, http.StatusOK, setup, err)
}

func (f *Function) confirmTOTP(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	var asked struct {
		Code string `json:"code"`
	}
	if _, err := readJSON(w, r, &asked); err != nil {
		return err
	}
	added, err := f.accounts.ConfirmTOTP(r.Context(), who, asked.Code)
	return httpapi.WriteResult(w, http.StatusCreated, added, err)
}

func (f *Function) removeTOTP(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	return noContent(w, f.accounts.RemoveTOTP(r.Context(), who))
}

func (f *Function) newRecoveryCodes(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	codes, err := f.accounts.NewRecoveryCodes(r.Context(), who)
	return httpapi.WriteResult(w, http.StatusCreated, account.Added{RecoveryCodes: codes}, err)
}

func noContent(w http.ResponseWriter, err error) error {
	if err == nil {
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(http.StatusNoContent)
	}
	return err
}

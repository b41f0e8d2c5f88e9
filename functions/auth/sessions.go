package function

import (
	"net/http"

	"github.com/google/uuid"

	"taskwire.dev/functions/auth/internal/account"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/token"
)

func (f *Function) listSessions(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	return writePage(w, r, func(s account.OpenSession) uuid.UUID { return s.ID }, func(before *uuid.UUID, limit int) ([]account.OpenSession, error) {
		return f.accounts.Sessions(r.Context(), who, before, limit)
	})
}

// endSession ends any of the caller's sessions. Ending the one that asks is a logout.
func (f *Function) endSession(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	id, err := pathID(r, fault.New(fault.NotFound, "there is no such session"))
	if err != nil {
		return err
	}
	if err := f.accounts.EndSession(r.Context(), who, id); err != nil {
		return err
	}
	if id == who.SessionID {
		f.clearSession(w)
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (f *Function) endOtherSessions(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	if err := f.accounts.EndOtherSessions(r.Context(), who); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

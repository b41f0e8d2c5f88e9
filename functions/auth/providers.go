package function

import (
	"net/http"

	"taskwire.dev/functions/auth/internal/account"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/token"
)

// pageReturn is the dashboard's page that providers send browsers back to. It passes on what the provider says, so that no address of
// the API changes anything when it is only opened.
const pageReturn = "/sign-in/return"

// The routes of providers need no memory of Idempotency-Keys: a visit works once.

func (f *Function) listProviders(w http.ResponseWriter, _ *http.Request) error {
	httpapi.WriteJSON(w, http.StatusOK, struct {
		Providers []account.ProviderName `json:"providers"`
	}{f.accounts.Providers()})
	return nil
}

func (f *Function) visitProvider(w http.ResponseWriter, r *http.Request) error {
	var asked struct {
		Provider string `json:"provider"`
	}
	if _, err := readJSON(w, r, &asked); err != nil {
		return err
	}
	d, err := f.accounts.VisitProvider(r.Context(), asked.Provider, f.callerOf(r))
	return f.writeDeparture(w, d, err)
}

func (f *Function) signInWithProvider(w http.ResponseWriter, r *http.Request) error {
	var asked account.ProviderSignIn
	if _, err := readJSON(w, r, &asked); err != nil {
		return err
	}
	secret, err := f.visitSecret(r)
	if err != nil {
		return err
	}
	session, step, made, err := f.accounts.SignInWithProvider(r.Context(), asked, secret, f.callerOf(r))
	if err != nil {
		return err
	}
	f.endVisit(w)
	if step != nil {
		httpapi.WriteJSON(w, http.StatusAccepted, step)
		return nil
	}
	status := http.StatusOK
	if made {
		status = http.StatusCreated
	}
	f.writeSession(w, status, session)
	return nil
}

func (f *Function) listIdentities(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	ways, err := f.accounts.Ways(r.Context(), who)
	return httpapi.WriteResult(w, http.StatusOK, ways, err)
}

func (f *Function) visitAsUser(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	var asked struct {
		Provider string `json:"provider"`
		Purpose  string `json:"purpose"`
	}
	if _, err := readJSON(w, r, &asked); err != nil {
		return err
	}
	d, err := f.accounts.VisitAsUser(r.Context(), who, asked.Provider, asked.Purpose, f.callerOf(r))
	return f.writeDeparture(w, d, err)
}

func (f *Function) linkIdentity(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	var asked account.Return
	if _, err := readJSON(w, r, &asked); err != nil {
		return err
	}
	secret, err := f.visitSecret(r)
	if err != nil {
		return err
	}
	i, err := f.accounts.LinkIdentity(r.Context(), who, asked, secret, f.callerOf(r))
	if err != nil {
		return err
	}
	f.endVisit(w)
	httpapi.WriteJSON(w, http.StatusCreated, i)
	return nil
}

func (f *Function) unlinkIdentity(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	id, err := pathID(r, fault.New(fault.NotFound, "there is no such linked account"))
	if err != nil {
		return err
	}
	return noContent(w, f.accounts.UnlinkIdentity(r.Context(), who, id))
}

func (f *Function) writeDeparture(w http.ResponseWriter, d account.Departure, err error) error {
	if err == nil {
		f.setCookie(w, httpapi.VisitCookie, d.Secret, accountPath, account.VisitLifetime)
		httpapi.WriteJSON(w, http.StatusOK, d)
	}
	return err
}

// visitSecret returns the secret of the browser that comes back, or "".
func (f *Function) visitSecret(r *http.Request) (string, error) {
	return httpapi.Cookie(r, httpapi.CookieName(httpapi.VisitCookie, f.origin.secure))
}

func (f *Function) endVisit(w http.ResponseWriter) {
	f.setCookie(w, httpapi.VisitCookie, "", accountPath, -1)
}

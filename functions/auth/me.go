package function

import (
	"net/http"

	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/token"
)

func (f *Function) me(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	user, err := f.accounts.Me(r.Context(), who)
	return httpapi.WriteResult(w, http.StatusOK, user, err)
}

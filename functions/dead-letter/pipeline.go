package function

import (
	"net/http"

	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/token"
)

// pipeline tells how events get on: what waits to be published, and what was given up.
func (f *Function) pipeline(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	snapshot, err := f.letters.Pipeline(r.Context(), who)
	if err != nil {
		return err
	}
	httpapi.WriteJSON(w, http.StatusOK, snapshot)
	return nil
}

package token

import (
	"net/http"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
)

// Handler handles requests of a caller whose token is valid.
type Handler func(w http.ResponseWriter, r *http.Request, who Principal) error

// Scoped lets h handle requests whose token is valid and has the scope.
func (v *Verifier) Scoped(scope string, h Handler) func(w http.ResponseWriter, r *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		who, err := v.Authenticate(r)
		if err != nil {
			return err
		}
		if err := who.Require(scope); err != nil {
			return err
		}
		return h(w, r, who)
	}
}

// Only lets h handle requests that have no other parameters in their query: one that is misspelled may ask for less than is
// done without it.
func Only(h Handler, parameters ...string) Handler {
	return func(w http.ResponseWriter, r *http.Request, who Principal) error {
		values, err := httpapi.Query(r)
		if err != nil {
			return err
		}
		var fs fault.Fields
		httpapi.Parameters(&fs, values, parameters...)
		if err := fs.Err(); err != nil {
			return err
		}
		return h(w, r, who)
	}
}

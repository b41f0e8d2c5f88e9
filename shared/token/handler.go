package token

import "net/http"

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

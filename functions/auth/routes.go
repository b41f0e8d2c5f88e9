package function

import (
	"net/http"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/token"
)

// routes returns all routes of the function.
func (f *Function) routes() http.Handler {
	rt := &httpapi.Router{}
	rt.Route("POST /api/auth/register", f.register)
	rt.Route("POST /api/auth/login", f.login)
	rt.Route("POST /api/auth/refresh", f.refresh)
	rt.Route("POST /api/auth/logout", f.logout)
	rt.Route("GET /api/auth/me", f.authenticated(f.me))
	rt.Route("POST /api/auth/tokens", f.interactive(f.createToken))
	rt.Route("GET /api/auth/tokens", f.interactive(f.listTokens))
	rt.Route("DELETE /api/auth/tokens/{id}", f.interactive(f.revokeToken))
	rt.Route("GET /.well-known/jwks.json", f.keys)
	rt.Route("POST /internal/token", f.exchange)
	return rt
}

// handler is a route for an authenticated principal.
type handler func(w http.ResponseWriter, r *http.Request, who token.Principal) error

// authenticated requires a valid token. h must check whether it was revoked.
func (f *Function) authenticated(h handler) httpapi.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		who, err := f.tokens.Authenticate(r)
		if err != nil {
			return err
		}
		return h(w, r, who)
	}
}

// interactive requires a session. A personal access token must not create others, which would outlive it.
func (f *Function) interactive(h handler) httpapi.Handler {
	return f.authenticated(func(w http.ResponseWriter, r *http.Request, who token.Principal) error {
		if !who.Personal {
			return h(w, r, who)
		}
		if _, err := f.accounts.Me(r.Context(), who); err != nil {
			return err // a revoked token is reported first
		}
		return fault.New(fault.Forbidden, "a personal access token cannot manage tokens: sign in instead")
	})
}

// readJSON reads the body into v, a pointer to a struct, and the Idempotency-Key.
func readJSON(w http.ResponseWriter, r *http.Request, v any) (idempotency.Key, error) {
	if err := httpapi.CheckMediaType(r, "application/json"); err != nil {
		return idempotency.Key{}, err
	}
	body, err := httpapi.ReadBody(w, r, httpapi.MaxAccountBody)
	if err != nil {
		return idempotency.Key{}, err
	}
	key, err := keyOf(r, body)
	if err != nil {
		return idempotency.Key{}, err
	}
	return key, httpapi.DecodeJSON(body, v)
}

// keyOf reads the Idempotency-Key.
func keyOf(r *http.Request, body []byte) (idempotency.Key, error) {
	return idempotency.FromHeader(r.Header.Get("Idempotency-Key"), r.Method, r.URL.Path, body)
}

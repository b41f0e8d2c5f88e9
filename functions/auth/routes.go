package function

import (
	"net/http"

	"github.com/google/uuid"

	"taskwire.dev/functions/auth/internal/account"
	"taskwire.dev/functions/auth/internal/oauth"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
)

// routes returns all routes of the function.
func (f *Function) routes() http.Handler {
	rt := &httpapi.Router{}
	rt.Route("POST /api/auth/register", f.register)
	rt.Route("POST /api/auth/login", f.login)
	rt.Route("POST /api/auth/login/second-step", f.secondStep)
	rt.Route("POST /api/auth/login/passkey", f.signInWithPasskey)
	rt.Route("POST /api/auth/login/passkey/options", f.signInOptions)
	rt.Route("POST /api/auth/refresh", f.refresh)
	rt.Route("POST /api/auth/logout", f.logout)
	rt.Route("GET /api/auth/me", f.authenticated(f.me))
	rt.Route("POST /api/auth/tokens", f.interactive(f.createToken))
	rt.Route("GET /api/auth/tokens", f.interactive(f.listTokens))
	rt.Route("DELETE /api/auth/tokens/{id}", f.interactive(f.revokeToken))
	rt.Route("POST /api/auth/password", f.interactive(f.changePassword))
	rt.Route("POST /api/auth/reset", f.requestReset)
	rt.Route("POST /api/auth/reset/confirm", f.resetPassword)
	rt.Route("GET /api/auth/sessions", f.interactive(f.listSessions))
	rt.Route("DELETE /api/auth/sessions", f.interactive(f.endOtherSessions))
	rt.Route("DELETE /api/auth/sessions/{id}", f.interactive(f.endSession))
	rt.Route("POST /api/auth/confirm", f.interactive(f.confirm))
	rt.Route("POST /api/auth/confirm/options", f.interactive(f.confirmOptions))
	rt.Route("GET /api/auth/oidc/providers", f.listProviders)
	rt.Route("POST /api/auth/oidc/start", f.visitProvider)
	rt.Route("POST /api/auth/oidc/callback", f.signInWithProvider)
	rt.Route("GET /api/auth/oidc/identities", f.interactive(f.listIdentities))
	rt.Route("POST /api/auth/oidc/identities/start", f.interactive(f.visitAsUser))
	rt.Route("POST /api/auth/oidc/identities", f.interactive(f.linkIdentity))
	rt.Route("DELETE /api/auth/oidc/identities/{id}", f.interactive(f.unlinkIdentity))
	rt.Route("GET /api/auth/factors", f.interactive(f.listFactors))
	rt.Route("POST /api/auth/factors/passkeys/options", f.interactive(f.passkeyOptions))
	rt.Route("POST /api/auth/factors/passkeys", f.interactive(f.addPasskey))
	rt.Route("PATCH /api/auth/factors/passkeys/{id}", f.interactive(f.renamePasskey))
	rt.Route("DELETE /api/auth/factors/passkeys/{id}", f.interactive(f.removePasskey))
	rt.Route("POST /api/auth/factors/totp", f.interactive(f.setUpTOTP))
	rt.Route("POST /api/auth/factors/totp/confirm", f.interactive(f.confirmTOTP))
	rt.Route("DELETE /api/auth/factors/totp", f.interactive(f.removeTOTP))
	rt.Route("POST /api/auth/factors/recovery-codes", f.interactive(f.newRecoveryCodes))
	rt.Route("GET /api/admin/users", f.admin(f.listUsers))
	rt.Route("PATCH /api/admin/users/{id}", f.admin(f.changeUser))
	rt.Route("POST /api/admin/users/{id}/end-sessions", f.admin(f.endSessionsOf))
	rt.Route("POST /api/admin/users/{id}/reset-link", f.admin(f.createResetLink))
	rt.Route("POST /api/auth/deletion", f.interactive(f.requestDeletion))
	rt.Route("DELETE /api/auth/deletion", f.interactive(f.cancelDeletion))
	rt.Route("GET /.well-known/jwks.json", f.keys)
	rt.Route("GET "+oauth.PathMetadata, f.metadata)
	rt.Route("POST "+oauth.PathRegister, f.registerApp)
	rt.Route("POST "+oauth.PathToken, f.protocol)
	rt.Route("POST "+oauth.PathRevoke, f.protocol)
	rt.Route("GET /api/auth/oauth/consent", f.interactive(f.consent))
	rt.Route("POST /api/auth/oauth/consent", f.interactive(f.answerConsent))
	rt.Route("GET /api/auth/apps", f.interactive(f.listApps))
	rt.Route("DELETE /api/auth/apps/{id}", f.interactive(f.disconnectApp))
	rt.Route("POST /internal/token", f.exchange)
	return rt
}

// pathID reads the id in the path. A malformed id is treated as not found.
func pathID(r *http.Request, notFound error) (uuid.UUID, error) {
	id, ok := task.ParseID(r.PathValue("id"))
	if !ok {
		return uuid.Nil, notFound
	}
	return id, nil
}

// authenticated requires a valid token. h must check whether it was revoked.
func (f *Function) authenticated(h token.Handler) httpapi.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		who, err := f.tokens.Authenticate(r)
		if err != nil {
			return err
		}
		return h(w, r, who)
	}
}

// interactive requires an open session. A personal access token must not create others, which would outlive it, nor end sessions.
func (f *Function) interactive(h token.Handler) httpapi.Handler {
	return f.authenticated(func(w http.ResponseWriter, r *http.Request, who token.Principal) error {
		if _, err := f.accounts.Me(r.Context(), who); err != nil {
			return err // a revoked token, or one whose session has ended, is reported first
		}
		if who.App {
			return fault.New(fault.Forbidden, "a connected app cannot manage the account: sign in instead")
		}
		if who.Personal {
			return fault.New(fault.Forbidden, "a personal access token cannot manage the account: sign in instead")
		}
		if who.Assistant != "" {
			return fault.New(fault.Forbidden, "an assistant cannot manage the account: sign in instead")
		}
		if who.SessionID == uuid.Nil {
			return account.ErrSession
		}
		return h(w, r, who)
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

package function

import (
	"encoding/base64"
	"net/http"

	"github.com/google/uuid"

	"taskwire.dev/functions/auth/internal/account"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/token"
)

// admin lets h serve administrators in an open session.
func (f *Function) admin(h token.Handler) httpapi.Handler {
	return f.authenticated(func(w http.ResponseWriter, r *http.Request, who token.Principal) error {
		if err := f.accounts.Administer(r.Context(), who); err != nil {
			return err
		}
		return h(w, r, who)
	})
}

// maxSearch is the most bytes of a search.
const maxSearch = 254

func (f *Function) listUsers(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	v, err := httpapi.Query(r)
	if err != nil {
		return err
	}
	var fs fault.Fields
	httpapi.Parameters(&fs, v, "limit", "cursor", "q")
	limit := httpapi.Limit(&fs, v)
	q := account.UserQuery{Text: v.Get("q"), Limit: limit + 1}
	if !searchable(q.Text) {
		fs.Add("/q", "must be at most %d bytes of UTF-8, without NUL", maxSearch)
	}
	after, err := base64.RawURLEncoding.DecodeString(v.Get("cursor"))
	if err != nil || !searchable(string(after)) {
		fs.Add("/cursor", "is not a cursor of this list")
	}
	q.After = string(after)
	if err := fs.Err(); err != nil {
		return err
	}
	users, err := f.accounts.Users(r.Context(), who, q)
	if err != nil {
		return err
	}
	p := page[account.ManagedUser]{Items: users}
	if len(users) > limit {
		p.Items = users[:limit]
		next := base64.RawURLEncoding.EncodeToString([]byte(p.Items[limit-1].Email))
		p.NextCursor = &next
	}
	httpapi.WriteJSON(w, http.StatusOK, p)
	return nil
}

// searchable reports whether PostgreSQL can compare s with addresses.
func searchable(s string) bool {
	return len(s) <= maxSearch && httpapi.IsText(s)
}

func (f *Function) changeUser(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	id, err := userID(r)
	if err != nil {
		return err
	}
	var asked account.UserChange
	if _, err := readJSON(w, r, &asked); err != nil {
		return err
	}
	user, err := f.accounts.ChangeUser(r.Context(), who, id, asked)
	return httpapi.WriteResult(w, http.StatusOK, user, err)
}

func (f *Function) endSessionsOf(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	id, err := userID(r)
	if err != nil {
		return err
	}
	var asked struct {
		RevokeTokens bool `json:"revoke_tokens"`
	}
	if _, err := readJSON(w, r, &asked); err != nil {
		return err
	}
	if err := f.accounts.EndAllSessions(r.Context(), who, id, asked.RevokeTokens); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (f *Function) createResetLink(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	id, err := userID(r)
	if err != nil {
		return err
	}
	link, err := f.accounts.ResetLink(r.Context(), who, id, f.resetPage)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	httpapi.WriteJSON(w, http.StatusOK, link)
	return nil
}

func userID(r *http.Request) (uuid.UUID, error) { return pathID(r, account.ErrNoUser) }

package function

import (
	"encoding/base64"
	"encoding/json"
	"net/http"

	"github.com/google/uuid"

	"taskwire.dev/functions/auth/internal/account"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/token"
)

func (f *Function) createToken(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	var asked account.NewToken
	if _, err := readJSON(w, r, &asked); err != nil {
		return err
	}
	// Of the request without the password: a fast hash of it must not be stored.
	plain := asked
	plain.Password = ""
	body, err := json.Marshal(plain) //nolint:gosec // its password is empty
	if err != nil {
		return err
	}
	key, err := keyOf(r, body)
	if err != nil {
		return err
	}
	created, err := f.accounts.CreateToken(r.Context(), who, asked, key, f.callerOf(r))
	return httpapi.WriteResult(w, http.StatusCreated, created, err)
}

// page is a page of a list. The cursor is the id of the last item that was shown.
type page[T any] struct {
	Items      []T     `json:"items"`
	NextCursor *string `json:"next_cursor"`
}

// writePage answers with a page of what list returns, which is ordered by id, newest first.
func writePage[T any](w http.ResponseWriter, r *http.Request, id func(T) uuid.UUID, list func(before *uuid.UUID, limit int) ([]T, error)) error {
	v, err := httpapi.Query(r)
	if err != nil {
		return err
	}
	var fs fault.Fields
	httpapi.Parameters(&fs, v, "limit", "cursor")
	limit := httpapi.Limit(&fs, v)
	before := parseCursor(&fs, v.Get("cursor"))
	if err := fs.Err(); err != nil {
		return err
	}
	items, err := list(before, limit+1)
	if err != nil {
		return err
	}
	p := page[T]{Items: items}
	if len(items) > limit {
		p.Items = items[:limit]
		last := id(p.Items[limit-1])
		next := base64.RawURLEncoding.EncodeToString(last[:])
		p.NextCursor = &next
	}
	httpapi.WriteJSON(w, http.StatusOK, p)
	return nil
}

func (f *Function) listTokens(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	return writePage(w, r, func(t account.Token) uuid.UUID { return t.ID }, func(before *uuid.UUID, limit int) ([]account.Token, error) {
		return f.accounts.Tokens(r.Context(), who, before, limit)
	})
}

func parseCursor(fs *fault.Fields, s string) *uuid.UUID {
	if s == "" {
		return nil
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) != len(uuid.UUID{}) {
		fs.Add("/cursor", "is not a cursor of this list")
		return nil
	}
	id := uuid.UUID(b)
	return &id
}

func (f *Function) revokeToken(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	id, err := pathID(r, fault.New(fault.NotFound, "there is no such token"))
	if err != nil {
		return err
	}
	if err := f.accounts.RevokeToken(r.Context(), who, id); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

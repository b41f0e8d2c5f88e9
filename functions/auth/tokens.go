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

func (f *Function) createToken(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	var asked account.NewToken
	key, err := readJSON(w, r, &asked)
	if err != nil {
		return err
	}
	created, err := f.accounts.CreateToken(r.Context(), who, asked, key)
	if err != nil {
		return err
	}
	httpapi.WriteJSON(w, http.StatusCreated, created)
	return nil
}

type tokenPage struct {
	Items      []account.Token `json:"items"`
	NextCursor *string         `json:"next_cursor"`
}

// listTokens gives pages; the cursor is the id of the last token that was shown.
func (f *Function) listTokens(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	var fs fault.Fields
	v := r.URL.Query()
	for name := range v {
		if name != "limit" && name != "cursor" {
			fs.Add("/"+name, "is not a parameter of this list")
		}
	}
	limit := httpapi.Limit(&fs, v)
	before := parseCursor(&fs, v.Get("cursor"))
	if err := fs.Err(); err != nil {
		return err
	}
	tokens, err := f.accounts.Tokens(r.Context(), who, before, limit+1)
	if err != nil {
		return err
	}
	page := tokenPage{Items: tokens}
	if len(tokens) > limit {
		page.Items = tokens[:limit]
		id := page.Items[limit-1].ID
		next := base64.RawURLEncoding.EncodeToString(id[:])
		page.NextCursor = &next
	}
	httpapi.WriteJSON(w, http.StatusOK, page)
	return nil
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
	id, err := uuid.Parse(r.PathValue("id"))
	if err != nil {
		return fault.New(fault.NotFound, "there is no such token") // a malformed id is treated as not found
	}
	if err := f.accounts.RevokeToken(r.Context(), who, id); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

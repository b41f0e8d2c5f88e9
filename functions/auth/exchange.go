package function

import (
	"crypto/sha256"
	"crypto/subtle"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
)

// Identifiers of RFC 8693.
const (
	grantTokenExchange = "urn:ietf:params:oauth:grant-type:token-exchange"
	typeAccessToken    = "urn:ietf:params:oauth:token-type:access_token"
)

// exchanged is the answer to a token exchange (RFC 8693, 2.2.1).
type exchanged struct {
	AccessToken     string `json:"access_token"`
	IssuedTokenType string `json:"issued_token_type"`
	TokenType       string `json:"token_type"`
	ExpiresIn       int    `json:"expires_in"`
	Scope           string `json:"scope"`
}

// exchange gives the mcp function a token to call the tasks function with, for the one that an assistant came with
// (RFC 8693). Its parameter actor is the name by which the assistant calls itself.
func (f *Function) exchange(w http.ResponseWriter, r *http.Request) error {
	if !f.fromMCP(r) {
		return fault.New(fault.NotFound, "this path does not exist")
	}
	form, _, err := readForm(w, r)
	if err != nil {
		return err
	}
	var fs fault.Fields
	for _, p := range []struct{ name, want string }{{"grant_type", grantTokenExchange}, {"subject_token_type", typeAccessToken}} {
		if form.Get(p.name) != p.want {
			fs.Add("/"+p.name, "must be %s", p.want)
		}
	}
	if err := fs.Err(); err != nil {
		return err
	}
	who, err := f.apps.Tokens().Verify(r.Context(), form.Get("subject_token"))
	if err != nil {
		return err
	}
	d, err := f.accounts.Delegate(r.Context(), who, form.Get("actor"))
	if err != nil {
		return err
	}
	httpapi.WriteJSON(w, http.StatusOK, exchanged{
		AccessToken: d.AccessToken, IssuedTokenType: typeAccessToken, TokenType: "Bearer",
		ExpiresIn: int(d.ExpiresIn.Seconds()), Scope: strings.Join(d.Scopes, " "),
	})
	return nil
}

// fromMCP reports whether the caller is the mcp function. Others get 404: the holder of a token with the scope mcp must not be
// able to widen it.
func (f *Function) fromMCP(r *http.Request) bool {
	name, secret, ok := r.BasicAuth()
	got, want := sha256.Sum256([]byte(secret)), sha256.Sum256([]byte(f.mcpSecret))
	return ok && f.mcpSecret != "" && name == "mcp" && subtle.ConstantTimeCompare(got[:], want[:]) == 1
}

// readForm reads a body of the type that OAuth uses.
func readForm(w http.ResponseWriter, r *http.Request) (url.Values, []byte, error) {
	if given, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || given != "application/x-www-form-urlencoded" {
		return nil, nil, fault.New(fault.UnsupportedMedia, "Content-Type must be application/x-www-form-urlencoded")
	}
	body, err := httpapi.ReadBody(w, r, httpapi.MaxAccountBody)
	if err != nil {
		return nil, nil, err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, nil, fault.Wrap(fault.Malformed, err, "the form is malformed")
	}
	return form, body, nil
}

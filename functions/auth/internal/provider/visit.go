package provider

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
)

// Visit is one trip of a browser to a provider and back. Nonce and verifier are derived from a secret that only the browser has: what
// is stored of a visit is not enough to finish it.
type Visit struct {
	state    string
	nonce    string
	verifier string // of PKCE
}

// NewVisit returns the visit of the browser with a secret.
func NewVisit(browser, state string) Visit {
	return Visit{state: state, nonce: derive(browser, "nonce", state), verifier: derive(browser, "verifier", state)}
}

func derive(browser, what, state string) string {
	h := hmac.New(sha256.New, []byte(browser))
	h.Write([]byte(what + " " + state))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

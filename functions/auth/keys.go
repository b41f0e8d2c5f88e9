package function

import "net/http"

// keys publishes the public keys. Unlike everything else here they are public and may be cached.
func (f *Function) keys(w http.ResponseWriter, r *http.Request) error {
	set, err := f.signer.JWKS(r.Context())
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "public, max-age=300")
	_, _ = w.Write(set)
	return nil
}

package dapr

import (
	"crypto/subtle"
	"net/http"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
)

// FromSidecar lets only the own sidecar call h: it knows the token that Dapr sends as the header
// dapr-api-token. Others learn not even that the route exists. Without a configured token nobody can be told
// apart, so nobody is let in, unless the mesh is trusted to (see Config.TrustMesh).
func FromSidecar(c Config, h httpapi.Handler) httpapi.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if c.TrustMesh || c.AppToken != "" && subtle.ConstantTimeCompare([]byte(r.Header.Get(apiTokenHeader)), []byte(c.AppToken)) == 1 {
			return h(w, r)
		}
		return fault.New(fault.NotFound, "there is nothing at this path")
	}
}

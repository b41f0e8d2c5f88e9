package dapr

import (
	"crypto/subtle"
	"log/slog"
	"net/http"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/telemetry"
)

// FromSidecar allows only the function's sidecar to call h. It checks the token that Dapr sends in the header dapr-api-token;
// other callers get 404. Without a configured token all callers are refused, unless the mesh is trusted (see Config.TrustMesh).
func FromSidecar(c Config, h httpapi.Handler) httpapi.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if c.TrustMesh || c.AppToken != "" && subtle.ConstantTimeCompare([]byte(r.Header.Get(apiTokenHeader)), []byte(c.AppToken)) == 1 {
			return h(w, r)
		}
		telemetry.Audit(r.Context(), telemetry.EventForged, slog.String("path", r.URL.Path))
		return fault.New(fault.NotFound, "this path does not exist")
	}
}

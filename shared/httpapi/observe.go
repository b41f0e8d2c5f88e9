package httpapi

import (
	"context"
	"net/http"
	"strings"

	"taskwire.dev/shared/telemetry"
)

// HeaderRequestID identifies a request in logs and answers.
const HeaderRequestID = "X-Request-Id"

// observed returns the context of r, which is in the request's trace and names the request in log lines. The response
// names both.
func observed(w http.ResponseWriter, r *http.Request) context.Context {
	ctx := telemetry.WithTrace(r.Context(), r.Header.Get(telemetry.HeaderTraceparent))
	w.Header().Set(telemetry.HeaderTraceresponse, telemetry.Traceparent(ctx))
	id := r.Header.Get(HeaderRequestID)
	if !telemetry.ValidRequestID(id) {
		return telemetry.WithRequest(ctx, "")
	}
	w.Header().Set(HeaderRequestID, id)
	return telemetry.WithRequest(ctx, id)
}

// Routed names the request's span, and what is measured of it, by the route. The pattern is that of http.ServeMux, or empty
// for a request that no route takes; {$}, which ends a path, is left out.
func Routed(ctx context.Context, method, pattern string) {
	path := pattern[strings.IndexByte(pattern, ' ')+1:]
	telemetry.SetRoute(ctx, method, telemetry.Route(strings.TrimSuffix(path, "{$}")))
}

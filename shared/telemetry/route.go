package telemetry

import (
	"context"

	"go.opentelemetry.io/otel/trace"
)

// Route is the route that a request took: empty until SetRoute, and for a request that no route takes.
type Route string

type routeKey struct{}

// WithRoute returns a context in which SetRoute sets route.
func WithRoute(ctx context.Context, route *Route) context.Context {
	return context.WithValue(ctx, routeKey{}, route)
}

// SetRoute names the context's span, and what is measured of its request, by the route: paths have ids in them.
func SetRoute(ctx context.Context, method string, route Route) {
	of, observed := ctx.Value(routeKey{}).(*Route)
	if !observed || route == "" {
		return
	}
	*of = route
	if span := trace.SpanFromContext(ctx); span.IsRecording() {
		span.SetName(method + " " + string(route))
	}
}

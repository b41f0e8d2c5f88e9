// Package function is what all functions do alike at their start.
package function

import (
	"errors"
	"net/http"
	"sync/atomic"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
)

// Gate answers 503 until the function has started: func-go serves while Start still runs.
type Gate struct{ handler atomic.Pointer[http.Handler] }

// Open lets requests through to h.
func (g *Gate) Open(h http.Handler) { g.handler.Store(&h) }

// IsOpen reports whether the function has started.
func (g *Gate) IsOpen() bool { return g.handler.Load() != nil }

// ServeHTTP passes r on, or says that it is too early.
func (g *Gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h := g.handler.Load(); h != nil {
		(*h).ServeHTTP(w, r)
		return
	}
	httpapi.WriteProblem(w, r, fault.Away("this function", errors.New("it is starting")))
}

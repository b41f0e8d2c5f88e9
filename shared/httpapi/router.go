package httpapi

import (
	"fmt"
	"log/slog"
	"net/http"
	"path"
	"runtime/debug"
	"slices"
	"strings"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/memory"
)

// Handler handles a route: it writes a response, or returns the fault to respond with.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Router is an http.ServeMux whose 404 and 405 responses are problems, too.
type Router struct {
	Compressed bool // compress the answers of the routes that follow
	Forwards   bool // leave the bodies of requests as they are: another function reads them
	mux        http.ServeMux
	// literal has the methods of each path without wildcards. The mux would give other methods to a pattern that also matches
	// the path: with GET /todos/{id} and POST /todos/batch, it takes GET /todos/batch for the todo "batch".
	literal map[string][]string
}

// Route adds a handler for a pattern of http.ServeMux, such as "GET /api/todos/{id}".
func (rt *Router) Route(pattern string, h Handler) {
	if method, path, ok := strings.Cut(pattern, " "); ok && !strings.Contains(path, "{") {
		rt.allow(path, method)
	}
	answer := func(w http.ResponseWriter, r *http.Request) error {
		var err error
		if !rt.Forwards {
			err = decompress(w, r)
		}
		if err == nil {
			err = h(w, r)
		}
		if err != nil {
			WriteProblem(w, r, err)
		}
		return nil
	}
	if rt.Compressed {
		answer = Compressed(answer)
	}
	rt.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { _ = answer(w, r) })
}

// allow adds a method to a path without wildcards. GET includes HEAD.
func (rt *Router) allow(path, method string) {
	if rt.literal == nil {
		rt.literal = map[string][]string{}
	}
	methods := append(rt.literal[path], method)
	if method == http.MethodGet {
		methods = append(methods, http.MethodHead)
	}
	slices.Sort(methods)
	rt.literal[path] = methods
}

func (rt *Router) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer func() {
		if p := recover(); p != nil {
			if p == http.ErrAbortHandler { //nolint:errorlint // the exact value, as in net/http
				panic(p)
			}
			slog.ErrorContext(r.Context(), "panic", "path", r.URL.Path, "panic", p, "stack", string(debug.Stack()))
			WriteProblem(w, r, fault.Wrap(fault.Internal, fmt.Errorf("panic: %v", p), "an unexpected error"))
		}
	}()
	ctx, lease := memory.Process().Begin(observed(w, r))
	defer lease.End()
	r = r.WithContext(ctx)
	h, pattern := rt.mux.Handler(r)
	Routed(ctx, r.Method, pattern)
	if !clean(r.URL.Path) {
		// The mux would redirect to the path without dots and double slashes. Taskwire never links to such paths.
		WriteProblem(w, r, fault.New(fault.NotFound, "this path does not exist"))
		return
	}
	if methods := rt.literal[r.URL.Path]; methods != nil && !slices.Contains(methods, r.Method) {
		WriteProblem(w, r, NotAllowed(w, r, methods...))
		return
	}
	if pattern != "" {
		rt.mux.ServeHTTP(w, r)
		return
	}
	// The mux would send plain 404 or 405: record which, and send a problem instead.
	said := &verdict{header: http.Header{}}
	h.ServeHTTP(said, r)
	switch said.status {
	case http.StatusMethodNotAllowed:
		WriteProblem(w, r, NotAllowed(w, r, said.header.Get("Allow")))
	default:
		WriteProblem(w, r, fault.New(fault.NotFound, "this path does not exist"))
	}
}

// NotAllowed returns the fault for a method that the path of r does not have, and lists those that it has in the header Allow.
func NotAllowed(w http.ResponseWriter, r *http.Request, methods ...string) error {
	allow := strings.Join(methods, ", ")
	w.Header().Set("Allow", allow)
	return fault.New(fault.MethodNotAllowed, "%s allows only %s", r.URL.Path, allow)
}

// clean reports whether the mux would not redirect p.
func clean(p string) bool {
	c := path.Clean(p)
	return p == c || p == c+"/"
}

// verdict is a ResponseWriter that records only status and header.
type verdict struct {
	header http.Header
	status int
}

func (v *verdict) Header() http.Header         { return v.header }
func (v *verdict) Write(b []byte) (int, error) { return len(b), nil }
func (v *verdict) WriteHeader(status int)      { v.status = status }

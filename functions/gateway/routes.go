package function

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"taskwire.dev/shared/dapr"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/telemetry"
	"taskwire.dev/shared/token"
)

// Upstreams are all other functions. In a cluster the URLs are Knative's, so that a request starts the function.
type Upstreams struct {
	URLs urls `env:"FUNCTION_URLS,required"`
}

// urls maps function names to URLs. The variable has the form "auth=http://auth tasks=http://tasks".
type urls map[string]string

// UnmarshalText implements encoding.TextUnmarshaler.
func (u *urls) UnmarshalText(text []byte) error {
	*u = urls{}
	for field := range strings.FieldsSeq(string(text)) {
		name, address, ok := strings.Cut(field, "=")
		if !ok {
			return fmt.Errorf("%q is not NAME=URL", field)
		}
		(*u)[name] = address
	}
	return nil
}

// forwarded returns the URL of each function with a route.
func (u Upstreams) forwarded(sidecar dapr.Config) map[string]string {
	found := map[string]string{}
	for _, route := range forwarded {
		found[route.function] = u.URLs[route.function]
		if throughSidecar[route.function] {
			found[route.function] = dapr.InvocationURL(sidecar, route.function)
		}
	}
	return found
}

// nobody is the upstream of paths that are not reachable from outside.
const nobody = ""

// route sends a path and all below it to a function.
type route struct{ path, function string }

// closed are paths that clients cannot reach, except for routes of functions below them.
var closed = []string{
	"/api",
	"/.well-known",
	"/internal", // what only a function's own sidecar may call
	"/dapr",
	"/health",
}

// table has the longest path first; the first match decides.
var table = newTable()

func newTable() []route {
	all := slices.Clone(forwarded)
	for _, path := range closed {
		all = append(all, route{path, nobody})
	}
	slices.SortFunc(all, func(a, b route) int { return len(b.path) - len(a.path) })
	return all
}

// maxBody is the maximal size of a request to a function in bytes.
func maxBody(function string) int64 {
	switch function {
	case "auth":
		return httpapi.MaxAccountBody
	case "mcp":
		return httpapi.MaxCallBody
	case "notifications":
		return httpapi.MaxNotificationBody
	case "dashboard":
		return smallBody
	default:
		return httpapi.MaxBody
	}
}

// upstream returns the name of the function that serves a path, and the route's path.
func upstream(p string) (function, route string) {
	for _, route := range table {
		if p == route.path || route.path == "/" || strings.HasPrefix(p, route.path) && p[len(route.path)] == '/' {
			return route.function, route.path
		}
	}
	return nobody, ""
}

// methods are the supported methods; the gateway does not support CONNECT and TRACE.
var methods = []string{
	http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions,
}

// open reports whether a request needs no token: to start or end a session, for an app to register and to get its tokens, to read
// public keys and metadata, and for the dashboard, which signs in after it has loaded.
func open(r *http.Request, function string) bool {
	switch r.URL.Path {
	case "/api/auth/register", "/api/auth/login", "/api/auth/refresh", "/api/auth/logout", "/api/auth/reset", "/api/auth/reset/confirm",
		"/api/auth/login/second-step", "/api/auth/login/passkey", "/api/auth/login/passkey/options", "/api/auth/oidc/start", "/api/auth/oidc/callback",
		"/api/auth/oauth/register", "/api/auth/oauth/token", "/api/auth/oauth/revoke":
		return r.Method == http.MethodPost
	}
	read := r.Method == http.MethodGet || r.Method == http.MethodHead
	return function == "dashboard" || read && r.URL.Path == "/api/auth/oidc/providers" || read && strings.HasPrefix(r.URL.Path, "/.well-known/")
}

// routes returns the gateway's handler: its own routes, and the proxy to all others.
func (f *Function) routes(door *frontDoor) http.Handler {
	own := map[string]httpapi.Handler{
		pathStream:    f.limited(f.stream),
		"/api/status": httpapi.Compressed(f.limited(f.answerStatus)),
		pathHint:      only(http.MethodPost, dapr.FromSidecar(f.config.Sidecar, f.hint)),
	}
	rt := &httpapi.Router{Forwards: true}
	rt.Route("/", func(w http.ResponseWriter, r *http.Request) error {
		// Any Host is allowed here: only the gateway's sidecar may call this route.
		if r.URL.Path != pathHint {
			if err := door.hosts.check(r); err != nil {
				return refuse(w, r, err)
			}
		}
		unknown := !slices.Contains(methods, r.Method)
		if unknown {
			r = withoutMethod(w, r)
		}
		// Cookies are SameSite=Strict; this also blocks requests of other origins without cookies.
		if err := door.origins.Check(r); err != nil {
			return refuse(w, r, fault.Wrap(fault.Forbidden, err, "requests from pages of another origin are not allowed"))
		}
		if h := own[r.URL.Path]; h != nil {
			httpapi.Routed(r.Context(), r.Method, r.URL.Path)
			return h(w, r)
		}
		name, prefix := upstream(r.URL.Path)
		httpapi.Routed(r.Context(), r.Method, prefix)
		tokens := f.tokens
		if name == "mcp" {
			tokens = f.mcp
		}
		client, err := f.admit(r, tokens, name == nobody || unknown || open(r, name))
		if err != nil {
			if name == "mcp" && fault.Is(err, fault.Unauthenticated) {
				w.Header().Set("WWW-Authenticate", door.challenge(r))
			}
			return refuse(w, r, err)
		}
		if err := checkForwarded(r, name); err != nil {
			return refuse(w, r, err)
		}
		if err := door.forward(w, r, client, name); err != nil {
			return refuse(w, r, err)
		}
		return nil
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !telemetry.ValidRequestID(r.Header.Get(httpapi.HeaderRequestID)) {
			r.Header.Set(httpapi.HeaderRequestID, postgres.NewID().String())
		}
		f.sendAway(w.Header())
		door.secure(w.Header()) // before the router, which refuses unclean paths
		if err := checkSyntax(r); err != nil {
			httpapi.WriteProblem(w, r, refuse(w, r, err))
			return
		}
		rt.ServeHTTP(w, r)
	})
}

// withoutMethod returns r with the method OPTIONS, which no function implements, and without a body: the function answers that the
// path does not exist, or which methods it allows. The method itself is not forwarded; TRACE would send credentials back.
func withoutMethod(w http.ResponseWriter, r *http.Request) *http.Request {
	if r.ContentLength != 0 {
		w.Header().Set("Connection", "close") // the body stays unread
	}
	r = r.Clone(r.Context())
	r.Method, r.Body, r.ContentLength, r.TransferEncoding = http.MethodOptions, http.NoBody, 0, nil
	return r
}

// checkForwarded refuses what cannot be forwarded to a function.
func checkForwarded(r *http.Request, name string) error {
	if name == nobody {
		return fault.New(fault.NotFound, "this path does not exist")
	}
	// Here already: a proxy, as Knative's queue-proxy is one, takes out what it cannot parse. A page is given to any query.
	if name != "dashboard" {
		if _, err := httpapi.Query(r); err != nil {
			return err
		}
	}
	if throughSidecar[name] {
		return checkInvocation(r)
	}
	return nil
}

// refuse gives err back and, if r has a body that was not read, ends the connection: else net/http would wait for the body
// before it answers.
func refuse(w http.ResponseWriter, r *http.Request, err error) error {
	if r.ContentLength != 0 && r.GetBody == nil {
		w.Header().Set("Connection", "close")
	}
	return err
}

// challenge is the MCP function's WWW-Authenticate for a request without a valid token.
func (d *frontDoor) challenge(r *http.Request) string {
	problem := "invalid_token"
	if _, err := token.FromRequest(r); err != nil {
		problem = ""
	}
	return token.MCPChallenge(d.origin, problem)
}

// only restricts h to one method; for others the route does not exist.
func only(method string, h httpapi.Handler) httpapi.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if r.Method != method {
			return fault.New(fault.NotFound, "this path does not exist")
		}
		return h(w, r)
	}
}

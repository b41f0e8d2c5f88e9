package function

import (
	"net/http"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/token"
)

// paths of the function. RFC 9728, 3.1, puts the resource's path after the well-known one.
const (
	pathMCP      = token.PathMCP
	pathMetadata = token.PathMCPMetadata
)

// routes lists all routes of the function.
func (f *Function) routes() http.Handler {
	server := f.server()
	handler := mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return server }, &mcp.StreamableHTTPOptions{
		Stateless:    true,
		JSONResponse: true, // tools send nothing before they are done
		// It compares Host with the local address, which behind Knative's proxy is always loopback. guard checks Origin
		// instead.
		DisableLocalhostProtection:   true,
		MaxRequestBodyBytes:          httpapi.MaxCallBody,
		PropagateRequestCancellation: true,
	})
	rt := &httpapi.Router{Compressed: true}
	rt.Route(pathMCP, f.guard(handler))
	rt.Route("GET "+pathMetadata, f.metadata)
	rt.Route("GET "+pathMetadata+pathMCP, f.metadata)
	f.consumer.Mount(rt, f.config.Sidecar, cloudevent.TopicTaskEvents)
	return rt
}

// metadata tells clients where to get tokens for this resource (RFC 9728).
func (f *Function) metadata(w http.ResponseWriter, _ *http.Request) error {
	httpapi.WriteJSON(w, http.StatusOK, map[string]any{
		"resource":                 token.MCPResource(f.origin),
		"resource_name":            "Taskwire",
		"resource_documentation":   f.origin + "/settings",
		"authorization_servers":    []string{f.config.Tokens.Issuer},
		"scopes_supported":         []string{scope},
		"bearer_methods_supported": []string{"header"},
	})
	return nil
}

// onlyPOST rejects methods that a stateless server does not support: there is no stream to open by GET, no session to
// end by DELETE.
func onlyPOST(w http.ResponseWriter, r *http.Request) error {
	if r.Method == http.MethodPost {
		return nil
	}
	w.Header().Set("Allow", http.MethodPost)
	return fault.New(fault.MethodNotAllowed, "%s allows only POST", r.URL.Path)
}

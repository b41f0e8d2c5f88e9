package token

import (
	"fmt"
	"strings"
)

// Paths of the MCP server and of its metadata (RFC 9728, 3).
const (
	PathMCP         = "/mcp"
	PathMCPMetadata = "/.well-known/oauth-protected-resource"
)

// MCPResource is the resource that tokens for the MCP server are issued for (RFC 8707).
func MCPResource(origin string) string { return origin + PathMCP }

// MCPChallenge is the WWW-Authenticate header of a refusal at /mcp (RFC 6750, 3, and RFC 9728, 5.1): what a client needs, and the
// address of the metadata that says how to get it. problem is an error code of RFC 6750, 3.1, or empty for a request without a
// token. origin is scheme and host of the public URL.
func MCPChallenge(origin, problem string) string {
	params := []string{`realm="taskwire"`}
	if problem != "" {
		params = append(params, fmt.Sprintf("error=%q", problem))
	}
	params = append(params, fmt.Sprintf("scope=%q", ScopeMCP), fmt.Sprintf("resource_metadata=%q", origin+PathMCPMetadata+PathMCP))
	return "Bearer " + strings.Join(params, ", ")
}

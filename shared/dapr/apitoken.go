package dapr

import (
	"context"
	"net/http"
)

// apiTokenHeader is the header, and the gRPC metadata, in which Dapr's API takes its callers' token.
const apiTokenHeader = "dapr-api-token"

// Authorize adds the token to the header of a request to the function's sidecar. It must not be sent anywhere else.
func (c Config) Authorize(h http.Header) {
	if c.APIToken != "" {
		h.Set(apiTokenHeader, c.APIToken)
	}
}

// apiToken sends the token with every gRPC call. The SDK does so only on connections that it opens itself, and there
// its interceptor replaces the metadata that the caller has set.
type apiToken string

// GetRequestMetadata implements credentials.PerRPCCredentials.
func (t apiToken) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	if t == "" {
		return nil, nil
	}
	return map[string]string{apiTokenHeader: string(t)}, nil
}

// RequireTransportSecurity implements credentials.PerRPCCredentials: the connection does not leave the host.
func (apiToken) RequireTransportSecurity() bool { return false }

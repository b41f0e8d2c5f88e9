package oauth

import "taskwire.dev/shared/token"

// PathMetadata is where clients find the metadata of the server (RFC 8414, 3).
const PathMetadata = "/.well-known/oauth-authorization-server"

// Metadata says what the server can do (RFC 8414, 2).
func (s *Server) Metadata() map[string]any {
	at := s.config.Origin
	return map[string]any{
		"issuer":                                         s.config.Issuer,
		"authorization_endpoint":                         at + PathAuthorize,
		"token_endpoint":                                 at + PathToken,
		"revocation_endpoint":                            at + PathRevoke,
		"registration_endpoint":                          at + PathRegister,
		"jwks_uri":                                       at + "/.well-known/jwks.json",
		"service_documentation":                          at + "/settings/connect",
		"scopes_supported":                               token.Scopes,
		"response_types_supported":                       []string{"code"},
		"response_modes_supported":                       []string{"query"},
		"grant_types_supported":                          []string{"authorization_code", "refresh_token"},
		"token_endpoint_auth_methods_supported":          []string{"none"},
		"revocation_endpoint_auth_methods_supported":     []string{"none"},
		"code_challenge_methods_supported":               []string{"S256"},
		"authorization_response_iss_parameter_supported": true,
		"client_id_metadata_document_supported":          true,
	}
}

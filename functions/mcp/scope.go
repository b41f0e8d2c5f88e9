package function

import (
	"context"
	"slices"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/token"
)

// requiredScopes are the scopes that a tool requires. A tool that changes a task reads it first.
func requiredScopes(readOnly bool) []string {
	if readOnly {
		return []string{token.ScopeRead}
	}
	return []string{token.ScopeRead, token.ScopeWrite}
}

// missingScope returns a scope that such a tool requires and the caller does not have, or "".
func (c caller) missingScope(readOnly bool) string {
	for _, scope := range requiredScopes(readOnly) {
		if !slices.Contains(c.scopes, scope) {
			return scope
		}
	}
	return ""
}

// authorize rejects a call that the tasks function would reject halfway through.
func (c caller) authorize(readOnly bool) error {
	scope := c.missingScope(readOnly)
	if scope == "" {
		return nil
	}
	advice := "the user can make another one in Settings, Access tokens"
	if c.user.App {
		advice = "the user can disconnect this app in Settings, Connect, connect it again, and allow changes"
	}
	return fault.New(fault.Forbidden, "insufficient scope: the user's token for this assistant lacks %s; %s. Calling again does not help", scope, advice)
}

// filterTools removes from the list of tools those that the caller's token does not allow: a model plans with the tools
// that it sees. The list is then specific to the caller, so no cache may share it.
func filterTools(next mcp.MethodHandler) mcp.MethodHandler {
	return func(ctx context.Context, method string, req mcp.Request) (mcp.Result, error) {
		result, err := next(ctx, method, req)
		list, ok := result.(*mcp.ListToolsResult)
		if err != nil || !ok {
			return result, err
		}
		usable := *list
		usable.CacheScope = "private"
		usable.Tools = []*mcp.Tool{} // never null
		for _, tool := range list.Tools {
			if from(ctx).missingScope(tool.Annotations.ReadOnlyHint) == "" {
				usable.Tools = append(usable.Tools, tool)
			}
		}
		return &usable, nil
	}
}

package function

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"regexp"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"taskwire.dev/shared/fault"
)

// explain turns a fault into an error that a model can act on.
func explain(err error, keyed bool) error { return errors.New(explanation(err, keyed)) }

// explanation says what to change, or whether to retry.
func explanation(err error, keyed bool) string {
	f := fault.From(err)
	switch f.Code {
	case fault.Invalid:
		return invalid(f)
	case fault.NotFound:
		return "Not found: " + f.Detail + ". Take the id from list_tasks, search_tasks or recent_changes; the task may have been deleted meanwhile."
	case fault.PreconditionFailed:
		return "Changed meanwhile: " + f.Detail + ". Read it with get_task, decide again, and send the version that you have read."
	case fault.Conflict:
		said := "Conflict: " + f.Detail
		for _, field := range f.Fields {
			said += "; " + name(field) + " " + field.Detail
		}
		return said + ". Look at the task as it is now before you go on."
	case fault.RateLimited, fault.Unavailable:
		return later(f, keyed)
	case fault.Internal:
		slog.Error("tool failed", "error", f.Error())
		return "An unexpected error on the server's side. Calling again with the same arguments is not likely to help."
	default:
		return "Refused: " + f.Detail + "."
	}
}

// protocolError is explain for requests other than tool calls: only tools can fail in a result.
func protocolError(err error) error {
	code := int64(jsonrpc.CodeInternalError)
	if fault.Is(err, fault.Invalid) {
		code = jsonrpc.CodeInvalidParams
	}
	return &jsonrpc.Error{Code: code, Message: explanation(err, false)}
}

// invalid lists each invalid argument and its error.
func invalid(f *fault.Error) string {
	if len(f.Fields) == 0 {
		return "Invalid: " + f.Detail + "."
	}
	parts := make([]string, len(f.Fields))
	for i, field := range f.Fields {
		parts[i] = name(field) + " " + field.Detail
	}
	return "Change the arguments and call again: " + strings.Join(parts, "; ") + "."
}

// name returns an argument's name as the model knows it.
func name(field fault.Field) string {
	if field.Pointer == "/Idempotency-Key" { // the HTTP header that carries the argument
		return "idempotency_key"
	}
	if n := strings.ReplaceAll(strings.TrimPrefix(field.Pointer, "/"), "/", "."); n != "" {
		return n
	}
	return "the arguments"
}

func later(f *fault.Error, keyed bool) string {
	seconds := max(1, int(math.Ceil(f.RetryAfter.Seconds())))
	said := fmt.Sprintf("%s. Call again in %d s", strings.ToUpper(f.Detail[:1])+f.Detail[1:], seconds)
	if keyed {
		return said + " with the very same arguments: by its idempotency_key a change is made once, even if this call did make it."
	}
	return said + "; if this was a change, look with recent_changes whether it was made, since the call had no idempotency_key."
}

// sayPlainly rewrites the SDK's errors about arguments that violate a tool's schema in the words of explain.
func sayPlainly(next mcp.MethodHandler) mcp.MethodHandler {
	return func(ctx context.Context, method string, req mcp.Request) (mcp.Result, error) {
		result, err := next(ctx, method, req)
		if called, ok := result.(*mcp.CallToolResult); ok && err == nil && called.IsError && len(called.Content) == 1 {
			if text, ok := called.Content[0].(*mcp.TextContent); ok {
				text.Text = plainly(text.Text)
			}
		}
		return result, err
	}
}

var (
	validating = regexp.MustCompile(`^validating "arguments": (?:validating root: )?`)
	ofProperty = regexp.MustCompile(`validating (?:/properties/([\w-]+)|/items)[^:]*: `)
)

func plainly(said string) string {
	rest := validating.ReplaceAllString(said, "")
	if rest == said && !strings.HasPrefix(said, "invalid UUID") {
		return said
	}
	return "Change the arguments and call again: " + ofProperty.ReplaceAllString(rest, "$1: ") + "."
}

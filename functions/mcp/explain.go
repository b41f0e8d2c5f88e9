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
		return "Not found: " + f.Detail + ". Take ids from list_tasks, search_tasks or recent_changes; a task may have been deleted meanwhile."
	case fault.PreconditionFailed:
		return "Changed meanwhile: " + f.Detail + ". Read it again with get_task, decide again, and send the version that you read."
	case fault.Conflict:
		msg := "Conflict: " + f.Detail
		for _, field := range f.Fields {
			msg += "; " + name(field) + " " + field.Detail
		}
		return msg + ". Look at the task as it is now before you go on."
	case fault.RateLimited, fault.Unavailable:
		return later(f, keyed)
	case fault.Internal:
		slog.Error("tool failed", "error", f.Error())
		return "An unexpected error on the server. Calling again with the same arguments is unlikely to help."
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
	msg := fmt.Sprintf("%s. Call again in %d s", strings.ToUpper(f.Detail[:1])+f.Detail[1:], seconds)
	if keyed {
		return msg + " with exactly the same arguments: because of its idempotency_key the change is made only once, even if this call made it."
	}
	return msg + "; if this was a change, check with recent_changes whether it was made, since the call had no idempotency_key."
}

// rewriteSchemaErrors rewrites the SDK's errors about arguments that violate a tool's schema in the words of explain.
func rewriteSchemaErrors(next mcp.MethodHandler) mcp.MethodHandler {
	return func(ctx context.Context, method string, req mcp.Request) (mcp.Result, error) {
		result, err := next(ctx, method, req)
		if called, ok := result.(*mcp.CallToolResult); ok && err == nil && called.IsError && len(called.Content) == 1 {
			if text, ok := called.Content[0].(*mcp.TextContent); ok {
				text.Text = rewriteSchemaError(text.Text)
			}
		}
		return result, err
	}
}

var (
	validating = regexp.MustCompile(`^validating "arguments": (?:validating root: )?`)
	ofProperty = regexp.MustCompile(`validating (?:/properties/([\w-]+)|/items)[^:]*: `)
)

func rewriteSchemaError(text string) string {
	rest := validating.ReplaceAllString(text, "")
	switch {
	case strings.HasPrefix(text, "invalid UUID"): // the decoder does not say which argument
		rest = "an id must be a UUID, as list_tasks, search_tasks and recent_changes return it"
	case rest == text:
		return text
	}
	return "Change the arguments and call again: " + ofProperty.ReplaceAllString(rest, "$1: ") + "."
}

package function

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/google/uuid"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"taskwire.dev/functions/mcp/internal/recent"
	"taskwire.dev/functions/mcp/internal/rest"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/task"
)

// URIs of the resources.
const (
	uriContext      = "taskwire://context"
	uriTask         = "task://"
	uriConversation = "conversation://"
)

func (f *Function) resources(s *mcp.Server) {
	const jsonType = "application/json"
	s.AddResource(&mcp.Resource{
		URI: uriContext, Name: "context", Title: "Recent changes and open tasks", MIMEType: jsonType,
		Description: "The last changes of the user's tasks and how many are open, as recent_changes returns them.",
	}, f.resource(func(ctx context.Context, _ string) (any, error) {
		out, _, err := f.recentChanges(ctx, recentArguments{Limit: recent.MaxChanges})
		return out, err
	}))
	s.AddResourceTemplate(&mcp.ResourceTemplate{
		URITemplate: uriTask + "{id}", Name: "task", Title: "A task", MIMEType: jsonType,
		Description: "One of the user's tasks, by its id.",
	}, f.resource(func(ctx context.Context, uri string) (any, error) {
		id, ok := task.ParseID(strings.TrimPrefix(uri, uriTask))
		if !ok {
			return nil, fault.New(fault.NotFound, "there is no such task")
		}
		return f.readTask(ctx, id)
	}))
	s.AddResourceTemplate(&mcp.ResourceTemplate{
		URITemplate: uriConversation + "{id}", Name: "conversation", Title: "A conversation", MIMEType: jsonType,
		Description: "The tool calls of a conversation in the last hour, if the client names it in _meta as " + metaConversation + ".",
	}, f.resource(func(ctx context.Context, uri string) (any, error) {
		return f.conversations.read(ctx, from(ctx).user.UserID, strings.TrimPrefix(uri, uriConversation))
	}))
}

// readTask returns a task as the tasks function does.
func (f *Function) readTask(ctx context.Context, id uuid.UUID) (t task.Task, err error) {
	return t, f.call(ctx, rest.Request{Method: http.MethodGet, Path: taskPath(id)}, &t)
}

// resource responds with the result of read, in JSON. A missing resource and another user's look alike.
func (f *Function) resource(read func(ctx context.Context, uri string) (any, error)) mcp.ResourceHandler {
	return func(ctx context.Context, req *mcp.ReadResourceRequest) (*mcp.ReadResourceResult, error) {
		v, err := read(ctx, req.Params.URI)
		if fault.Is(err, fault.NotFound) {
			return nil, mcp.ResourceNotFoundError(req.Params.URI)
		}
		if err != nil {
			return nil, protocolError(err)
		}
		text, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		return &mcp.ReadResourceResult{Contents: []*mcp.ResourceContents{{URI: req.Params.URI, Text: string(text)}}}, nil
	}
}

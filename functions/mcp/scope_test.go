package function

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"taskwire.dev/shared/token"
)

// connectWith connects the SDK's client to the server as a caller whose token delegates these scopes.
func connectWith(t *testing.T, scopes ...string) *mcp.ClientSession {
	t.Helper()
	return connectAs(t, caller{delegation: delegation{scopes: scopes}})
}

// connectAs connects the SDK's client to the server as that caller.
func connectAs(t *testing.T, who caller) *mcp.ClientSession {
	t.Helper()
	server := (&Function{}).server()
	handler := mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return server }, &mcp.StreamableHTTPOptions{Stateless: true, JSONResponse: true})
	door := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), callerKey{}, who)))
	}))
	t.Cleanup(door.Close)
	client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	session, err := client.Connect(t.Context(), &mcp.StreamableClientTransport{Endpoint: door.URL, DisableStandaloneSSE: true}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = session.Close() })
	return session
}

func TestToolsOfAToken(t *testing.T) {
	t.Parallel()
	reading := []string{"get_task", "list_comments", "list_notifications", "list_projects", "list_tags", "list_tasks", "recent_changes", "search_tasks"}
	changing := []string{"add_task", "comment_task", "complete_task", "delete_task", "undo", "update_task"}
	for name, c := range map[string]struct {
		scopes []string
		tools  []string
	}{
		"reading":          {[]string{token.ScopeRead}, reading},
		"reading, writing": {[]string{token.ScopeRead, token.ScopeWrite}, slices.Sorted(slices.Values(slices.Concat(reading, changing)))},
		"writing alone":    {[]string{token.ScopeWrite}, nil}, // each tool that writes also reads
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			session := connectWith(t, c.scopes...)
			list, err := session.ListTools(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, tool := range list.Tools {
				got = append(got, tool.Name)
			}
			if slices.Sort(got); !slices.Equal(got, c.tools) {
				t.Errorf("tools %v, want %v", got, c.tools)
			}
		})
	}
}

func TestToolThatTheTokenDoesNotAllow(t *testing.T) {
	t.Parallel()
	reading := delegation{scopes: []string{token.ScopeRead}}
	session := connectAs(t, caller{delegation: reading})
	app := connectAs(t, caller{user: token.Principal{App: true}, delegation: reading})
	id := "019a0000-0000-7000-8000-000000000000"
	for tool, arguments := range map[string]map[string]any{
		"add_task":      {"title": "x"},
		"update_task":   {"id": id, "title": "x"},
		"comment_task":  {"id": id, "text": "x"},
		"complete_task": {"id": id},
		"delete_task":   {"id": id},
		"undo":          {"event_id": id},
	} {
		// Had the call gone on, it would have reached a Function without clients, and panicked.
		result, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: tool, Arguments: arguments})
		if err != nil {
			t.Fatal(err)
		}
		text := result.Content[0].(*mcp.TextContent).Text
		if !result.IsError || !strings.Contains(text, "insufficient scope") || !strings.Contains(text, token.ScopeWrite) {
			t.Errorf("%s: %s", tool, text)
		}
		if !strings.Contains(text, "Settings, Access tokens") {
			t.Errorf("%s with a token: %s", tool, text)
		}
		// An app takes no token.
		result, err = app.CallTool(t.Context(), &mcp.CallToolParams{Name: tool, Arguments: arguments})
		if err != nil {
			t.Fatal(err)
		}
		if text := result.Content[0].(*mcp.TextContent).Text; !strings.Contains(text, "Settings, Connect, connect it again") || strings.Contains(text, "Access tokens") {
			t.Errorf("%s of an app: %s", tool, text)
		}
	}
}

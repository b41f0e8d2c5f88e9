package e2e

import (
	"encoding/json"
	"net/http"
	"sync"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

// bearer adds a token to the requests of the SDK's client.
type bearer struct {
	token string
	next  http.RoundTripper
}

func (b bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+b.token)
	return b.next.RoundTrip(r)
}

// assistant is an MCP client that acts for a user.
type assistant struct {
	*mcp.ClientSession
	called *sync.Map // the names of the tools that call has called
}

// newAssistant connects the Go SDK's client with a token that has only the scope mcp. Every exchange is checked against
// docs/openapi.yaml.
func (u *user) newAssistant(t *testing.T) assistant {
	t.Helper()
	pat := check.Must(u.CreateToken(t.Context(), "assistant", scopeMCP))(t)
	return connect(t, pat.Secret)
}

func connect(t *testing.T, token string) assistant {
	t.Helper()
	checked := documents(t).Transport(transport, func(err error) { t.Errorf("differs from the documentation: %v", err) })
	c := mcp.NewClient(&mcp.Implementation{Name: "Go SDK", Version: "1"}, nil)
	s, err := c.Connect(t.Context(), &mcp.StreamableClientTransport{
		Endpoint: frontDoor + "/mcp", HTTPClient: &http.Client{Transport: bearer{token, checked}}, DisableStandaloneSSE: true,
	}, nil)
	check.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	return assistant{s, new(sync.Map)}
}

// call calls a tool that must succeed, and reads its structured content.
func call[T any](t *testing.T, a assistant, tool string, arguments client.Fields) T {
	t.Helper()
	a.called.Store(tool, true)
	res := check.Must(a.CallTool(t.Context(), &mcp.CallToolParams{Name: tool, Arguments: arguments}))(t)
	if res.IsError {
		t.Fatalf("%s: %s", tool, said(res))
	}
	if said(res) == "" {
		t.Errorf("%s returns no text", tool)
	}
	var out T
	raw := check.Must(json.Marshal(res.StructuredContent))(t)
	check.NoError(t, json.Unmarshal(raw, &out))
	return out
}

// refuse calls a tool that must fail, and returns its error.
func refuse(t *testing.T, a assistant, tool string, arguments client.Fields) string {
	t.Helper()
	res := check.Must(a.CallTool(t.Context(), &mcp.CallToolParams{Name: tool, Arguments: arguments}))(t)
	if !res.IsError || said(res) == "" {
		t.Fatalf("%s succeeded: %s", tool, said(res))
	}
	return said(res)
}

func said(res *mcp.CallToolResult) string {
	if len(res.Content) == 0 {
		return ""
	}
	text, _ := res.Content[0].(*mcp.TextContent)
	if text == nil {
		return ""
	}
	return text.Text
}

func (a assistant) read(t *testing.T, uri string, out any) {
	t.Helper()
	res := check.Must(a.ReadResource(t.Context(), &mcp.ReadResourceParams{URI: uri}))(t)
	check.NoError(t, json.Unmarshal([]byte(res.Contents[0].Text), out))
}

type (
	taskAnswer struct {
		Task             client.Task
		DryRun           bool    `json:"dry_run"`
		NextOccurrenceAt *string `json:"next_occurrence_at"`
		Timezone         string
	}
	listAnswer struct {
		Tasks      []client.Task
		NextCursor *string `json:"next_cursor"`
	}
	recentAnswer struct {
		Seq  int64
		Open struct {
			Total      int64
			ByPriority map[string]int64 `json:"by_priority"`
		}
		Changes []struct {
			Seq     int64
			EventID string `json:"event_id"`
			Actor   string
			Change  string
			TaskID  string `json:"task_id"`
			Title   string
			Fields  map[string]struct{ From, To any }
		}
		Complete bool
	}
)

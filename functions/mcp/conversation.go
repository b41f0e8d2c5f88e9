package function

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"taskwire.dev/functions/mcp/internal/recent"
	"taskwire.dev/shared/fault"
)

// metaConversation is the member of a request's _meta in which a client names its conversation.
const metaConversation = "taskwire.dev/conversation"

// Limits of a stored conversation.
const (
	conversationTTL = time.Hour // after the last call
	maxConversation = 100       // bytes of its name
	maxTurns        = 50
	maxTurnText     = 500 // bytes
)

// conversations record the calls, so that a client whose memory was truncated can read them again.
type conversations struct{ state recent.State }

// conversation is a stored conversation.
type conversation struct {
	Turns []turn `json:"turns"` // oldest first
}

// turn is one call of a tool.
type turn struct {
	At        time.Time       `json:"at"`
	Tool      string          `json:"tool"`
	Arguments json.RawMessage `json:"arguments,omitempty"` // left out when long
	Answer    string          `json:"answer"`
	Failed    bool            `json:"failed"`
}

// conversationKey includes the user: names are per user, so no one can read, or even block, another's.
func conversationKey(user uuid.UUID, id string) string {
	sum := sha256.Sum256(append(user[:], id...))
	return "conversation:" + hex.EncodeToString(sum[:16])
}

func (c conversations) read(ctx context.Context, user uuid.UUID, id string) (*conversation, error) {
	stored, _, err := c.load(ctx, user, id)
	if err == nil && stored == nil {
		err = fault.New(fault.NotFound, "there is no such conversation, or it was inactive for an hour")
	}
	return stored, err
}

func (c conversations) load(ctx context.Context, user uuid.UUID, id string) (*conversation, string, error) {
	value, etag, err := c.state.Get(ctx, conversationKey(user, id))
	if err != nil || value == nil {
		return nil, "", err
	}
	var stored conversation
	return &stored, etag, json.Unmarshal(value, &stored)
}

// add stores a turn. Of two concurrent calls both are stored.
func (c conversations) add(ctx context.Context, user uuid.UUID, id string, t turn) error {
	for attempt := 1; ; attempt++ {
		stored, etag, err := c.load(ctx, user, id)
		if err != nil {
			return err
		}
		if stored == nil {
			stored = &conversation{}
		}
		stored.Turns = append(stored.Turns, t)
		stored.Turns = stored.Turns[max(0, len(stored.Turns)-maxTurns):]
		value, err := json.Marshal(stored)
		if err != nil {
			return err
		}
		err = c.state.Put(ctx, conversationKey(user, id), value, etag, conversationTTL)
		if !fault.Is(err, fault.Conflict) || attempt == 5 {
			return err
		}
	}
}

// recordCalls stores each call of a conversation that its client names.
func (f *Function) recordCalls(next mcp.MethodHandler) mcp.MethodHandler {
	return func(ctx context.Context, method string, req mcp.Request) (mcp.Result, error) {
		result, err := next(ctx, method, req)
		call, isCall := req.(*mcp.CallToolRequest)
		answer, isAnswer := result.(*mcp.CallToolResult)
		if err != nil || !isCall || !isAnswer {
			return result, err
		}
		id, _ := call.Params.Meta[metaConversation].(string)
		if id == "" || len(id) > maxConversation {
			return result, nil
		}
		t := turn{At: time.Now().UTC(), Tool: call.Params.Name, Failed: answer.IsError}
		if len(call.Params.Arguments) <= 4*maxTurnText {
			t.Arguments = call.Params.Arguments
		}
		if len(answer.Content) > 0 {
			if text, ok := answer.Content[0].(*mcp.TextContent); ok {
				t.Answer = recent.Truncate(text.Text, maxTurnText)
			}
		}
		if err := f.conversations.add(ctx, from(ctx).user.UserID, id, t); err != nil {
			slog.WarnContext(ctx, "cannot store the conversation", "error", err)
		}
		return result, nil
	}
}

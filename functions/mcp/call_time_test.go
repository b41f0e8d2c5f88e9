package function

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/functions/mcp/internal/state"
	"taskwire.dev/shared/token"
)

// TestCallTime: a repeated call has the time of its first attempt. A call with other arguments under the same key is another one: the
// first may have been refused.
func TestCallTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := &Function{state: state.New(&sidecar{values: map[string][]byte{}})}
		ctx := context.WithValue(t.Context(), callerKey{}, caller{user: token.Principal{UserID: uuid.New()}})
		call := func(title string) addArguments {
			return addArguments{Title: title, DueAt: "in 2 hours", change: change{IdempotencyKey: "k"}}
		}
		first := f.callTime(ctx, call("a"))
		time.Sleep(time.Hour)
		if again := f.callTime(ctx, call("a")); !again.Equal(first) {
			t.Errorf("repeated: %v, want %v", again, first)
		}
		if other := f.callTime(ctx, call("b")); !other.Equal(time.Now()) {
			t.Errorf("with other arguments: %v, want %v", other, time.Now())
		}
		update := updateArguments{ID: uuid.New(), DueAt: optional[string]{set: true}, change: change{IdempotencyKey: "k"}}
		if other := f.callTime(ctx, update); !other.Equal(time.Now()) {
			t.Errorf("of another tool: %v, want %v", other, time.Now())
		}
		other := call("a")
		other.IdempotencyKey = ""
		if at := f.callTime(ctx, other); !at.Equal(time.Now()) {
			t.Errorf("without a key: %v", at)
		}
	})
}

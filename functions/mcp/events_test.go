package function

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	cloudevents "github.com/cloudevents/sdk-go/v2"
	daprclient "github.com/dapr/go-sdk/client"
	"github.com/google/uuid"

	"taskwire.dev/functions/mcp/internal/recent"
	"taskwire.dev/functions/mcp/internal/rest"
	"taskwire.dev/functions/mcp/internal/state"
	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/dapr"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/task"
)

// sidecar has a state store in memory, and panics at everything else.
type sidecar struct {
	daprclient.Client
	values map[string][]byte
}

func (s *sidecar) GetState(_ context.Context, _, key string, _ map[string]string) (*daprclient.StateItem, error) {
	return &daprclient.StateItem{Key: key, Value: s.values[key], Etag: "1"}, nil
}

func (s *sidecar) SaveBulkState(_ context.Context, _ string, items ...*daprclient.SetStateItem) error {
	for _, item := range items {
		s.values[item.Key] = item.Value
	}
	return nil
}

func (s *sidecar) DeleteState(_ context.Context, _, key string, _ map[string]string) error {
	delete(s.values, key)
	return nil
}

// of lists the keys that belong to a user.
func (s *sidecar) of(user uuid.UUID) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(s.values)), func(key string) bool { return !strings.Contains(key, user.String()) })
}

// anEvent is an event of task-events.
func anEvent(t *testing.T, kind string, data any) cloudevents.Event {
	t.Helper()
	e := cloudevents.NewEvent()
	e.SetID(uuid.NewString())
	e.SetSource("/test")
	e.SetType(kind)
	e.SetTime(time.Now())
	if err := e.SetData(cloudevents.ApplicationJSON, data); err != nil {
		t.Fatal(err)
	}
	return e
}

// TestAccountDeleted: with its account everything of a user leaves the state store, also what other functions keep there, and an event
// that comes late brings nothing back.
func TestAccountDeleted(t *testing.T) {
	t.Parallel()
	store := &sidecar{values: map[string][]byte{}}
	f := &Function{state: state.New(store)}
	f.recent = recent.NewContextCache(f.state)
	gone, stays := uuid.New(), uuid.New()
	for _, user := range []uuid.UUID{gone, stays} {
		_, err := f.recent.Read(t.Context(), user, func(_ context.Context, r rest.Request, out any) error {
			answer := `{"items":[],"next_cursor":null}`
			if r.Path == "/api/todos/counts" {
				answer = `{"open":0,"by_priority":{},"seq":0}`
			}
			return json.Unmarshal([]byte(answer), out)
		})
		if err != nil {
			t.Fatal(err)
		}
		store.values[dapr.PreferencesKey(user)] = []byte(`{}`)
	}
	if keys := store.of(gone); len(keys) != len(dapr.UserKeys(gone)) {
		t.Fatalf("before: %q, want one of each of %q", keys, dapr.UserKeys(gone))
	}
	for range 2 { // it is delivered at least once
		if err := f.onTaskEvent(t.Context(), anEvent(t, cloudevent.AccountDeleted, map[string]any{"user_id": gone})); err != nil {
			t.Fatal(err)
		}
	}
	late := anEvent(t, string(task.Created), task.Event{UserID: gone, TaskID: uuid.New(), Seq: 1, EventType: task.Created, Task: &task.Task{Title: "Late"}})
	if err := f.onTaskEvent(t.Context(), late); err != nil {
		t.Fatal(err)
	}
	if keys := store.of(gone); len(keys) > 0 {
		t.Errorf("left: %q", keys)
	}
	if keys := store.of(stays); len(keys) != len(dapr.UserKeys(stays)) {
		t.Errorf("of another user: %q", keys)
	}
	for _, data := range []any{map[string]any{}, map[string]any{"user_id": uuid.Nil}} {
		if err := f.onTaskEvent(t.Context(), anEvent(t, cloudevent.AccountDeleted, data)); !fault.Is(err, fault.Invalid) {
			t.Errorf("%v: %v", data, err)
		}
	}
}

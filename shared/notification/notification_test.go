package notification

import (
	"encoding/json"
	"testing"

	"github.com/google/uuid"

	"taskwire.dev/shared/reminder"
)

func TestJSON_HasTheTaskOrNull(t *testing.T) {
	t.Parallel()
	about := uuid.MustParse("019aa8f4-0a00-7d01-b1c2-d3e4f5061728")
	for _, c := range []struct {
		n    Notification
		want string
	}{
		{Notification{Kind: reminder.Upcoming, TaskID: about}, `"019aa8f4-0a00-7d01-b1c2-d3e4f5061728"`},
		{Notification{Kind: reminder.DigestKind, TaskIDs: []uuid.UUID{about}}, "null"},
		{Notification{Kind: Account}, "null"},
	} {
		b, err := json.Marshal(c.n)
		if err != nil {
			t.Fatal(err)
		}
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(b, &fields); err != nil || string(fields["task_id"]) != c.want {
			t.Errorf("%s, %v", b, err)
		}
		var again Notification
		if err := json.Unmarshal(b, &again); err != nil || again.TaskID != c.n.TaskID || again.Kind != c.n.Kind || len(again.TaskIDs) != len(c.n.TaskIDs) {
			t.Errorf("%+v, %v", again, err)
		}
	}
}

package tick

import (
	"context"
	"errors"
	"time"

	daprclient "github.com/dapr/go-sdk/client"
	"github.com/google/uuid"

	"taskwire.dev/shared/dapr"
	"taskwire.dev/shared/reminder"
)

// StateGuard is a Guard in the state store, with the keys reminder:{task_id}:{window} and overdue:{task_id}:{date}. The
// value is the epoch of the user's log and the reminder's id: after a restore of the database, what was sent before it
// does not count, and a task that was moved has other reminders under the same key.
type StateGuard struct{ client daprclient.Client }

// NewStateGuard returns the guard.
func NewStateGuard(client daprclient.Client) *StateGuard { return &StateGuard{client: client} }

// How long a reminder is remembered.
const (
	rememberUpcoming = 300 * time.Second
	rememberOverdue  = 24 * time.Hour
)

func guardKey(r *reminder.Reminder) string {
	if r.Kind == reminder.Overdue {
		return "overdue:" + r.TaskID.String() + ":" + r.Window
	}
	return "reminder:" + r.TaskID.String() + ":" + r.Window
}

func guardValue(r *reminder.Reminder) string { return r.Epoch + "/" + r.ID.String() }

// Sent implements Guard.
func (g *StateGuard) Sent(ctx context.Context, reminders []*reminder.Reminder) (map[uuid.UUID]bool, error) {
	keys := make([]string, len(reminders))
	for i, r := range reminders {
		keys[i] = guardKey(r)
	}
	values, err := g.values(ctx, keys)
	if err != nil {
		return nil, err
	}
	sent := map[uuid.UUID]bool{}
	for i, r := range reminders {
		if string(values[keys[i]]) == guardValue(r) {
			sent[r.ID] = true
		}
	}
	return sent, nil
}

// getParallel is how many keys of one call the sidecar reads in parallel.
const getParallel = 16

// values returns the values of the keys that exist.
func (g *StateGuard) values(ctx context.Context, keys []string) (map[string][]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, dapr.StateTimeout)
	defer cancel()
	items, err := g.client.GetBulkState(ctx, dapr.StateStore, keys, nil, getParallel)
	if err != nil {
		return nil, err
	}
	values := make(map[string][]byte, len(items))
	for _, item := range items {
		if item.Error != "" {
			return nil, errors.New(item.Error)
		}
		if len(item.Value) > 0 {
			values[item.Key] = item.Value
		}
	}
	return values, nil
}

// Remember implements Guard. It overwrites existing entries: it is called after the commit, so the last write is right,
// and a process that dies in between loses nothing.
func (g *StateGuard) Remember(ctx context.Context, reminders []*reminder.Reminder) error {
	ctx, cancel := context.WithTimeout(ctx, 2*dapr.StateTimeout)
	defer cancel()
	items := make([]*daprclient.SetStateItem, len(reminders))
	for i, r := range reminders {
		life := rememberUpcoming
		if r.Kind == reminder.Overdue {
			life = rememberOverdue
		}
		items[i] = &daprclient.SetStateItem{Key: guardKey(r), Value: []byte(guardValue(r)), Metadata: dapr.TTL(life)}
	}
	return g.client.SaveBulkState(ctx, dapr.StateStore, items...)
}

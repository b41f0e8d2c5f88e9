package preferences

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	daprclient "github.com/dapr/go-sdk/client"
	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"taskwire.dev/shared/dapr"
	"taskwire.dev/shared/preference"
)

// StateCache is a Cache in the state store, with the keys user-prefs:{user_id}.
type StateCache struct{ client daprclient.Client }

// NewStateCache returns the cache.
func NewStateCache(client daprclient.Client) *StateCache {
	return &StateCache{client: client}
}

const (
	rememberPreferences = 24 * time.Hour
	// cacheTimeout is shorter than dapr.StateTimeout, because a user is waiting.
	cacheTimeout = 300 * time.Millisecond
)

// Get implements Cache.
func (c *StateCache) Get(ctx context.Context, user uuid.UUID) (preference.Versioned, bool, error) {
	ctx, cancel := context.WithTimeout(ctx, cacheTimeout)
	defer cancel()
	v, _, found, err := c.get(ctx, user)
	return v, found, err
}

func (c *StateCache) get(ctx context.Context, user uuid.UUID) (v preference.Versioned, etag string, found bool, err error) {
	item, err := c.client.GetState(ctx, dapr.StateStore, dapr.PreferencesKey(user), nil)
	if err != nil || len(item.Value) == 0 {
		return v, dapr.Absent, false, err
	}
	v.Preferences = preference.Default() // for those that the version that stored it did not know
	if json.Unmarshal(item.Value, &v) != nil {
		return preference.Versioned{}, item.Etag, false, nil // written by another version of this program
	}
	return v, item.Etag, true, nil
}

// maxOvertaken is how often a write is retried. Each retry means that another writer succeeded, so more than a few in a
// row is not a race.
const maxOvertaken = 10

// Put implements Cache. Of two concurrent writers one gets a stale ETag, and reads again.
func (c *StateCache) Put(ctx context.Context, user uuid.UUID, v preference.Versioned) error {
	ctx, cancel := context.WithTimeout(ctx, 2*cacheTimeout)
	defer cancel()
	value, err := json.Marshal(v)
	if err != nil {
		return err
	}
	for attempt := 1; ; attempt++ {
		there, etag, found, err := c.get(ctx, user)
		if err != nil || found && there.Version >= v.Version {
			return err
		}
		err = c.client.SaveBulkState(ctx, dapr.StateStore, &daprclient.SetStateItem{
			Key: dapr.PreferencesKey(user), Value: value, Etag: &daprclient.ETag{Value: etag}, Metadata: dapr.TTL(rememberPreferences),
			Options: &daprclient.StateOptions{Concurrency: daprclient.StateConcurrencyFirstWrite},
		})
		if !overtaken(err) || attempt == maxOvertaken {
			return err
		}
	}
}

// overtaken reports whether another process has written since the ETag was read.
func overtaken(err error) bool {
	for ; err != nil; err = errors.Unwrap(err) {
		if status.Code(err) == codes.Aborted {
			return true
		}
	}
	return false
}

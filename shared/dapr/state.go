package dapr

import (
	"context"
	"errors"
	"strconv"
	"time"

	daprclient "github.com/dapr/go-sdk/client"
)

// StateStore is the state store (dapr/base/statestore.yaml). Its contents may be lost at any time.
const StateStore = "statestore"

// StateTimeout bounds a call to the state store, which is only a cache: callers have a fallback.
const StateTimeout = time.Second

// getParallel is how many keys of one call the sidecar reads in parallel.
const getParallel = 16

// Absent is the ETag with which a write succeeds only if the key does not exist.
const Absent = "0"

// TTL is the metadata of an item that expires after d.
func TTL(d time.Duration) map[string]string {
	return map[string]string{"ttlInSeconds": strconv.Itoa(int(d.Seconds()))}
}

// GetAll returns the values of the keys that exist.
func GetAll(ctx context.Context, client daprclient.Client, keys []string) (map[string][]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, StateTimeout)
	defer cancel()
	items, err := client.GetBulkState(ctx, StateStore, keys, nil, getParallel)
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

package dapr

import (
	"strconv"
	"time"
)

// StateStore is the state store (dapr/base/statestore.yaml). Its contents may be lost at any time.
const StateStore = "statestore"

// StateTimeout bounds a call to the state store, which is only a cache: callers have a fallback.
const StateTimeout = time.Second

// Absent is the ETag with which a write succeeds only if the key does not exist.
const Absent = "0"

// TTL is the metadata of an item that expires after d.
func TTL(d time.Duration) map[string]string {
	return map[string]string{"ttlInSeconds": strconv.Itoa(int(d.Seconds()))}
}

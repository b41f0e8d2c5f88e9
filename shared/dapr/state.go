package dapr

import (
	"strconv"
	"time"

	"github.com/google/uuid"
)

// StateStore is the state store (dapr/base/statestore.yaml). Its contents may be lost at any time.
const StateStore = "statestore"

// StateTimeout bounds a call to the state store, which is only a cache: callers have a fallback.
const StateTimeout = time.Second

// Absent is the ETag with which a write succeeds only if the key does not exist.
const Absent = "0"

// ContextKey is the key of what mcp keeps of a user, and PreferencesKey of what tasks does.
func ContextKey(user uuid.UUID) string { return "context:" + user.String() }

// PreferencesKey is described at ContextKey.
func PreferencesKey(user uuid.UUID) string { return "user-prefs:" + user.String() }

// UserKeys are all keys that belong to a user, and are deleted with the account. Others are of a task or a conversation, and expire
// within a day.
func UserKeys(user uuid.UUID) []string { return []string{ContextKey(user), PreferencesKey(user)} }

// TTL is the metadata of an item that expires after d.
func TTL(d time.Duration) map[string]string {
	return map[string]string{"ttlInSeconds": strconv.Itoa(int(d.Seconds()))}
}

package function

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"time"

	"taskwire.dev/shared/clock"
	"taskwire.dev/shared/fault"
)

// keyTTL is how long the tasks function stores an Idempotency-Key.
const keyTTL = 24 * time.Hour

// callTime is the reference time for the dates of a call. "in 2 hours" in a repeated call is another time, and the tasks
// function would reject it under the same key; so a call with a key always uses the time of its first attempt. If that
// time is lost, the repetition is rejected, and not executed twice. A call with other arguments is another call, even under
// the same key: the first one may have failed.
func (f *Function) callTime(ctx context.Context, in interface{ executesOnce() bool }) time.Time {
	now := clock.Now()
	if !in.executesOnce() {
		return now
	}
	arguments, err := json.Marshal(in)
	if err != nil {
		slog.WarnContext(ctx, "cannot encode the arguments of the call", "error", err)
		return now
	}
	user := from(ctx).user.UserID
	sum := sha256.Sum256(append(user[:], arguments...))
	key := "moment:" + hex.EncodeToString(sum[:16])
	for range 2 {
		value, etag, err := f.state.Get(ctx, key)
		if first, parsed := time.Parse(time.RFC3339Nano, string(value)); err == nil && parsed == nil {
			return first
		}
		if err == nil {
			err = f.state.Put(ctx, key, []byte(now.UTC().Format(time.RFC3339Nano)), etag, keyTTL)
		}
		if err == nil {
			return now
		}
		if !fault.Is(err, fault.Conflict) {
			slog.WarnContext(ctx, "cannot store the time of the call", "error", err)
			return now
		}
	}
	return now
}

package account

import (
	"testing"
	"testing/synctest"
	"time"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/ratelimit"
)

// Retry-After of a shorter limit would send the client into the longer one.
func TestALoginIsRefusedForAsLongAsTheLongestLimitLasts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := &Accounts{limiter: ratelimit.NewLocal()}
		at := attempt{
			failure: limits{"a": {Burst: 1, Every: time.Minute}, "b": {Burst: 1, Every: time.Hour}},
			success: limits{"c": {Burst: 1, Every: 2 * time.Minute}, "d": {Burst: 1, Every: 3 * time.Minute}},
		}
		if err := a.allowed(t.Context(), at); err != nil {
			t.Fatal(err)
		}
		a.count(t.Context(), at.failure)
		a.count(t.Context(), at.success)
		for range 50 {
			if f, want := fault.From(a.allowed(t.Context(), at)), fault.From(tooOften("failed logins", time.Hour)); f.Detail != want.Detail || f.RetryAfter != want.RetryAfter {
				t.Fatalf("%v, retry after %v; want %v after %v", f, f.RetryAfter, want, want.RetryAfter)
			}
		}
	})
}

package ratelimit_test

import (
	"testing"
	"testing/synctest"
	"time"

	"taskwire.dev/shared/ratelimit"
)

func TestLocal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := ratelimit.NewLocal()
		limit := ratelimit.Limit{Burst: 3, Every: time.Minute}
		take := func(want time.Duration) {
			t.Helper()
			if got := l.Take(t.Context(), "k", limit); got != want {
				t.Errorf("wait %v, want %v", got, want)
			}
		}
		take(0)
		take(0)
		take(0)
		take(time.Minute)
		take(time.Minute) // refused uses do not count
		time.Sleep(40 * time.Second)
		take(20 * time.Second)
		wait := func(want time.Duration) {
			t.Helper()
			if got := l.Wait(t.Context(), "k", limit); got != want {
				t.Errorf("would wait %v, want %v", got, want)
			}
		}
		wait(20 * time.Second)
		time.Sleep(20 * time.Second)
		wait(0)
		wait(0) // Wait does not count
		take(0)
		wait(time.Minute)
		if got := l.Take(t.Context(), "other", limit); got != 0 {
			t.Errorf("another key waits %v", got)
		}
		time.Sleep(time.Hour)
		take(0)
		take(0)
		take(0)
		take(time.Minute)
		l.Restart(t.Context(), "k", limit)
		take(0)
		take(0)
		take(time.Minute)
	})
}

// A key with one use exists for an interval after the last Restart.
func TestLocal_Restart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := ratelimit.NewLocal()
		limit := ratelimit.Limit{Burst: 1, Every: time.Hour}
		for range 3 {
			l.Restart(t.Context(), "k", limit)
			if got := l.Wait(t.Context(), "k", limit); got != time.Hour {
				t.Errorf("wait %v", got)
			}
			time.Sleep(40 * time.Minute)
		}
		time.Sleep(20 * time.Minute)
		if got := l.Wait(t.Context(), "k", limit); got != 0 {
			t.Errorf("wait %v after an hour without use", got)
		}
	})
}

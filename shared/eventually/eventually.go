// Package eventually lets a test wait for a condition instead of sleeping.
package eventually

import (
	"testing"
	"time"
)

const (
	timeout = 20 * time.Second
	pace    = 5 * time.Millisecond
)

// True waits until the condition holds. what is the condition in words; the test fails with it after 20 s.
func True(t testing.TB, what string, condition func() bool) {
	t.Helper()
	Within(t, timeout, what, condition)
}

// Within is True with a timeout of the caller's.
func Within(t testing.TB, d time.Duration, what string, condition func() bool) {
	t.Helper()
	ticker := time.NewTicker(pace)
	defer ticker.Stop()
	late := time.After(d)
	for !condition() {
		select {
		case <-ticker.C:
		case <-late:
			t.Fatalf("after %s it is not true that %s", d, what)
		}
	}
}

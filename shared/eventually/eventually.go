// Package eventually lets a test wait for a condition instead of sleeping.
package eventually

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"
)

// timeout is how long True waits.
const timeout = 20 * time.Second

// The pause between two checks grows from firstPause to lastPause, since some conditions query a server.
const (
	firstPause = 5 * time.Millisecond
	lastPause  = 100 * time.Millisecond
)

// True waits until the condition holds. After 20 s the test fails with what, a description of the condition.
func True(t testing.TB, what string, condition func() bool) {
	t.Helper()
	Within(t, timeout, what, condition)
}

// Within is True with the given timeout.
func Within(t testing.TB, d time.Duration, what string, condition func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	if err := Holds(ctx, what, condition); err != nil {
		t.Fatal(err)
	}
}

// Succeeds waits until try returns no error. The test fails with the last one when ctx ends.
func Succeeds(ctx context.Context, t testing.TB, what string, try func() error) {
	t.Helper()
	if err := wait(ctx, what, try); err != nil {
		t.Fatal(err)
	}
}

// Holds waits until the condition holds, or ctx ends, as an error for goroutines other than the test's.
func Holds(ctx context.Context, what string, condition func() bool) error {
	return wait(ctx, what, func() error {
		if condition() {
			return nil
		}
		return errors.New("it does not hold")
	})
}

func wait(ctx context.Context, what string, try func() error) error {
	began := time.Now()
	for pause := firstPause; ; pause = min(2*pause, lastPause) {
		err := try()
		if err == nil {
			return nil
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return fmt.Errorf("not within %s: %s: %w", time.Since(began).Round(time.Second), what, err)
		}
	}
}

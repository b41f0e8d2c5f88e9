package main

import (
	"errors"
	"slices"
	"testing"

	"taskwire.dev/e2e/stack"
)

// TestFight_WhatCannotBeMeasuredIsNotHeld: no part was restarted only if the parts could be listed.
func TestFight_WhatCannotBeMeasuredIsNotHeld(t *testing.T) {
	t.Parallel()
	b := &battle{stack: &stack.Stack{}} // has no runner
	if restarts, err := b.restarts(t.Context()); err == nil {
		t.Errorf("restarts of an unknown stack: %v", restarts)
	}
	if nearest, err := b.nearest(t.Context()); err == nil {
		t.Errorf("memory of an unknown stack: %v", nearest)
	}
	f := &fight{alone: true, unmeasured: errors.New("no answer")}
	if want := []string{"what it did to the parts is not known: no answer"}; !slices.Equal(f.broken(), want) {
		t.Errorf("broken: %q, want %q", f.broken(), want)
	}
}

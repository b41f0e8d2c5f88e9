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

func TestChoose(t *testing.T) {
	t.Parallel()
	if chosen, err := choose(""); err != nil || slices.Contains(chosen, false) {
		t.Errorf("%v, %v; want all", chosen, err)
	}
	chosen, err := choose("^slow bodies of logins$")
	if err != nil {
		t.Fatal(err)
	}
	for i, at := range attacks {
		if chosen[i] != (at.name == "slow bodies of logins") {
			t.Errorf("%s: %t", at.name, chosen[i])
		}
	}
	for _, only := range []string{"typo", "("} {
		if chosen, err := choose(only); err == nil {
			t.Errorf("%q chooses %v, want an error", only, chosen)
		}
	}
}

func TestVerdict_WithoutAnAttackNothingHeld(t *testing.T) {
	t.Parallel()
	if err := (report{}).verdict(); err == nil {
		t.Error("no error")
	}
}

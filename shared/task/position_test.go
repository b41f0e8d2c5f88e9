package task

import (
	"testing"

	"pgregory.net/rapid"
)

func TestPositionAfterIsAlwaysBehind(t *testing.T) {
	t.Parallel()
	p := ""
	for i := range 20_000 {
		next := PositionAfter(p)
		if next <= p || !ValidPosition(next) {
			t.Fatalf("%d: %q after %q", i, next, p)
		}
		p = next
	}
	rapid.Check(t, func(t *rapid.T) {
		head := rapid.SampledFrom([]string{"a0", "az", "bzz", "Zz", "Z0", "Yzz", "A00000000000000000000000000", "zzzzzzzzzzzzzzzzzzzzzzzzzzz"}).Draw(t, "integer")
		p := head + rapid.StringMatching(`([0-9A-Za-z]{0,8}[1-9A-Za-z])?`).Draw(t, "fraction")
		if !ValidPosition(p) {
			t.Fatalf("%q is valid", p)
		}
		if next := PositionAfter(p); next <= p || !ValidPosition(next) {
			t.Fatalf("%q after %q", next, p)
		}
	})
}

func TestValidPosition(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{
		"a0": true, "a0V": true, "b12": true, "Zz": true,
		"": false, "a": false, "a00": false, "b1": false, "0": false, "a-": false, "aé": false,
	} {
		if ValidPosition(s) != want {
			t.Errorf("ValidPosition(%q) = %t", s, !want)
		}
	}
}

package task

import (
	"strings"
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
		p := head + rapid.StringMatching(`([0-9A-Za-z]{0,172}[1-9A-Za-z])?`).Draw(t, "fraction")
		if !ValidPosition(p) {
			t.Fatalf("%q is valid", p)
		}
		if next := PositionAfter(p); next <= p || !ValidPosition(next) {
			t.Fatalf("%q after %q", next, p)
		}
	})
}

// A client can choose a position with the greatest integer, and the tasks after it can still be edited.
func TestPositionAfterTheGreatestInteger(t *testing.T) {
	t.Parallel()
	greatest := strings.Repeat("z", 27)
	for p, want := range map[string]string{
		greatest:                             greatest + "1",
		greatest + "1":                       greatest + "2",
		greatest + "0zV":                     greatest + "1",
		greatest + "zz":                      greatest + "zz1",
		greatest + strings.Repeat("V", 173):  greatest + "W",
		strings.Repeat("z", MaxPosition):     "z00000000000000000000000000",
		strings.Repeat("z", MaxPosition-1):   strings.Repeat("z", MaxPosition-1) + "1",
		greatest + strings.Repeat("V", 1000): greatest + "W", // from an older version
	} {
		if next := PositionAfter(p); next != want || !ValidPosition(next) {
			t.Errorf("%q after %q, want %q", next, p, want)
		}
	}
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

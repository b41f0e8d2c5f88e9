package ports

import (
	"maps"
	"slices"
	"testing"
)

func TestRangesAreApartAndNotForOutgoingConnections(t *testing.T) {
	t.Parallel()
	sorted := slices.Sorted(maps.Values(bases))
	for i, base := range sorted {
		if base+Each > 32768 || i > 0 && base < sorted[i-1]+Each {
			t.Errorf("the range from %d meets another one", base)
		}
	}
}

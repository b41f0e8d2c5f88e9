package list_test

import (
	"sort"
	"testing"
	"time"

	"taskwire.dev/functions/tasks/internal/list"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/wallclock/zonetest"
)

// The offsets that a list is sorted by are those of each day, in every zone.
func TestOffsetsAreThoseOfEachDay(t *testing.T) {
	t.Parallel()
	for _, zone := range zonetest.All(t) {
		o := list.OffsetsOf(zone)
		if len(o.Offset) != len(o.From)+1 || !sort.SliceIsSorted(o.From, func(i, j int) bool { return o.From[i].Before(o.From[j]) }) {
			t.Fatalf("%s: %d days, %d offsets", zone, len(o.From), len(o.Offset))
		}
		first := task.DateOf(time.Date(2011, 1, 1, 0, 0, 0, 0, time.UTC))
		for n := range 20 * 365 {
			day := first.AddDays(n)
			bucket := sort.Search(len(o.From), func(i int) bool { return o.From[i].After(day.Midnight()) })
			want := day.Midnight().Sub(day.Start(zone)) / time.Second
			if got := o.Offset[bucket]; int64(got) != int64(want) {
				t.Fatalf("%s, %s: %d, want %d", zone, day, got, want)
			}
		}
	}
}

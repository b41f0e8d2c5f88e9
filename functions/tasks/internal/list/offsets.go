package list

import (
	"sort"
	"sync"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/task"
	"taskwire.dev/shared/wallclock"
)

// Offsets are the offsets of a zone from UTC at the beginning of days, in seconds. PostgreSQL has another database of
// zones, which need not know every zone that a user can choose.
type Offsets struct {
	From   []time.Time // the first days with the offsets after the first
	Offset []int32     // one more than From
}

// Years of the days whose offsets are known exactly. Days before and after have the first and the last offset.
const (
	firstYear = 1970
	lastYear  = 2100
)

var offsets sync.Map // of Offsets by *time.Location

// OffsetsOf returns the offsets of a zone.
func OffsetsOf(zone *time.Location) Offsets {
	if known, ok := offsets.Load(zone); ok {
		return known.(Offsets)
	}
	at := func(day task.Date) int32 { return int32(day.Midnight().Sub(day.Start(zone)) / time.Second) }
	first := task.DateOf(time.Date(firstYear, 1, 1, 0, 0, 0, 0, time.UTC))
	o := Offsets{From: []time.Time{}, Offset: []int32{at(first)}}
	last := o.Offset[0]
	for t := first.Midnight(); ; {
		change := wallclock.NextChange(t, zone)
		if change.IsZero() || change.Year() > lastYear {
			break
		}
		// The first day with the new offset: that of the change or the next one, if the clocks go back across midnight the one
		// after it.
		day := task.DateOf(wallclock.Of(change, zone)).AddDays(-1)
		for range 4 {
			if now := at(day); now != last && (len(o.From) == 0 || day.Midnight().After(o.From[len(o.From)-1])) {
				o.From, o.Offset, last = append(o.From, day.Midnight()), append(o.Offset, now), now
			}
			day = day.AddDays(1)
		}
		t = change
	}
	offsets.Store(zone, o)
	return o
}

// Start returns when a day begins, as the list is sorted.
func (o Offsets) Start(day task.Date) time.Time {
	bucket := sort.Search(len(o.From), func(i int) bool { return o.From[i].After(day.Midnight()) })
	return day.Midnight().Add(-time.Duration(o.Offset[bucket]) * time.Second)
}

// Place returns where a list by day and id continues behind a task that is due at an instant, or on the day that begins then.
func (o Offsets) Place(at time.Time, id uuid.UUID, descending bool) (task.Date, uuid.UUID) {
	day := task.DateOf(at.UTC()).AddDays(-1)
	for o.Start(day).Before(at) {
		day = day.AddDays(1)
	}
	switch {
	case o.Start(day).Equal(at):
		return day, id
	case descending: // behind is every day that begins earlier
		return day, uuid.Nil
	}
	return day.AddDays(-1), uuid.Max
}

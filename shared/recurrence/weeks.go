package recurrence

import (
	"iter"
	"slices"
	"time"

	"github.com/teambition/rrule-go"

	"taskwire.dev/shared/wallclock"
)

// weeks does what BYWEEKNO says, and BYSETPOS after it, over the times that the rest of a yearly rule gives. The
// library has BYWEEKNO as well, but takes the first days of January for week 53 of the year before when that had 52.
type weeks struct {
	numbers   []int // of BYWEEKNO
	positions []int // of BYSETPOS
	firstDay  int   // of a week, from Monday
}

// maxInVain is how many years in a row are looked at for nothing. Each day of each week comes far sooner, if it does.
const maxInVain = 100

// takeWeeks parts what weeks does from what the library is to do.
func takeWeeks(o *rrule.ROption) weeks {
	w := weeks{o.Byweekno, o.Bysetpos, o.Wkst.Day()}
	o.Byweekno, o.Bysetpos = nil, nil
	return w
}

func (w weeks) of(all iter.Seq[time.Time]) iter.Seq[time.Time] {
	return func(yield func(time.Time) bool) {
		var year []time.Time // the times of one year, which is BYSETPOS's set
		current, inVain := 0, 0
		flush := func() bool {
			inVain++
			for i, at := range year {
				chosen := len(w.positions) == 0 || slices.Contains(w.positions, i+1) || slices.Contains(w.positions, i-len(year))
				if !chosen {
					continue
				}
				if inVain = 0; !yield(at) {
					return false
				}
			}
			year = year[:0]
			return inVain < maxInVain
		}
		for at := range all {
			if current != at.Year() {
				if !flush() {
					return
				}
				current = at.Year()
			}
			if w.has(at) {
				year = append(year, at)
			}
		}
		flush()
	}
}

// has reports whether a time is in one of the weeks. Week 1 is the first with four days in its year; a week that
// lies in two years is of the one that has more of it (RFC 5545, 3.3.10).
func (w weeks) has(at time.Time) bool {
	fourth := weekStart(at, w.firstDay).AddDate(0, 0, 3)
	last := weekStart(time.Date(fourth.Year(), 12, 28, 0, 0, 0, 0, time.UTC), w.firstDay).AddDate(0, 0, 3) // in the last week, whatever day it begins
	number, most := 1+(fourth.YearDay()-1)/7, 1+(last.YearDay()-1)/7
	return slices.Contains(w.numbers, number) || slices.Contains(w.numbers, number-most-1)
}

// weekStart returns the midnight with which the week of a wall-clock time begins. The library counts days of the
// week from Monday, Go from Sunday.
func weekStart(wall time.Time, firstDay int) time.Time {
	return wallclock.DateOf(wall).AddDate(0, 0, -(int(wall.Weekday())+13-firstDay)%7)
}

package recurrence

import (
	"iter"
	"slices"
	"time"

	"github.com/teambition/rrule-go"

	"taskwire.dev/shared/wallclock"
)

// weeks applies BYWEEKNO, and then BYSETPOS, to the times of the rest of a yearly rule. The library has BYWEEKNO too, but treats
// the first days of January as week 53 of the previous year even if that had 52.
type weeks struct {
	numbers   []int // of BYWEEKNO
	positions []int // of BYSETPOS
	firstDay  int   // of a week, from Monday
}

// maxInVain is after how many years without a result the search ends. Every day of every week occurs far sooner, if at all.
const maxInVain = 100

// takeWeeks moves the parts that weeks applies out of the library's options.
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

// has reports whether a time is in one of the weeks. Week 1 is the first with four days in its year; a week in two years belongs
// to the one with more of its days (RFC 5545, 3.3.10).
func (w weeks) has(at time.Time) bool {
	fourth := weekStart(at, w.firstDay).AddDate(0, 0, 3)
	last := weekStart(time.Date(fourth.Year(), 12, 28, 0, 0, 0, 0, time.UTC), w.firstDay).AddDate(0, 0, 3) // in the last week, whatever day it begins
	number, most := 1+(fourth.YearDay()-1)/7, 1+(last.YearDay()-1)/7
	return slices.Contains(w.numbers, number) || slices.Contains(w.numbers, number-most-1)
}

// weekStart returns the midnight at which the week of a wall-clock time begins. The library counts days of the
// week from Monday, Go from Sunday.
func weekStart(wall time.Time, firstDay int) time.Time {
	return wallclock.DateOf(wall).AddDate(0, 0, -(int(wall.Weekday())+13-firstDay)%7)
}

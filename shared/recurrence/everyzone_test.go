package recurrence

import (
	"strings"
	"testing"
	"time"

	"taskwire.dev/shared/wallclock"
	"taskwire.dev/shared/wallclock/zonetest"
)

// In every zone, through a whole year: a daily task occurs at its time of day on each local day, never twice on one and never
// later than the clocks show that time. Only a day on which they skip both that time and midnight has none: its occurrence would
// be on the next day, which has another.
func TestADailyTaskOccursOnceOnEachDayInEveryZone(t *testing.T) {
	t.Parallel()
	begin := time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)
	end := begin.AddDate(0, 0, 367)
	timesOfDay := []time.Duration{0, 30 * time.Minute, 59 * time.Minute, 2*time.Hour + 30*time.Minute, 12 * time.Hour, 23*time.Hour + 59*time.Minute}
	for _, zone := range zonetest.All(t) {
		for _, timeOfDay := range timesOfDay {
			s := daily(t, wallclock.At(begin.Add(timeOfDay), zone), zone)
			last, lastDay, occurrences, skipped := s.Start, begin, 1, 0
			for at := range s.After(s.Start) {
				day := wallclock.DateOf(wallclock.Of(at, zone))
				if !day.Before(end) {
					break
				}
				if !at.After(last) || !day.After(lastDay) || !at.Equal(wallclock.At(day.Add(timeOfDay), zone)) {
					t.Fatalf("%s at %v: after %v comes %v", zone, timeOfDay, last, at)
				}
				skipped += wallclock.Days(lastDay, day) - 1
				last, lastDay = at, day
				occurrences++
			}
			if occurrences+skipped != 367 || skipped > 1 {
				t.Errorf("%s at %v: %d occurrences in 367 days, %d days skipped", zone, timeOfDay, occurrences, skipped)
			}
		}
	}
}

// A series goes on from a stored occurrence. Around every change of the clocks, and in years in which zones skipped a day or
// changed by 20 minutes: what follows an instant is later than it, on a later day than the occurrence before, and nothing
// between the two is left out; a completion at that instant leads to a later day too.
func TestASeriesMovesForwardFromEveryInstantInEveryZone(t *testing.T) {
	t.Parallel()
	for _, zone := range zonetest.All(t) {
		for _, year := range []int{1993, 2011, 2027} {
			for _, change := range zonetest.Changes(zone, year) {
				start := change.Add(-49*time.Hour - 30*time.Minute)
				s := daily(t, start, zone)
				var all []time.Time
				for at := range s.After(start) {
					if all = append(all, at); at.After(change.Add(72 * time.Hour)) {
						break
					}
				}
				for from := change.Add(-26 * time.Hour); from.Before(change.Add(26 * time.Hour)); from = from.Add(2*time.Hour + 15*time.Minute) {
					next, ok := first(s.After(from))
					i := 0
					for !all[i].After(from) {
						i++
					}
					if !ok || !next.Equal(all[i]) {
						t.Fatalf("%s, daily from %v: after %v comes %v, want %v", zone, start, from, next, all[i])
					}
					if i == 0 {
						continue
					}
					due := all[i-1]
					done, ok := s.AfterCompletion(from, due, 1)
					if !ok || !done.After(from) || !done.After(due) || wallclock.DaysBetween(due, done, zone) < 1 {
						t.Fatalf("%s, due %v: completed at %v, the next is %v", zone, due, from, done)
					}
				}
			}
		}
	}
}

func daily(t *testing.T, start time.Time, zone *time.Location) Series {
	t.Helper()
	rule, err := Parse("FREQ=DAILY")
	if err != nil {
		t.Fatal(err)
	}
	return Series{Rule: rule, Start: start, Zone: zone}
}

// 23:59 does not exist on Saturday 27 March 2027 in Nuuk: it is 00:59 on Sunday. A weekly task occurs then; a daily one has an
// occurrence on Sunday anyway.
func TestAnOccurrenceThatAGapMovesToTheNextDay(t *testing.T) {
	t.Parallel()
	nuuk := wallclock.Zone("America/Nuuk")
	for _, x := range []struct{ rule, start, want string }{
		{"FREQ=WEEKLY", "2027-03-20T23:59:00-02:00", "2027-03-28T00:59:00-01:00 2027-04-03T23:59:00-01:00"},
		{"FREQ=DAILY", "2027-03-26T23:59:00-02:00", "2027-03-28T23:59:00-01:00 2027-03-29T23:59:00-01:00"},
		{"FREQ=DAILY;UNTIL=20270327", "2027-03-26T23:59:00-02:00", "2027-03-28T00:59:00-01:00"},
	} {
		start, _ := time.Parse(time.RFC3339, x.start)
		rule, err := Parse(x.rule)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for at := range (Series{Rule: rule, Start: start, Zone: nuuk}).After(start) {
			if got = append(got, at.In(nuuk).Format(time.RFC3339)); len(got) == 2 {
				break
			}
		}
		if strings.Join(got, " ") != x.want {
			t.Errorf("%s from %s: %v, want %s", x.rule, x.start, got, x.want)
		}
	}
}

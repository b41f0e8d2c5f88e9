package when

import (
	"testing"
	"time"

	"taskwire.dev/shared/wallclock"
	"taskwire.dev/shared/wallclock/zonetest"
)

// In Havana clocks go forward at midnight, at the start of 14 March 2027: that day starts at 01:00, and time.Date takes
// its midnight for the evening before.
func TestParseWhereMidnightIsSkipped(t *testing.T) {
	t.Parallel()
	havana := wallclock.Zone("America/Havana")
	for _, c := range []struct{ now, said, want string }{
		{"2027-03-13T12:00:00-05:00", "tomorrow", "2027-03-14T01:00:00-04:00"},
		{"2027-03-13T12:00:00-05:00", "tomorrow at 9am", "2027-03-14T09:00:00-04:00"},
		{"2027-03-13T12:00:00-05:00", "tomorrow at 00:30", "2027-03-14T01:30:00-04:00"},
		{"2027-03-13T12:00:00-05:00", "2027-03-14", "2027-03-14T01:00:00-04:00"},
		{"2027-03-13T12:00:00-05:00", "2027-03-14 00:59", "2027-03-14T01:59:00-04:00"},
		{"2027-03-13T12:00:00-05:00", "sunday", "2027-03-14T01:00:00-04:00"},
		{"2027-03-13T12:00:00-05:00", "the 14th", "2027-03-14T01:00:00-04:00"},
		{"2027-03-13T12:00:00-05:00", "in 2 days", "2027-03-15T00:00:00-04:00"},
		{"2027-03-14T12:00:00-04:00", "today", "2027-03-14T01:00:00-04:00"},
		{"2027-03-14T12:00:00-04:00", "tomorrow", "2027-03-15T00:00:00-04:00"},
		{"2027-02-14T12:00:00-05:00", "in a month at 8am", "2027-03-14T08:00:00-04:00"},
	} {
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Parse(c.said, now.In(havana), time.Monday)
		if err != nil || got.Format(time.RFC3339) != c.want {
			t.Errorf("%q at %s: got %s, %v; want %s", c.said, c.now, got.Format(time.RFC3339), err, c.want)
		}
	}
}

func TestTomorrowIsTheNextDayInEveryZone(t *testing.T) {
	t.Parallel()
	for _, zone := range zonetest.All(t) {
		for _, change := range zonetest.Changes(zone, 2027) {
			for hours := -30; hours <= 30; hours += 3 {
				now := change.Add(time.Duration(hours) * time.Hour).In(zone)
				want := wallclock.DateOf(wallclock.Of(now, zone)).AddDate(0, 0, 1)
				for _, said := range []string{"tomorrow", "tomorrow at 9am", "in 1 day", want.Format(time.DateOnly)} {
					got, err := Parse(said, now, time.Monday)
					if err != nil || !wallclock.DateOf(wallclock.Of(got.Time, zone)).Equal(want) {
						t.Fatalf("%s: %q at %v: got %v, %v; want a time on %v", zone, said, now, got, err, want)
					}
				}
			}
		}
	}
}

package wallclock_test

import (
	"testing"
	"time"

	"taskwire.dev/shared/wallclock"
	"taskwire.dev/shared/wallclock/zonetest"
)

func TestAt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, wall, want string }{
		{"Europe/Berlin", "2027-03-28T01:59:59", "2027-03-28T00:59:59Z"},
		{"Europe/Berlin", "2027-03-28T02:30:00", "2027-03-28T01:30:00Z"}, // skipped: 03:30 there
		{"Europe/Berlin", "2027-03-28T03:00:00", "2027-03-28T01:00:00Z"},
		{"Europe/Berlin", "2027-10-31T02:30:00", "2027-10-31T00:30:00Z"}, // twice: the first
		{"Europe/Berlin", "2027-10-31T03:00:00", "2027-10-31T02:00:00Z"},
		{"Australia/Lord_Howe", "2027-10-03T02:15:00", "2027-10-02T15:45:00Z"}, // half an hour is skipped
		// Clocks that go forward at midnight, west of Greenwich: time.Date returns a time on the evening before.
		{"America/Havana", "2027-03-13T23:59:00", "2027-03-14T04:59:00Z"},
		{"America/Havana", "2027-03-14T00:00:00", "2027-03-14T05:00:00Z"},
		{"America/Havana", "2027-03-14T00:59:00", "2027-03-14T05:59:00Z"},
		{"Atlantic/Azores", "2027-03-28T00:30:00", "2027-03-28T01:30:00Z"},
		{"America/Santiago", "2027-09-05T00:00:00", "2027-09-05T04:00:00Z"},
		// Clocks that go back across midnight: the evening comes twice.
		{"America/Santiago", "2027-04-03T23:30:00", "2027-04-04T02:30:00Z"},
		{"America/St_Johns", "2010-11-07T00:00:30", "2010-11-07T02:30:30Z"},
		// A whole day was skipped.
		{"Pacific/Apia", "2011-12-29T10:00:00", "2011-12-29T20:00:00Z"},
		{"Pacific/Apia", "2011-12-30T10:00:00", "2011-12-30T20:00:00Z"},
		{"Pacific/Apia", "2011-12-31T10:00:00", "2011-12-30T20:00:00Z"},
		// The zones farthest from UTC, and times before there were zones.
		{"Pacific/Kiritimati", "2027-01-01T00:00:00", "2026-12-31T10:00:00Z"},
		{"Etc/GMT+12", "2027-01-01T00:00:00", "2027-01-01T12:00:00Z"},
		{"Europe/Berlin", "1800-01-01T00:00:00", "1799-12-31T23:06:32Z"},
		{"Europe/Berlin", "9999-07-01T00:00:00", "9999-06-30T22:00:00Z"},
		// The end of a leap year, where time.Time.ZoneBounds returns the past.
		{"Europe/Berlin", "2040-12-31T12:00:00", "2040-12-31T11:00:00Z"},
		{"Europe/Berlin", "2041-01-01T00:30:00", "2040-12-31T23:30:00Z"},
		{"America/New_York", "2096-12-31T23:00:00", "2097-01-01T04:00:00Z"},
	} {
		wall, err := time.Parse(time.RFC3339, c.wall+"Z")
		if err != nil {
			t.Fatal(err)
		}
		if got := wallclock.At(wall, wallclock.Zone(c.zone)).Format(time.RFC3339); got != c.want {
			t.Errorf("%s in %s: got %s, want %s", c.wall, c.zone, got, c.want)
		}
	}
}

func TestDate(t *testing.T) {
	t.Parallel()
	havana := wallclock.Zone("America/Havana")
	if got := wallclock.Date(2027, 3, 14, 0, 30, 0, 0, havana).Format(time.RFC3339); got != "2027-03-14T01:30:00-04:00" {
		t.Error(got)
	}
	if got := wallclock.Date(2027, 2, 30, 25, 0, 0, 0, havana).Format(time.RFC3339); got != "2027-03-03T01:00:00-05:00" {
		t.Errorf("out of range as time.Date has it: got %s", got)
	}
}

// Around every clock change of a year in every zone, for three days in steps of five minutes, At must do what it
// promises.
func TestAtInEveryZone(t *testing.T) {
	t.Parallel()
	for _, zone := range zonetest.All(t) {
		for _, change := range zonetest.Changes(zone, 2027) {
			checkAround(t, zone, change)
		}
	}
}

// Years in which zones made changes that none makes in 2027, such as skipping a day or changing by 20 minutes.
func TestAtInThePast(t *testing.T) {
	t.Parallel()
	for _, year := range []int{1945, 1993, 2011} {
		for _, zone := range zonetest.All(t) {
			for _, change := range zonetest.Changes(zone, year) {
				checkAround(t, zone, change)
			}
		}
	}
}

func checkAround(t *testing.T, zone *time.Location, change time.Time) {
	t.Helper()
	const span, step = 36 * time.Hour, 5 * time.Minute
	// When each time is first shown, by walking through time.
	shown := map[time.Time]time.Time{}
	from := wallclock.Of(change, zone).Add(-span).Truncate(step)
	for at := change.Add(-2 * span).Truncate(step); at.Before(change.Add(2 * span)); at = at.Add(step) {
		wall := wallclock.Of(at, zone)
		if _, twice := shown[wall]; !twice {
			shown[wall] = at
		}
	}
	_, offset := change.Add(-time.Second).In(zone).Zone()
	if offset%int(step.Seconds()) != 0 {
		return // until the 1970s some clocks were off by odd minutes and seconds, which these steps miss
	}
	for wall := from; wall.Before(from.Add(2 * span)); wall = wall.Add(step) {
		got := wallclock.At(wall, zone)
		if want, ok := shown[wall]; ok && !got.Equal(want) {
			t.Fatalf("%s: %v is first shown at %v, got %v", zone, wall, want, got)
		} else if !ok && wallclock.Of(got, zone).Equal(wall) {
			t.Fatalf("%s: %v is never shown, got %v", zone, wall, got)
		} else if !ok && !got.Equal(wall.Add(-time.Duration(offset)*time.Second)) {
			t.Fatalf("%s: %v is skipped, got %v", zone, wall, got)
		}
		if next := wallclock.At(wall.AddDate(0, 0, 1), zone); next.Before(got) {
			t.Fatalf("%s: %v is %v, but a day later it is %v", zone, wall, got, next)
		}
	}
}

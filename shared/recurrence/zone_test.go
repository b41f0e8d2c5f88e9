package recurrence

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"taskwire.dev/shared/wallclock"
)

// Zones of all kinds: changes at midnight, of half an hour, of two hours, backwards in summer, four times a year, and one that
// skipped a whole day.
var zonesOfAllKinds = []string{
	"Europe/Berlin", "Europe/London", "Europe/Dublin", "America/New_York", "America/St_Johns", "America/Sao_Paulo", "America/Havana",
	"Africa/Cairo", "Africa/Casablanca", "Asia/Beirut", "Asia/Tehran", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Chatham",
	"Pacific/Apia", "Antarctica/Troll", "UTC",
}

// shows returns the instants at which the clocks of the zone show wall, found by checking every minute of three days.
func shows(wall time.Time, zone *time.Location) (found []time.Time, beforeGap time.Time) {
	y, m, d := wall.Date()
	for at := wall.Add(-36 * time.Hour); at.Before(wall.Add(36 * time.Hour)); at = at.Add(time.Minute) {
		local := at.In(zone)
		ly, lm, ld := local.Date()
		if ly == y && lm == m && ld == d && local.Hour() == wall.Hour() && local.Minute() == wall.Minute() {
			found = append(found, at)
		}
		_, before := at.Add(-time.Minute).In(zone).Zone()
		_, after := local.Zone()
		if gap := time.Duration(before) * time.Second; before != after && at.Add(gap).Before(wall.Add(time.Minute)) &&
			wall.Before(at.Add(time.Duration(after)*time.Second)) {
			beforeGap = wall.Add(-gap)
		}
	}
	return found, beforeGap
}

func TestTheTimeOfDayIsKeptInEveryZone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		zone := wallclock.Zone(rapid.SampledFrom(zonesOfAllKinds).Draw(t, "zone"))
		start := time.Unix(rapid.Int64Range(631152000/60, 2208988800/60).Draw(t, "minute")*60, 0).UTC()
		rule, err := Parse(rapid.SampledFrom([]string{"FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=DAILY;INTERVAL=5"}).Draw(t, "rule"))
		if err != nil {
			t.Fatal(err)
		}
		s := Series{Rule: rule, Start: start, Zone: zone}
		from := start.AddDate(0, 0, rapid.IntRange(0, 400).Draw(t, "days later"))
		wall := wallclock.Of(start, zone)
		n := 0
		for at := range s.After(from) {
			got := wallclock.Of(at, zone)
			if got.Hour() == wall.Hour() && got.Minute() == wall.Minute() {
				// Of a repeated time it is the first.
				if found, _ := shows(got, zone); len(found) == 0 || !found[0].Equal(at) {
					t.Fatalf("%v in %v: %v, where the clocks show it at %v", wall, zone, at, found)
				}
			} else {
				nominal := wallclock.DateOf(got).Add(wall.Sub(wallclock.DateOf(wall)))
				if nominal.After(got) {
					nominal = nominal.AddDate(0, 0, -1)
				}
				found, beforeGap := shows(nominal, zone)
				if len(found) > 0 || !beforeGap.Equal(at) {
					t.Fatalf("%v in %v: came at %v, though %v exists at %v (or, in a gap, is %v)", wall, zone, got, nominal, found, beforeGap)
				}
			}
			if n++; n == 8 {
				return
			}
		}
		t.Fatalf("it ended after %d", n)
	})
}

func TestNineOClockAcrossBothChangesOfTheClocks(t *testing.T) {
	t.Parallel()
	berlin := wallclock.Zone("Europe/Berlin")
	for _, x := range []struct{ start, rule, next string }{
		{"2027-03-22T09:00:00+01:00", "FREQ=WEEKLY;BYDAY=MO", "2027-03-29T09:00:00+02:00"},
		{"2027-10-25T09:00:00+02:00", "FREQ=WEEKLY;BYDAY=MO", "2027-11-01T09:00:00+01:00"},
		// 02:30 does not exist on 28 March: with the offset from before it is 03:30, and 02:30 again the day after.
		{"2027-03-27T02:30:00+01:00", "FREQ=DAILY", "2027-03-28T03:30:00+02:00"},
		{"2027-03-20T02:30:00+01:00", "FREQ=DAILY;UNTIL=20270329;BYMONTHDAY=29", "2027-03-29T02:30:00+02:00"},
		// 02:30 occurs twice on 31 October.
		{"2027-10-30T02:30:00+02:00", "FREQ=DAILY", "2027-10-31T02:30:00+02:00"},
		// All day: midnight, also where the day before has 25 hours.
		{"2027-10-31T00:00:00+02:00", "FREQ=DAILY", "2027-11-01T00:00:00+01:00"},
	} {
		start, _ := time.Parse(time.RFC3339, x.start)
		rule, err := Parse(x.rule)
		if err != nil {
			t.Fatal(err)
		}
		next, ok := first(Series{Rule: rule, Start: start, Zone: berlin}.After(start))
		if got := next.In(berlin).Format(time.RFC3339); !ok || got != x.next {
			t.Errorf("%s, %s: %s, want %s", x.start, x.rule, got, x.next)
		}
	}
}

func TestAGapDoesNotMoveLaterOccurrences(t *testing.T) {
	t.Parallel()
	berlin := wallclock.Zone("Europe/Berlin")
	rule, _ := Parse("FREQ=DAILY")
	s := Series{Rule: rule, Start: time.Date(2027, 3, 27, 2, 30, 0, 0, berlin), Zone: berlin}
	inGap, _ := first(s.After(s.Start))
	after, _ := first(s.After(inGap))
	if got := after.In(berlin).Format(time.RFC3339); got != "2027-03-29T02:30:00+02:00" {
		t.Error(got)
	}
}

func TestCompletionCountsFromTheDayOfTheCompletion(t *testing.T) {
	t.Parallel()
	berlin := wallclock.Zone("Europe/Berlin")
	for _, x := range []struct {
		name, rule, completed, due, want string
		nth                              int
	}{
		{"late", "FREQ=WEEKLY", "2027-03-24T17:43:00+01:00", "2027-03-01T09:00:00+01:00", "2027-03-31T09:00:00+02:00", 1},
		{"early on the day", "FREQ=DAILY", "2027-03-24T08:00:00+01:00", "2027-03-24T09:00:00+01:00", "2027-03-25T09:00:00+01:00", 1},
		{"before its time, on another day", "FREQ=DAILY", "2027-03-24T08:00:00+01:00", "2027-03-20T09:00:00+01:00", "2027-03-25T09:00:00+01:00", 1},
		{"days ahead", "FREQ=DAILY", "2027-03-20T08:00:00+01:00", "2027-03-24T09:00:00+01:00", "2027-03-25T09:00:00+01:00", 1},
		{"named day", "FREQ=WEEKLY;BYDAY=MO", "2027-03-24T17:43:00+01:00", "2027-03-01T09:00:00+01:00", "2027-03-29T09:00:00+02:00", 1},
		{"every other week", "FREQ=WEEKLY;INTERVAL=2", "2027-03-24T17:43:00+01:00", "2027-03-01T09:00:00+01:00", "2027-04-07T09:00:00+02:00", 1},
		{"the 31st", "FREQ=MONTHLY", "2027-03-31T10:00:00+02:00", "2027-03-01T09:00:00+01:00", "2027-04-30T09:00:00+02:00", 1},
		{"31 January", "FREQ=MONTHLY", "2027-01-31T10:00:00+01:00", "2027-01-01T09:00:00+01:00", "2027-02-28T09:00:00+01:00", 1},
		{"28 February", "FREQ=MONTHLY", "2027-02-28T10:00:00+01:00", "2027-01-01T09:00:00+01:00", "2027-03-28T09:00:00+02:00", 1},
		{"the 31st, two months", "FREQ=MONTHLY;INTERVAL=2", "2027-07-31T10:00:00+02:00", "2027-01-01T09:00:00+01:00", "2027-09-30T09:00:00+02:00", 1},
		{"the 31st, done before it was due", "FREQ=MONTHLY", "2027-01-31T10:00:00+01:00", "2027-02-28T09:00:00+01:00", "2027-03-31T09:00:00+02:00", 1},
		{"31 January, twice a day", "FREQ=MONTHLY;BYHOUR=9,21", "2027-01-31T20:00:00+01:00", "2027-01-01T09:00:00+01:00", "2027-02-28T21:00:00+01:00", 1},
		{"the 31st, at a leap second", "FREQ=MONTHLY;BYSECOND=59,60", "2027-03-31T10:00:00+02:00", "2027-01-01T09:00:00+01:00", "2027-04-30T09:00:59+02:00", 1},
		{"the 31st, in a named month", "FREQ=YEARLY;BYMONTH=2,11", "2027-01-31T10:00:00+01:00", "2027-01-01T09:00:00+01:00", "2028-02-29T09:00:00+01:00", 1},
		{"a leap day", "FREQ=YEARLY", "2028-02-29T10:00:00+01:00", "2027-01-01T09:00:00+01:00", "2029-02-28T09:00:00+01:00", 1},
		{"a leap day, four years", "FREQ=YEARLY;INTERVAL=4", "2028-02-29T10:00:00+01:00", "2027-01-01T09:00:00+01:00", "2032-02-29T09:00:00+01:00", 1},
		{"the named 31st", "FREQ=MONTHLY;BYMONTHDAY=31", "2027-01-31T10:00:00+01:00", "2027-01-01T09:00:00+01:00", "2027-03-31T09:00:00+02:00", 1},
		{"COUNT left", "FREQ=DAILY;COUNT=3", "2027-03-24T10:00:00+01:00", "2027-03-24T09:00:00+01:00", "2027-03-25T09:00:00+01:00", 2},
		{"COUNT over", "FREQ=DAILY;COUNT=3", "2027-03-24T10:00:00+01:00", "2027-03-24T09:00:00+01:00", "", 3},
		{"UNTIL over", "FREQ=DAILY;UNTIL=20270324", "2027-03-24T10:00:00+01:00", "2027-03-24T09:00:00+01:00", "", 1},
		{"UNTIL comes first", "FREQ=DAILY;INTERVAL=9;UNTIL=20270401", "2027-03-24T10:00:00+01:00", "2027-03-24T09:00:00+01:00", "", 1},
		{"nearest time of the day", "FREQ=DAILY;BYHOUR=9,17;BYMINUTE=0", "2027-03-24T10:00:00+01:00", "2027-03-24T09:00:00+01:00", "2027-03-25T09:00:00+01:00", 1},
		{"four weeks, on a Sunday", "FREQ=WEEKLY;INTERVAL=4;BYDAY=SU", "2026-11-25T10:00:00+01:00", "2026-11-22T09:00:00+01:00", "2026-12-20T09:00:00+01:00", 1},
		{"the 28th, half a year", "FREQ=MONTHLY;INTERVAL=6;BYMONTHDAY=28", "2026-11-25T10:00:00+01:00", "2026-10-28T09:00:00+01:00", "2027-05-28T09:00:00+02:00", 1},
		{"five years, on 1 December", "FREQ=YEARLY;INTERVAL=5;BYMONTH=12;BYMONTHDAY=1", "2026-11-25T10:00:00+01:00", "2025-12-01T09:00:00+01:00", "2031-12-01T09:00:00+01:00", 1},
		{"done before it was due", "FREQ=YEARLY;INTERVAL=5;BYMONTH=12;BYMONTHDAY=1", "2026-11-25T10:00:00+01:00", "2026-12-01T09:00:00+01:00", "2031-12-01T09:00:00+01:00", 1},
		{"90 days, at 23:00", "FREQ=DAILY;INTERVAL=90;BYHOUR=23", "2026-11-25T10:00:00+01:00", "2026-11-24T23:00:00+01:00", "2027-02-23T23:00:00+01:00", 1},
		{"of two equally near the later one", "FREQ=WEEKLY;BYDAY=MO,WE", "2027-03-23T10:00:00+01:00", "2027-03-22T09:00:00+01:00", "2027-03-31T09:00:00+02:00", 1},
		{"never the one that is done", "FREQ=WEEKLY;BYDAY=MO", "2027-03-24T10:00:00+01:00", "2027-03-29T09:00:00+02:00", "2027-04-05T09:00:00+02:00", 1},
		{"a day that is years away", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2027-03-24T10:00:00+01:00", "2024-02-29T09:00:00+01:00", "2028-02-29T09:00:00+01:00", 1},
		{"31 January and a month", "FREQ=MONTHLY;BYMONTHDAY=-1", "2027-01-31T10:00:00+01:00", "2027-01-31T09:00:00+01:00", "2027-02-28T09:00:00+01:00", 1},
	} {
		rule, err := Parse(x.rule)
		if err != nil {
			t.Fatal(err)
		}
		completed, _ := time.Parse(time.RFC3339, x.completed)
		due, _ := time.Parse(time.RFC3339, x.due)
		next, ok := Series{Rule: rule, Start: due, Zone: berlin}.AfterCompletion(completed, due, x.nth)
		got := ""
		if ok {
			got = next.In(berlin).Format(time.RFC3339)
		}
		if got != x.want {
			t.Errorf("%s: %s, want %s", x.name, got, x.want)
		}
	}
}

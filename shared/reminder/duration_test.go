package reminder_test

import (
	"testing"
	"time"

	"taskwire.dev/shared/preference"
	"taskwire.dev/shared/reminder"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/wallclock"
	"taskwire.dev/shared/wallclock/zonetest"
)

// RFC 5545, 3.3.6: days and longer units are nominal, the others exact.
func TestDurationsFollowTheCalendar(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, window, from, before, after string }{
		// The clocks of Berlin go back on 25 October 2026 and forward on 28 March 2027.
		{"Europe/Berlin", "P1D", "2026-10-25T09:00:00+01:00", "2026-10-24T09:00:00+02:00", "2026-10-26T09:00:00+01:00"},
		{"Europe/Berlin", "PT24H", "2026-10-25T09:00:00+01:00", "2026-10-24T10:00:00+02:00", "2026-10-26T09:00:00+01:00"},
		{"Europe/Berlin", "P1W", "2027-03-28T09:00:00+02:00", "2027-03-21T09:00:00+01:00", "2027-04-04T09:00:00+02:00"},
		{"Europe/Berlin", "P1DT1H", "2027-03-29T02:30:00+02:00", "2027-03-28T01:30:00+01:00", "2027-03-30T03:30:00+02:00"},
		{"Europe/Berlin", "P1D", "2027-03-29T02:30:00+02:00", "2027-03-28T03:30:00+02:00", "2027-03-30T02:30:00+02:00"},
		{"UTC", "P1M", "2027-03-31T09:00:00Z", "2027-02-28T09:00:00Z", "2027-04-30T09:00:00Z"},
		{"UTC", "P1M", "2028-03-31T09:00:00Z", "2028-02-29T09:00:00Z", "2028-04-30T09:00:00Z"},
		{"UTC", "P1Y", "2028-02-29T09:00:00Z", "2027-02-28T09:00:00Z", "2029-02-28T09:00:00Z"},
		{"UTC", "P0.5D", "2027-03-31T09:00:00Z", "2027-03-30T21:00:00Z", "2027-03-31T21:00:00Z"},
		{"UTC", "PT0S", "2027-03-31T09:00:00Z", "2027-03-31T09:00:00Z", "2027-03-31T09:00:00Z"},
	} {
		zone := wallclock.Zone(c.zone)
		if got := reminder.Before(at(c.from), c.window, zone); !got.Equal(at(c.before)) {
			t.Errorf("%s before %s in %s: %s, want %s", c.window, c.from, c.zone, got.In(zone), c.before)
		}
		if got := reminder.After(at(c.from), c.window, zone); !got.Equal(at(c.after)) {
			t.Errorf("%s after %s in %s: %s, want %s", c.window, c.from, c.zone, got.In(zone), c.after)
		}
	}
}

// In every zone, for every day of a year: the reminders of a day are on the clock where the user expects them, in
// order, and the task is overdue on the next day and not before midnight.
func TestADayIsTheUsersInEveryZone(t *testing.T) {
	t.Parallel()
	first, _ := task.ParseDate("2027-01-01")
	p := preference.Default()
	subject := &task.Task{Reminders: []task.Reminder{"P1D", "PT0S"}}
	for _, zone := range zonetest.All(t) {
		p.Timezone = zone.String()
		var last time.Time
		for n := range 365 {
			day := first.AddDays(n)
			subject.DueDate = &day
			rows := reminder.Plan(subject, p, time.Time{}, false)
			if len(rows) != 3 {
				t.Fatalf("%s, %s: %q", zone, day, plan(rows))
			}
			dayBefore, when, overdue := rows[0].At, rows[1].At, rows[2].At
			want := wallclock.At(day.Midnight().Add(9*time.Hour), zone)
			if !when.Equal(want) || !dayBefore.Before(when) || !overdue.After(when) || overdue.Before(day.AddDays(1).Start(zone)) {
				t.Fatalf("%s, %s: %q, want %s when due", zone, day, plan(rows), want)
			}
			if got := task.DateOf(wallclock.Of(overdue, zone)); got != day.AddDays(1) {
				t.Fatalf("%s, %s: overdue on %s", zone, day, got)
			}
			if got := task.DateOf(wallclock.Of(dayBefore, zone)); got != day.AddDays(-1) {
				t.Fatalf("%s, %s: a day before is %s", zone, day, got)
			}
			if !when.After(last) {
				t.Fatalf("%s, %s: at %s, and the day before at %s", zone, day, when, last)
			}
			last = when
		}
	}
}

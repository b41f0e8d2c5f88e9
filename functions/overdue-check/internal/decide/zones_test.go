package decide_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/functions/overdue-check/internal/decide"
	"taskwire.dev/shared/reminder"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/wallclock"
	"taskwire.dev/shared/wallclock/zonetest"
)

// Clocks that go forward at midnight west of Greenwich: time.Date places the skipped time on the evening before, so the
// row was due again at once, and the tick claimed it forever.
func TestOverdueMovesForwardWhereMidnightIsSkipped(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, due, next string }{
		{"America/Havana", "2027-03-13T00:00:00-05:00", "2027-03-14T01:00:00-04:00"},
		{"America/Havana", "2027-03-13T00:59:00-05:00", "2027-03-14T01:59:00-04:00"},
		{"Atlantic/Azores", "2027-03-27T00:00:00-01:00", "2027-03-28T01:00:00Z"},
		{"Atlantic/Azores", "2027-03-27T00:30:00-01:00", "2027-03-28T01:30:00Z"},
		{"America/Santiago", "2027-09-04T00:00:00-04:00", "2027-09-05T01:00:00-03:00"},
		{"America/Santiago", "2027-09-04T00:15:00-04:00", "2027-09-05T01:15:00-03:00"},
	} {
		d := decide.Due{Kind: reminder.Overdue, Due: moment(at(c.due), c.zone), OverdueReminders: true}
		for _, now := range []time.Time{at(c.due), at(c.due).Add(12 * time.Hour)} {
			v := decide.Decide(d, now)
			if v.Next == nil || !v.Next.Equal(at(c.next)) {
				t.Errorf("%s due %s, at %s: next %v, want %s", c.zone, c.due, now, v.Next, c.next)
			}
		}
	}
}

// In every zone, through a whole year: an overdue task gets its reminder at its time of day, each on a later local day
// than the last. Only a day on which the clocks skip both that time and midnight has none: the next day has its own.
func TestOverdueMovesForwardInEveryZone(t *testing.T) {
	t.Parallel()
	start, end := at("2027-01-01T00:00:00Z"), at("2028-01-02T00:00:00Z")
	timesOfDay := []time.Duration{0, 30 * time.Minute, 59 * time.Minute, 2*time.Hour + 30*time.Minute, 12 * time.Hour, 23*time.Hour + 59*time.Minute}
	for _, zone := range zonetest.All(t) {
		for n, timeOfDay := range slices.Concat(timesOfDay, timesOfDay) {
			due := reminder.Due{Zone: zone}
			if n < len(timesOfDay) {
				due.At = ptr(wallclock.At(start.Add(timeOfDay), zone))
			} else { // of a day, the reminders are at the start of the user's
				due.On, due.DayStart = ptr(task.DateOf(start).AddDays(-1)), timeOfDay
			}
			d := decide.Due{Kind: reminder.Overdue, TaskID: uuid.New(), Due: due, OverdueReminders: true}
			sent, skipped := 0, 0
			for now := due.Overdue(); now.Before(end); sent++ {
				today := wallclock.DateOf(wallclock.Of(now, zone))
				v := decide.Decide(d, now)
				if v.Send == nil || v.Send.Window != today.Format(time.DateOnly) || d.SentOn != nil && !today.After(*d.SentOn) {
					t.Fatalf("%s, due %v, sent on %v: at %v, send %+v", zone, due, d.SentOn, now, v.Send)
				}
				if d.SentOn != nil && !today.Equal(d.SentOn.AddDate(0, 0, 1)) {
					skipped++
				}
				if v.Next == nil || !v.Next.After(now) || !v.Next.Equal(wallclock.At(today.AddDate(0, 0, 1).Add(timeOfDay), zone)) {
					t.Fatalf("%s, due %v: at %v, next at %v", zone, due, now, v.Next)
				}
				d.SentOn, now = v.SentOn, *v.Next
				if early := decide.Decide(d, now.Add(-time.Second)); early.Send != nil || !early.Next.Equal(now) {
					t.Fatalf("%s, due %v: a second before %v, send %+v, next at %v", zone, due, now, early.Send, early.Next)
				}
			}
			if sent+skipped < 365 || skipped > 1 {
				t.Errorf("%s, due %v: %d reminders in a year, %d days skipped", zone, due, sent, skipped)
			}
		}
	}
}

// Whatever the zone and the clocks do, and whatever day the last reminder was for: a claimed row is no longer due at
// that time. Otherwise a tick would not end.
func TestAClaimedRowIsNeverStillDue(t *testing.T) {
	t.Parallel()
	for _, zone := range zonetest.All(t) {
		for _, year := range []int{1993, 2010, 2011, 2027} {
			for _, change := range zonetest.Changes(zone, year) {
				for at := change.Add(-26 * time.Hour); at.Before(change.Add(26 * time.Hour)); at = at.Add(30 * time.Minute) {
					due := at.Add(-48 * time.Hour)
					today := wallclock.DateOf(wallclock.Of(at, zone))
					for _, sentOn := range []*time.Time{nil, ptr(today.AddDate(0, 0, -2)), ptr(today.AddDate(0, 0, -1)), &today, ptr(today.AddDate(0, 0, 1))} {
						d := decide.Due{Kind: reminder.Overdue, Due: reminder.Due{At: &due, Zone: zone}, OverdueReminders: true, SentOn: sentOn}
						day := d
						day.Due = reminder.Due{On: ptr(task.DateOf(due)), DayStart: 9 * time.Hour, Zone: zone}
						for _, d := range []decide.Due{d, day} {
							if v := decide.Decide(d, at); v.Next == nil || !v.Next.After(at) {
								t.Fatalf("%s, due %v, sent on %v: at %v, next at %v", zone, d.Due, sentOn, at, v.Next)
							}
						}
					}
				}
			}
		}
	}
}

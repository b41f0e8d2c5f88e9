package decide_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"taskwire.dev/functions/overdue-check/internal/decide"
	"taskwire.dev/shared/reminder"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/wallclock"
)

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

func ptr[T any](v T) *T { return &v }

func moment(at time.Time, zone string) reminder.Due {
	return reminder.Due{At: &at, Zone: wallclock.Zone(zone)}
}

// A task with a reminder when it is due is not spoken of twice then: its first overdue one is on the next day.
func TestEqualMomentsAreOneReminder(t *testing.T) {
	t.Parallel()
	due, nextDay := at("2026-12-01T08:00:00Z"), at("2026-12-02T08:00:00Z")
	for _, c := range []struct {
		upcoming []task.Reminder
		first    time.Time
	}{
		{nil, due},
		{[]task.Reminder{"PT1H"}, due},
		{[]task.Reminder{"PT1H", "PT0S"}, nextDay},
		{[]task.Reminder{task.ReminderAt(due)}, nextDay},
	} {
		d := decide.Due{Kind: reminder.Overdue, Due: moment(due, "UTC"), Upcoming: c.upcoming, OverdueReminders: true}
		v := decide.Decide(d, due)
		if sent := v.Send != nil; sent != c.first.Equal(due) || !sent && !v.Next.Equal(c.first) {
			t.Errorf("%q: sent %t, next at %v, want %v", c.upcoming, sent, v.Next, c.first)
		}
		if v := decide.Decide(d, nextDay); v.Send == nil || v.Send.Window != "2026-12-02" {
			t.Errorf("%q: on the next day %+v", c.upcoming, v.Send)
		}
	}
}

func TestOverdueKeepsToTheWallClockOfTheZone(t *testing.T) {
	t.Parallel()
	// Due on the Saturday before the clocks go forward in Berlin, at 09:00.
	d := decide.Due{Kind: reminder.Overdue, Due: moment(at("2027-03-27T08:00:00Z"), "Europe/Berlin"), OverdueReminders: true}
	for _, want := range []struct{ now, next, window string }{
		{"2027-03-27T08:00:01Z", "2027-03-28T07:00:00Z", "2027-03-27"},
		{"2027-03-28T07:00:00Z", "2027-03-29T07:00:00Z", "2027-03-28"},
		{"2027-03-31T22:30:00Z", "2027-04-02T07:00:00Z", "2027-04-01"}, // after days without a tick: one, and it is April there
	} {
		v := decide.Decide(d, at(want.now))
		if v.Send == nil || v.Send.Window != want.window || v.Next == nil || !v.Next.Equal(at(want.next)) {
			t.Fatalf("at %s: %+v, next %v", want.now, v.Send, v.Next)
		}
		d.SentOn = v.SentOn
	}
	if v := decide.Decide(d, at("2027-04-01T21:59:59Z")); v.Send != nil || v.Next == nil {
		t.Errorf("twice a day: %+v", v)
	}
	d.Due.Zone = wallclock.Zone("Gone/Zone")
	if v := decide.Decide(d, at("2027-04-02T08:00:00Z")); v.Send == nil {
		t.Error("a zone that is gone silences the task")
	}
	d.OverdueReminders = false
	if v := decide.Decide(d, at("2027-05-01T08:00:00Z")); v.Send != nil || v.Next != nil {
		t.Errorf("against the user's wish: %+v", v)
	}
}

// Whenever ticks come, and whichever zone the user moves to: an overdue task gets at most one reminder per local day,
// and exactly one on every day with a tick after its time of day.
func TestOverdueIsOnceALocalDay(t *testing.T) {
	t.Parallel()
	zones := []string{"UTC", "Europe/Berlin", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe", "Asia/Kathmandu"}
	rapid.Check(t, func(t *rapid.T) {
		start := at("2026-01-01T00:00:00Z")
		minutes := rapid.IntRange(0, 300*24*60)
		d := decide.Due{
			Kind: reminder.Overdue, TaskID: uuid.New(), OverdueReminders: true,
			Due: moment(start.Add(time.Duration(minutes.Draw(t, "due"))*time.Minute), rapid.SampledFrom(zones).Draw(t, "zone")),
		}
		if rapid.Bool().Draw(t, "a day") {
			day := task.DateOf(*d.Due.At)
			d.Due.At, d.Due.On, d.Due.DayStart = nil, &day, time.Duration(rapid.IntRange(0, 1439).Draw(t, "day start"))*time.Minute
		}
		zone := d.Due.Zone
		remindAt, now := d.Due.Overdue(), start
		seen := map[string]uuid.UUID{}
		for range rapid.IntRange(1, 50).Draw(t, "ticks") {
			now = now.Add(time.Duration(rapid.IntRange(1, 3*24*60).Draw(t, "later")) * time.Minute)
			if now.Before(remindAt) {
				continue
			}
			v := decide.Decide(d, now)
			if v.Next == nil || !v.Next.After(now) {
				t.Fatalf("at %v it comes again at %v", now, v.Next)
			}
			if v.Send == nil {
				t.Fatalf("its time %v has come at %v, and nothing is sent", remindAt, now)
			}
			today := now.In(zone).Format(time.DateOnly)
			if v.Send.Window != today || seen[today] != uuid.Nil {
				t.Fatalf("on %s: %+v, before: %v", today, v.Send, seen)
			}
			if v.Send.ID.Version() != 7 {
				t.Fatalf("id %v", v.Send.ID)
			}
			seen[today] = v.Send.ID
			// Another tick on the same day sends nothing.
			again := d
			again.SentOn = v.SentOn
			if w := decide.Decide(again, now); w.Send != nil || w.Next == nil || !w.Next.Equal(*v.Next) {
				t.Fatalf("again at once: %+v", w)
			}
			d.SentOn, remindAt = v.SentOn, *v.Next
		}
	})
}

func TestAReminderHasOneID(t *testing.T) {
	t.Parallel()
	d := decide.Due{
		Kind: reminder.Upcoming, TaskID: uuid.New(), Window: "PT1H", Key: at("2026-12-01T08:00:00Z"), RemindAt: at("2026-12-01T07:00:00Z"),
	}
	id := func(d decide.Due) uuid.UUID { return decide.Decide(d, at("2026-12-01T07:30:00Z")).Send.ID }
	same := d
	same.Title = "renamed meanwhile"
	if id(same) != id(d) {
		t.Error("the same reminder has two ids")
	}
	moved, other, another := d, d, d
	moved.Key, other.Window, another.TaskID = d.Key.Add(time.Second), "PT60M", uuid.New()
	for _, different := range []decide.Due{moved, other, another} {
		if id(different) == id(d) {
			t.Errorf("%+v has the id of another", different)
		}
	}
}

package function

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/migrations/pgtest"
	"taskwire.dev/shared/preference"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/userlog"
	"taskwire.dev/shared/userlog/userlogtest"
	"taskwire.dev/shared/wallclock"
)

func date(s string) *task.Date {
	d, ok := task.ParseDate(s)
	if !ok {
		panic(s)
	}
	return &d
}

func onDays(rule, mode string, day *task.Date) task.Draft {
	d := userlogtest.Draft("on days")
	d.DueDate, d.Recurrence = day, &task.Recurrence{RRule: rule, Mode: mode}
	return d
}

// The occurrences of a task that is due on a day are days, with its subtasks, whatever the user's zone.
func TestASeriesOfDays(t *testing.T) {
	t.Parallel()
	b := userlogtest.Setup(t, pgtest.New(t))
	log, who := b.NewLog(t, "taskwire_worker"), userlogtest.Principal()
	p := preference.Default()
	p.Timezone = "Pacific/Auckland"
	if _, err := b.Log.Do(t.Context(), userlog.SetPreferences(who, &preference.Versioned{Preferences: p})); err != nil {
		t.Fatal(err)
	}
	zone := wallclock.Zone(p.Timezone)
	id := b.Do(t, who, task.Create{Draft: onDays("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3", task.ModeSchedule, date("2099-01-31"))}).TaskID
	below := userlogtest.Draft("below")
	below.ParentID, below.DueDate = &id, date("2099-01-30")
	b.Do(t, who, task.Create{Draft: below})
	for _, want := range []*task.Date{date("2099-02-28"), date("2099-03-31"), nil} {
		done := b.Do(t, who, task.SetCompleted{ID: id, Completed: true})
		if err := deliver(t.Context(), log, *done.Event); err != nil {
			t.Fatal(err)
		}
		id = task.SuccessorID(id)
		next := b.Task(t, who, id)
		if want == nil {
			if next != nil || done.Next.At != nil || done.Next.On != nil {
				t.Errorf("after the third: %+v, answered %+v", next, done.Next)
			}
			break
		}
		if next == nil || next.DueAt != nil || next.DueDate == nil || *next.DueDate != *want || !next.Occurrence.Equal(want.Midnight()) {
			t.Fatalf("%+v, want %s", next, want)
		}
		if *done.Next.On != *want || !done.Next.At.Equal(want.Start(zone)) {
			t.Errorf("answered %v, %v, want %s", done.Next.On, done.Next.At, want)
		}
		var copied *task.Task
		for _, sub := range b.Tasks(t, who) {
			if sub.ParentID != nil && *sub.ParentID == id {
				copied = sub
			}
		}
		if copied == nil || *copied.DueDate != want.AddDays(-1) {
			t.Errorf("below: %+v", copied)
		}
	}
}

// Missed days are skipped, but a day that has begun is not over; a completion counts from the user's day.
func TestASeriesOfDays_SkipsThePast(t *testing.T) {
	t.Parallel()
	b := userlogtest.Setup(t, pgtest.New(t))
	log, who := b.NewLog(t, "taskwire_worker"), userlogtest.Principal()
	today := task.DateOf(time.Now().UTC())
	longAgo := today.AddDays(-10)
	for mode, want := range map[string][]task.Date{
		task.ModeSchedule:   {today, today.AddDays(1)}, // midnight may pass meanwhile
		task.ModeCompletion: {today.AddDays(1), today.AddDays(2)},
	} {
		id := b.Do(t, who, task.Create{Draft: onDays("FREQ=DAILY", mode, &longAgo)}).TaskID
		done := b.Do(t, who, task.SetCompleted{ID: id, Completed: true})
		if err := deliver(t.Context(), log, *done.Event); err != nil {
			t.Fatal(err)
		}
		if next := b.Task(t, who, task.SuccessorID(id)); *next.DueDate != want[0] && *next.DueDate != want[1] {
			t.Errorf("%s: due on %s, want %s", mode, next.DueDate, want)
		}
	}
}

// Moments that become days stay one series: its COUNT counts both.
func TestASeriesOfMoments_ContinuesOnDays(t *testing.T) {
	t.Parallel()
	s := newSeries(t, "FREQ=DAILY;COUNT=4", task.ModeSchedule)
	s.complete(t)
	series := s.open.SeriesID
	s.edit(t, task.ScopeFollowing, func(d *task.Draft) { d.DueAt, d.DueDate = nil, date("2098-05-01") })
	for _, want := range []string{"2098-05-02", "2098-05-03"} {
		s.complete(t)
		if s.open.DueDate == nil || s.open.DueDate.String() != want || s.open.DueAt != nil || *s.open.SeriesID != *series {
			t.Fatalf("want %s, got %+v", want, s.open)
		}
	}
	if last := s.Do(t, s.who, task.SetCompleted{ID: s.open.ID, Completed: true}); last.Next.At != nil {
		t.Errorf("a fifth occurrence at %v", last.Next.At)
	}
}

// An UNTIL in UTC ends a series of days with the user's day, whichever that is in UTC.
func TestASeriesOfDays_EndsAtAMoment(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		zone, until string
		last        bool // it ends with 31 December, not with 1 January
	}{
		{"America/Los_Angeles", "20990101T075959Z", true},
		{"America/Los_Angeles", "20990101T080000Z", false},
		{"Europe/Berlin", "20981231T225959Z", true},
		{"Europe/Berlin", "20981231T230000Z", false},
	} {
		b := userlogtest.Setup(t, pgtest.New(t))
		who := userlogtest.Principal()
		setZone(t, b, who, c.zone)
		for _, mode := range []string{task.ModeSchedule, task.ModeCompletion} {
			d := onDays("FREQ=DAILY;UNTIL="+c.until, mode, date("2098-12-31"))
			next := b.Do(t, who, task.SetCompleted{ID: b.Do(t, who, task.Create{Draft: d}).TaskID, Completed: true}).Next
			if (next.On == nil) != c.last {
				t.Errorf("%s, %s, until %s: %v after 31 December", c.zone, mode, c.until, next.On)
			}
		}
	}
}

// A day that gets a time for this once leaves the later ones as they are, also when that moment is later than they are.
func TestASeriesOfDays_OneAtAMoment(t *testing.T) {
	t.Parallel()
	b := userlogtest.Setup(t, pgtest.New(t))
	log, who := b.NewLog(t, "taskwire_worker"), userlogtest.Principal()
	id := b.Do(t, who, task.Create{Draft: onDays("FREQ=DAILY", task.ModeSchedule, date("2098-05-01"))}).TaskID
	alone := onDays("FREQ=DAILY", task.ModeSchedule, nil)
	at := date("2098-05-03").Start(time.UTC).Add(9 * time.Hour)
	alone.DueAt = &at
	zone := "UTC"
	alone.Timezone = &zone
	b.Do(t, who, task.Replace{ID: id, Draft: alone, Scope: task.ScopeThis})
	next := successor(t, b, log, who, id)
	if next.DueAt != nil || next.DueDate == nil || next.DueDate.String() != "2098-05-04" {
		t.Errorf("%+v", next)
	}
}

// A series that loses its date counts from its completions: the next one begins with the user's day, and COUNT goes on. In one zone the
// midnight of UTC is another time of day, in the other it is even another day.
func TestASeriesOfDays_LosesItsDate(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Europe/Berlin", "America/Los_Angeles"} {
		s := newSeries(t, "FREQ=DAILY;COUNT=4", task.ModeSchedule)
		setZone(t, s.Bundle, s.who, name)
		s.edit(t, task.ScopeFollowing, func(d *task.Draft) { d.DueAt, d.DueDate, d.Timezone = nil, date("2098-05-01"), nil })
		s.complete(t)
		series := s.open.SeriesID
		s.edit(t, task.ScopeFollowing, func(d *task.Draft) { d.DueDate = nil })
		zone := wallclock.Zone(name)
		tomorrow := wallclock.StartOfDay(time.Now().AddDate(0, 0, 1), zone)
		s.complete(t)
		if !s.open.DueAt.Equal(tomorrow) && !s.open.DueAt.Equal(wallclock.StartOfDay(time.Now().AddDate(0, 0, 1), zone)) { // midnight may have passed meanwhile
			t.Errorf("%s: due at %v, want %v", name, s.open.DueAt.In(zone), tomorrow)
		}
		if *s.open.SeriesID != *series || s.open.Series.Number != 3 {
			t.Errorf("%s: number %d of %v, want 3 of %v", name, s.open.Series.Number, s.open.SeriesID, series)
		}
	}
}

// An occurrence that alone has no date leaves the later ones as they are, also when it is the first.
func TestASeriesOfDays_OneWithoutADate(t *testing.T) {
	t.Parallel()
	s := newSeries(t, "FREQ=DAILY", task.ModeSchedule)
	s.edit(t, task.ScopeFollowing, func(d *task.Draft) { d.DueAt, d.DueDate, d.Timezone = nil, date("2098-05-01"), nil })
	for _, want := range []string{"2098-05-02", "2098-05-03"} {
		s.edit(t, task.ScopeThis, func(d *task.Draft) { d.DueDate = nil })
		if s.complete(t); s.open.DueDate == nil || s.open.DueDate.String() != want {
			t.Fatalf("%+v, want %s", s.open, want)
		}
	}
}

// An occurrence that a completion has just created does not ring for reminders whose moment has passed.
func TestANewOccurrenceIsQuietAboutThePast(t *testing.T) {
	t.Parallel()
	b := userlogtest.Setup(t, pgtest.New(t))
	log, who := b.NewLog(t, "taskwire_worker"), userlogtest.Principal()
	due := time.Now().UTC().Truncate(time.Second).Add(time.Hour)
	d := recurring("daily", "FREQ=DAILY", task.ModeSchedule, due)
	d.Reminders = []task.Reminder{"P2D", "PT25H30M", "PT1H"} // of tomorrow's, the first two have passed
	first := b.Do(t, who, task.Create{Draft: d}).TaskID
	part := d
	part.Title, part.ParentID, part.Recurrence = "part", &first, nil
	b.Do(t, who, task.Create{Draft: part})
	next := successor(t, b, log, who, first)
	quiet := func(after string) {
		t.Helper()
		rows, err := b.Connect(t, "taskwire_owner", uuid.Nil).Query(t.Context(), `
SELECT time_window FROM task_reminder r JOIN task ON task.user_id = r.user_id AND task.id = task_id
WHERE $1 IN (task.id, task.parent_id) AND kind = 'upcoming' AND remind_at IS NOT NULL`, next.ID)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		var windows []string
		for rows.Next() {
			var window string
			if err := rows.Scan(&window); err != nil {
				t.Fatal(err)
			}
			windows = append(windows, window)
		}
		if !slices.Equal(windows, []string{"PT1H", "PT1H"}) {
			t.Errorf("after %s: %q", after, windows)
		}
	}
	quiet("the completion")
	p := preference.Default()
	for _, c := range []struct {
		name   string
		change func()
	}{
		{"the week's start", func() { p.WeekStart = "sunday" }},
		{"the zone", func() { p.Timezone = "Pacific/Auckland" }},
		{"the lead", func() { p.ReminderLead = "PT30H" }},
	} {
		c.change()
		if _, err := b.Log.Do(t.Context(), userlog.SetPreferences(who, &preference.Versioned{Preferences: p})); err != nil {
			t.Fatal(err)
		}
		quiet("a change of " + c.name)
	}
	loud := true
	d.DueAt, d.Timezone, d.OverdueReminders = next.DueAt, next.Timezone, &loud
	b.Do(t, who, task.Replace{ID: next.ID, Draft: d})
	quiet("a change of the overdue reminders")
}

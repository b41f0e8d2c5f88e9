package tick

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/preference"
	"taskwire.dev/shared/reminder"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/userlog"
	"taskwire.dev/shared/userlog/userlogtest"
	"taskwire.dev/shared/wallclock"
)

func due(at time.Time, reminders ...task.Reminder) task.Draft {
	d := userlogtest.Draft("due")
	d.DueAt = &at
	d.Reminders = append(d.Reminders, reminders...)
	return d
}

// soon is a reference time with PostgreSQL's precision.
func soon(d time.Duration) time.Time { return time.Now().UTC().Truncate(time.Microsecond).Add(d) }

func windows(all []published) (out []string) {
	for _, r := range all {
		out = append(out, r.Data.Window)
	}
	slices.Sort(out)
	return out
}

func TestRemindersComeOnceAndInTime(t *testing.T) {
	t.Parallel()
	r := setup(t)
	who := userlogtest.Principal()
	at := soon(48 * time.Hour)
	id := r.Do(t, who, task.Create{Draft: due(at, "P1D", "PT30M")}).TaskID
	byLead := r.Do(t, who, task.Create{Draft: due(at)}).TaskID
	for _, step := range []struct {
		before time.Duration
		want   []string
	}{
		{25 * time.Hour, nil},
		{24 * time.Hour, []string{"P1D"}},
		{24 * time.Hour, nil},
		{59 * time.Minute, []string{"PT1H"}},
		{30 * time.Minute, []string{"PT30M"}},
		{time.Minute, nil},
	} {
		got := r.tick(t, at.Add(-step.before))
		if !slices.Equal(windows(got), step.want) {
			t.Fatalf("%v before it is due: %+v, want %v", step.before, got, step.want)
		}
		for _, one := range got {
			if one.Type != "reminder.upcoming" || one.Data.UserID != who.UserID || one.Data.Title != "due" || !one.Data.DueAt.Equal(at) ||
				!one.Data.RemindAt.Equal(reminder.Before(at, one.Data.Window, time.UTC)) || (one.Data.TaskID == byLead) != (one.Data.Window == "PT1H") {
				t.Errorf("%+v", one)
			}
		}
	}
	if got := r.tick(t, at); len(got) != 2 || got[0].Type != "reminder.overdue" || got[0].Data.Window != at.Format(time.DateOnly) {
		t.Fatalf("when it is due: %+v", got)
	}
	r.Do(t, who, task.SetCompleted{ID: id, Completed: true})
	if got := r.tick(t, at.Add(24*time.Hour)); len(got) != 1 || got[0].Data.TaskID != byLead {
		t.Fatalf("a day later: %+v", got)
	}
	// Reopened on the same day: it has had its reminder of the first day, and none of the second.
	r.Do(t, who, task.SetCompleted{ID: id})
	if got := r.tick(t, at.Add(24*time.Hour)); len(got) != 1 || got[0].Data.TaskID != id {
		t.Fatalf("opened again: %+v", got)
	}
	if got := r.tick(t, at.Add(24*time.Hour)); len(got) > 0 {
		t.Fatalf("twice: %+v", got)
	}
}

func TestWhatIsCompletedMovedOrDeletedIsNotSpokenOf(t *testing.T) {
	t.Parallel()
	r := setup(t)
	who := userlogtest.Principal()
	at := soon(2 * time.Hour)
	later := at.Add(48 * time.Hour)
	make := func() uuid.UUID { return r.Do(t, who, task.Create{Draft: due(at, "PT1H")}).TaskID }
	r.Do(t, who, task.SetCompleted{ID: make(), Completed: true})
	deleted, moved, freed, kept := make(), make(), make(), make()
	r.Do(t, who, task.Delete{ID: deleted})
	r.Do(t, who, task.Replace{ID: moved, Draft: due(later, "PT1H")})
	r.Do(t, who, task.Replace{ID: freed, Draft: userlogtest.Draft("no date")})
	// An hour without a tick.
	if got := r.tick(t, at.Add(-time.Minute)); len(got) != 1 || got[0].Data.TaskID != kept {
		t.Fatalf("%+v, want that of %s", got, kept)
	}
	r.Do(t, who, task.Restore{ID: deleted})
	if got := r.tick(t, at.Add(-time.Minute)); len(got) != 1 || got[0].Data.TaskID != deleted {
		t.Fatalf("restored: %+v", got)
	}
	if got := r.tick(t, later.Add(-time.Hour)); !slices.ContainsFunc(got, func(x published) bool { return x.Data.TaskID == moved && x.Data.Window == "PT1H" }) {
		t.Fatalf("moved: %+v", got)
	}
}

func TestPreferencesMoveWhatIsPlanned(t *testing.T) {
	t.Parallel()
	r := setup(t)
	who := userlogtest.Principal()
	at := soon(10 * time.Hour)
	r.Do(t, who, task.Create{Draft: due(at)})
	own := r.Do(t, who, task.Create{Draft: due(at, "PT2H")}).TaskID
	set := func(change func(*preference.Preferences)) {
		t.Helper()
		p := preference.Default()
		change(&p)
		if _, err := r.Log.Do(t.Context(), userlog.SetPreferences(who, &preference.Versioned{Preferences: p})); err != nil {
			t.Fatal(err)
		}
	}
	set(func(p *preference.Preferences) { p.ReminderLead = "PT5H" })
	if got := r.tick(t, at.Add(-5*time.Hour)); !slices.Equal(windows(got), []string{"PT5H"}) {
		t.Fatalf("five hours before: %+v", got)
	}
	set(func(p *preference.Preferences) { p.ReminderLead = "PT20H" })
	if got := r.tick(t, at.Add(-5*time.Hour)); len(got) > 0 {
		t.Fatalf("a lead whose time has gone, for a task that was spoken of: %+v", got)
	}
	set(func(p *preference.Preferences) { p.ReminderLead, p.OverdueReminders = "PT30M", false })
	r.Do(t, who, task.Create{Draft: due(at)})
	if got := r.tick(t, at); !slices.Equal(windows(got), []string{"PT2H", "PT30M", "PT30M"}) {
		t.Fatalf("without overdue reminders: %+v", got)
	}
	r.Do(t, who, task.SetCompleted{ID: own, Completed: true})
	set(func(p *preference.Preferences) { p.ReminderLead, p.Timezone = "PT30M", "Pacific/Auckland" })
	zone, err := time.LoadLocation("Pacific/Auckland")
	if err != nil {
		t.Fatal(err)
	}
	today := at.In(zone).Format(time.DateOnly)
	if got := r.tick(t, at); !slices.Equal(windows(got), []string{today, today}) {
		t.Fatalf("with them, in Auckland: %+v, want %s twice", got, today)
	}
}

func TestTwoClocksDoubleNothing(t *testing.T) {
	t.Parallel()
	r := setup(t)
	const users, each = 20, 60
	at := soon(time.Hour)
	for range users {
		who := userlogtest.Principal()
		creations := make([]task.Command, each)
		for i := range creations {
			creations[i] = task.Create{Draft: due(at, "PT2H")}
		}
		r.DoAll(t, who, creations...)
	}
	r.guard.unavailable = true // only the database decides
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if _, err := r.clock.Tick(t.Context(), at.Add(-time.Minute)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	got := r.take(t)
	ids := map[uuid.UUID]bool{}
	for _, one := range got {
		ids[one.ID] = true
	}
	if len(got) != users*each || len(ids) != users*each {
		t.Errorf("%d reminders, %d of them different, want %d", len(got), len(ids), users*each)
	}
}

// TestGuard_OnlySavesWork: a database that has lost its last commits does not know what it has sent, and the guard
// does. But the notification decides whether it is sent again: if there is none, the reminder was lost as well.
func TestGuard_OnlySavesWork(t *testing.T) {
	t.Parallel()
	r := setup(t)
	at := soon(time.Hour)
	id := r.Do(t, userlogtest.Principal(), task.Create{Draft: due(at)}).TaskID
	now := at.Add(-time.Minute)
	first := r.tick(t, now)
	if len(first) != 1 {
		t.Fatalf("%+v", first)
	}
	forget := func() {
		if _, err := r.owner.Exec(t.Context(), `UPDATE task_reminder SET remind_at = due_at - interval '1 hour', sent_for = NULL WHERE kind = 'upcoming'`); err != nil {
			t.Fatal(err)
		}
	}
	forget()
	again := r.tick(t, now)
	if len(again) != 1 || again[0].ID != first[0].ID {
		t.Fatalf("without a notification: %+v", again)
	}
	r.notified(t)
	forget()
	if got := r.tick(t, now); len(got) > 0 {
		t.Fatalf("with a notification: %+v", got)
	}
	forget()
	r.guard.unavailable = true
	if got := r.tick(t, now); len(got) != 1 || got[0].Data.TaskID != id {
		t.Fatalf("without the guard: %+v", got)
	}
}

// Tasks that a worker creates have a plan as well, as the next occurrence of a recurring task.
func TestATaskThatAWorkerCreatesIsRemindedOf(t *testing.T) {
	t.Parallel()
	r := setup(t)
	create := userlog.Command(userlogtest.Principal(), task.Create{Draft: due(soon(27 * time.Hour))}, nil)
	if _, err := r.NewLog(t, "taskwire_worker").Do(t.Context(), create); err != nil {
		t.Fatal(err)
	}
	got := r.tick(t, soon(26*time.Hour+5*time.Minute))
	if len(got) != 1 || got[0].Data.Window != "PT1H" {
		t.Errorf("%+v", got)
	}
}

func TestAnotherZoneOfATaskIsAnotherDay(t *testing.T) {
	t.Parallel()
	r := setup(t)
	who := userlogtest.Principal()
	utc, apia := "UTC", "Pacific/Apia" // UTC+13
	d := due(time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC))
	d.Timezone = &utc
	id := r.Do(t, who, task.Create{Draft: d}).TaskID
	now := time.Date(2026, 11, 1, 12, 30, 0, 0, time.UTC)
	if got := r.tick(t, now); !slices.Equal(windows(got), []string{"2026-11-01"}) {
		t.Fatalf("%+v", got)
	}
	d.Timezone = &apia
	r.Do(t, who, task.Replace{ID: id, Draft: d})
	if got := r.tick(t, now); !slices.Equal(windows(got), []string{"2026-11-02"}) {
		t.Fatalf("where it is tomorrow already: %+v", got)
	}
}

func TestADayIsRemindedOfByTheUsersDay(t *testing.T) {
	t.Parallel()
	r := setup(t)
	who := userlogtest.Principal()
	p := preference.Default()
	p.Timezone, p.DayStart = "America/New_York", "07:30"
	if _, err := r.Log.Do(t.Context(), userlog.SetPreferences(who, &preference.Versioned{Preferences: p})); err != nil {
		t.Fatal(err)
	}
	zone := wallclock.Zone(p.Timezone)
	day := task.DateOf(wallclock.Of(soon(0), zone)).AddDays(3)
	d := userlogtest.Draft("day")
	d.DueDate, d.Reminders = &day, []task.Reminder{"P1D", "PT0S"}
	r.Do(t, who, task.Create{Draft: d})
	clock := func(days int, hour, minute int) time.Time {
		return wallclock.At(day.AddDays(days).Midnight().Add(time.Duration(hour)*time.Hour+time.Duration(minute)*time.Minute), zone)
	}
	for _, step := range []struct {
		now  time.Time
		want []string
	}{
		{clock(-1, 7, 29), nil},
		{clock(-1, 7, 30), []string{"P1D"}},
		{clock(0, 7, 29), nil},
		{clock(0, 7, 30), []string{"PT0S"}},
		{clock(0, 23, 59), nil},
		{clock(1, 7, 29), nil},
		{clock(1, 7, 30), []string{day.AddDays(1).String()}},
		{clock(1, 23, 59), nil},
		{clock(3, 12, 0), []string{day.AddDays(3).String()}},
	} {
		got := r.tick(t, step.now)
		if !slices.Equal(windows(got), step.want) {
			t.Fatalf("at %s: %+v, want %v", step.now.In(zone), got, step.want)
		}
		for _, one := range got {
			if one.Data.DueAt != nil || one.Data.DueDate == nil || *one.Data.DueDate != day {
				t.Errorf("%+v", one)
			}
		}
	}
	// In another zone it is the same day, and what was sent for it stays sent.
	p.Timezone = "Pacific/Auckland"
	if _, err := r.Log.Do(t.Context(), userlog.SetPreferences(who, &preference.Versioned{Preferences: p})); err != nil {
		t.Fatal(err)
	}
	if got := r.tick(t, clock(3, 12, 0)); len(got) > 1 || len(got) == 1 && got[0].Type != "reminder.overdue" {
		t.Errorf("after moving to Auckland: %+v", got)
	}
}

func TestATaskChoosesItsReminders(t *testing.T) {
	t.Parallel()
	r := setup(t)
	who := userlogtest.Principal()
	at := soon(3 * time.Hour)
	silent := due(at)
	silent.Reminders, silent.OverdueReminders = []task.Reminder{}, new(bool)
	id := r.Do(t, who, task.Create{Draft: silent}).TaskID
	if got := r.tick(t, at.Add(48*time.Hour)); len(got) > 0 {
		t.Fatalf("a task without reminders: %+v", got)
	}
	moment := userlogtest.Draft("a moment")
	moment.Reminders = []task.Reminder{task.ReminderAt(at)}
	alone := r.Do(t, who, task.Create{Draft: moment}).TaskID
	if got := r.tick(t, at.Add(-time.Second)); len(got) > 0 {
		t.Fatalf("too early: %+v", got)
	}
	for range 2 {
		got := r.tick(t, at)
		if len(got) == 1 && got[0].Data.TaskID == alone && got[0].Data.DueAt == nil && got[0].Data.RemindAt.Equal(at) {
			alone = uuid.Nil // once
		} else if len(got) > 0 || alone != uuid.Nil {
			t.Fatalf("at the moment: %+v", got)
		}
	}
	loud := true
	silent.OverdueReminders = &loud
	r.Do(t, who, task.Replace{ID: id, Draft: silent})
	if got := r.tick(t, at.Add(48*time.Hour)); len(got) != 1 || got[0].Type != "reminder.overdue" {
		t.Fatalf("with overdue reminders: %+v", got)
	}
}

// A task that is written late gets one reminder of those that have passed, and one when it is due.
func TestOfPassedRemindersOneRings(t *testing.T) {
	t.Parallel()
	r := setup(t)
	who := userlogtest.Principal()
	at := soon(10 * time.Minute)
	id := r.Do(t, who, task.Create{Draft: due(at, "P1W", "P1D", "PT1H", "PT30M", "PT0S", "PT0M")}).TaskID
	if got := r.tick(t, soon(0)); !slices.Equal(windows(got), []string{"PT30M"}) {
		t.Fatalf("%+v", got)
	}
	r.Do(t, who, task.Replace{ID: id, Draft: due(at, "PT20M", "PT0S")})
	if got := r.tick(t, soon(0)); len(got) > 0 {
		t.Fatalf("another that has passed: %+v", got)
	}
	if got := r.tick(t, at); !slices.Equal(windows(got), []string{"PT0S"}) {
		t.Fatalf("when it is due: %+v", got)
	}
	if got := r.tick(t, at.Add(24*time.Hour)); len(got) != 1 || got[0].Type != "reminder.overdue" {
		t.Fatalf("a day later: %+v", got)
	}
}

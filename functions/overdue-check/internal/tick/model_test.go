package tick

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"taskwire.dev/shared/preference"
	"taskwire.dev/shared/reminder"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
	"taskwire.dev/shared/userlog/userlogtest"
)

// model is what a user was reminded of, and what is still to be sent.
type model struct {
	tasks map[uuid.UUID]*task.Task
	lead  string
	last  map[string]time.Time // the due date of the last reminder for a window of a task
	days  map[string]bool
}

// Over random changes and ticks: no reminder is sent for a task that is not open and due then, none is sent twice, and
// every one whose time comes is sent by the end of the tick. (Of those whose time had passed when the task was changed,
// at most one is; changes are made at the start.)
func TestTheLedgerFollowsEveryChange(t *testing.T) {
	t.Parallel()
	r := setup(t)
	rapid.Check(t, func(rt *rapid.T) {
		who := userlogtest.Principal()
		m := &model{tasks: map[uuid.UUID]*task.Task{}, lead: "PT1H", last: map[string]time.Time{}, days: map[string]bool{}}
		start := soon(0)
		now := start
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			if rapid.Bool().Draw(rt, "tick") {
				now = now.Add(time.Duration(rapid.IntRange(0, 30).Draw(rt, "hours")) * time.Hour)
				m.check(rt, r.tickFor(t, who, now), start, now)
				continue
			}
			r.change(t, rt, m, who, start)
		}
		now = now.Add(100 * time.Hour)
		m.check(rt, r.tickFor(t, who, now), start, now)
	})
}

// tickFor runs a tick and returns only one user's reminders.
func (r *reminders) tickFor(t *testing.T, who token.Principal, now time.Time) (mine []published) {
	for _, one := range r.tick(t, now) {
		if one.Data.UserID == who.UserID {
			mine = append(mine, one)
		}
	}
	return mine
}

var drawnReminders = [][]task.Reminder{nil, nil, {"PT1H"}, {"P1D", "PT1H"}, {"PT10M"}}

func (r *reminders) change(t *testing.T, rt *rapid.T, m *model, who token.Principal, start time.Time) {
	d := userlogtest.Draft("x")
	if rapid.IntRange(0, 4).Draw(rt, "dated") > 0 {
		at := start.Add(time.Duration(rapid.IntRange(-20, 90).Draw(rt, "due"))*time.Hour + 30*time.Minute)
		d.DueAt = &at
	}
	d.Reminders = rapid.SampledFrom(drawnReminders).Draw(rt, "reminders")
	ids := make([]uuid.UUID, 0, len(m.tasks))
	for id := range m.tasks {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	kind := rapid.SampledFrom([]string{"create", "replace", "replace", "complete", "reopen", "delete", "restore", "lead"}).Draw(rt, "change")
	if len(ids) == 0 && kind != "lead" {
		kind = "create"
	}
	var id uuid.UUID
	if kind != "create" && kind != "lead" {
		id = rapid.SampledFrom(ids).Draw(rt, "task")
		if (m.tasks[id].DeletedAt != nil) != (kind == "restore") {
			return
		}
	}
	var o task.Outcome
	switch kind {
	case "create":
		o = r.Do(t, who, task.Create{Draft: d})
	case "replace":
		d.Completed = m.tasks[id].Completed
		o = r.Do(t, who, task.Replace{ID: id, Draft: d})
	case "complete", "reopen":
		o = r.Do(t, who, task.SetCompleted{ID: id, Completed: kind == "complete"})
	case "delete":
		r.Do(t, who, task.Delete{ID: id})
		gone := *m.tasks[id]
		gone.DeletedAt = &start
		m.tasks[id] = &gone
		return
	case "restore":
		o = r.Do(t, who, task.Restore{ID: id})
	case "lead":
		m.lead = rapid.SampledFrom([]string{"PT1H", "PT3H", "P1D"}).Draw(rt, "lead")
		p := preference.Default()
		p.ReminderLead = m.lead
		if _, err := r.Log.Do(t.Context(), userlog.SetPreferences(who, &preference.Versioned{Preferences: p})); err != nil {
			rt.Fatal(err)
		}
		return
	}
	m.tasks[o.TaskID] = o.Task
}

// check checks the reminders of a tick.
func (m *model) check(t *rapid.T, all []published, start, now time.Time) {
	for _, one := range all {
		subject := m.tasks[one.Data.TaskID]
		if subject == nil || subject.Completed || subject.DeletedAt != nil || subject.DueAt == nil || one.Data.DueAt == nil || !subject.DueAt.Equal(*one.Data.DueAt) {
			t.Fatalf("unexpected reminder for %+v: %+v", subject, one)
		}
		key := fmt.Sprint(one.Data.TaskID, one.Data.Window)
		if one.Type == "reminder.overdue" {
			if m.days[key] || now.Before(*subject.DueAt) || one.Data.Window != now.Format(time.DateOnly) {
				t.Fatalf("overdue: %+v", one)
			}
			m.days[key] = true
			continue
		}
		if m.last[key].Equal(*one.Data.DueAt) || now.Before(one.Data.RemindAt) {
			t.Fatalf("twice or early: %+v", one)
		}
		m.last[key] = *one.Data.DueAt
	}
	for id, subject := range m.tasks {
		if subject.Completed || subject.DeletedAt != nil || subject.DueAt == nil {
			continue
		}
		if !now.Before(*subject.DueAt) && !m.remindedToday(id, *subject.DueAt, now) {
			t.Fatalf("%+v is overdue at %v, but has no reminder", subject, now)
		}
		for _, window := range subject.Reminders {
			at := reminder.Before(*subject.DueAt, string(window), time.UTC)
			if at.After(start) && !now.Before(at) && !m.last[fmt.Sprint(id, window)].Equal(*subject.DueAt) {
				t.Fatalf("%+v: %s was not published at %v", subject, window, now)
			}
		}
		at := reminder.Before(*subject.DueAt, m.lead, time.UTC)
		if subject.Reminders == nil && at.After(start) && !now.Before(at) && !m.reminded(id, *subject.DueAt) {
			t.Fatalf("%+v: no reminder was published at %v", subject, now)
		}
	}
}

func (m *model) reminded(id uuid.UUID, due time.Time) bool {
	for _, window := range []string{"PT1H", "PT3H", "P1D", "PT10M"} {
		if m.last[fmt.Sprint(id, window)].Equal(due) {
			return true
		}
	}
	return false
}

// remindedToday reports whether the task had an overdue reminder today, or yesterday when it is earlier in the day than
// its due date.
func (m *model) remindedToday(id uuid.UUID, due, now time.Time) bool {
	if m.days[fmt.Sprint(id, now.Format(time.DateOnly))] {
		return true
	}
	today := time.Date(now.Year(), now.Month(), now.Day(), due.Hour(), due.Minute(), due.Second(), 0, time.UTC)
	return now.Before(today) && m.days[fmt.Sprint(id, now.AddDate(0, 0, -1).Format(time.DateOnly))]
}

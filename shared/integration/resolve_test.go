package integration

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/notification"
	"taskwire.dev/shared/reminder"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog/userlogtest"
)

// notify adds the notification of a reminder, as reminder-fan-in does.
func (b bundle) notify(t *testing.T, who token.Principal, id uuid.UUID, kind, window string, key time.Time) {
	t.Helper()
	b.Exec(t, `INSERT INTO notification (user_id, id, kind, task_id, time_window, due_at, title, body, created_at)
VALUES ($1, $2, $3, $4, $5, $6, 'x', '', now())`, who.UserID, uuid.New(), kind, id, window, key)
}

func drafted(change func(*task.Draft)) task.Draft {
	d := userlogtest.Draft("x")
	change(&d)
	return d
}

// A notification is resolved by the change after which it is no longer true, and by no other.
func TestANotificationIsResolvedWithItsTask(t *testing.T) {
	t.Parallel()
	b := setup(t)
	now := time.Now().UTC().Truncate(time.Second)
	soon, later, past := now.Add(30*time.Minute), now.Add(48*time.Hour), now.Add(-time.Hour)
	yesterday, tomorrow := task.DateOf(now).AddDays(-1), task.DateOf(now).AddDays(2)
	moment := task.ReminderAt(now.Add(-time.Minute))
	never := false
	dueAt := func(at time.Time, reminders ...task.Reminder) task.Draft {
		return drafted(func(d *task.Draft) { d.DueAt, d.Reminders = &at, reminders })
	}
	complete := func(id uuid.UUID) task.Command { return task.SetCompleted{ID: id, Completed: true} }
	remove := func(id uuid.UUID) task.Command { return task.Delete{ID: id} }
	replace := func(d task.Draft) func(uuid.UUID) task.Command {
		return func(id uuid.UUID) task.Command { return task.Replace{ID: id, Draft: d} }
	}
	for name, c := range map[string]struct {
		draft        task.Draft
		kind, window string
		key          time.Time
		cmd          func(uuid.UUID) task.Command
		resolved     bool
	}{
		"completed":            {dueAt(soon), reminder.Upcoming, "PT1H", soon, complete, true},
		"deleted":              {dueAt(soon), reminder.Upcoming, "PT1H", soon, remove, true},
		"moved":                {dueAt(soon), reminder.Upcoming, "PT1H", soon, replace(dueAt(later)), true},
		"no longer due":        {dueAt(soon), reminder.Upcoming, "PT1H", soon, replace(userlogtest.Draft("x")), true},
		"reminder removed":     {dueAt(soon, "PT1H", "PT2H"), reminder.Upcoming, "PT1H", soon, replace(dueAt(soon, "PT2H")), true},
		"no reminders":         {dueAt(soon), reminder.Upcoming, "PT1H", soon, replace(drafted(func(d *task.Draft) { d.DueAt, d.Reminders = &soon, []task.Reminder{} })), true},
		"another reminder":     {dueAt(soon, "PT1H"), reminder.Upcoming, "PT1H", soon, replace(dueAt(soon, "PT1H", "PT2H")), false},
		"spelled differently":  {dueAt(soon, "PT1H"), reminder.Upcoming, "PT1H", soon, replace(dueAt(soon, "PT60M")), false},
		"another title":        {dueAt(soon), reminder.Upcoming, "PT1H", soon, replace(drafted(func(d *task.Draft) { d.Title, d.DueAt = "y", &soon })), false},
		"overdue, completed":   {dueAt(past), reminder.Overdue, "2026-01-01", past, complete, true},
		"overdue, put off":     {dueAt(past), reminder.Overdue, "2026-01-01", past, replace(dueAt(soon)), true},
		"overdue for longer":   {dueAt(past), reminder.Overdue, "2026-01-01", past, replace(dueAt(past.Add(-time.Hour))), false},
		"overdue, not wanted":  {dueAt(past), reminder.Overdue, "2026-01-01", past, replace(drafted(func(d *task.Draft) { d.DueAt, d.OverdueReminders = &past, &never })), true},
		"a day, put off":       {drafted(func(d *task.Draft) { d.DueDate = &yesterday }), reminder.Overdue, "2026-01-01", yesterday.Midnight(), replace(drafted(func(d *task.Draft) { d.DueDate = &tomorrow })), true},
		"a moment, removed":    {drafted(func(d *task.Draft) { d.Reminders = []task.Reminder{moment} }), reminder.Upcoming, string(moment), now, replace(userlogtest.Draft("x")), true},
		"a moment, then a due": {drafted(func(d *task.Draft) { d.Reminders = []task.Reminder{moment} }), reminder.Upcoming, string(moment), now, replace(dueAt(soon, moment)), false},
	} {
		who := userlogtest.Principal()
		id, other := b.Do(t, who, task.Create{Draft: c.draft}).TaskID, b.Do(t, who, task.Create{Draft: c.draft}).TaskID
		b.notify(t, who, id, c.kind, c.window, c.key)
		b.notify(t, who, other, c.kind, c.window, c.key)
		b.Do(t, who, c.cmd(id))
		for _, n := range b.Notifications(t, who) {
			if want := c.resolved && n.TaskID == id; want != (n.ResolvedAt != nil) || want != (n.ReadAt != nil) {
				t.Errorf("%s: of the changed task %v: %+v", name, n.TaskID == id, n)
			}
		}
		events := b.Events(t, who)
		last := events[len(events)-1]
		if c.resolved != (last.EventType == notification.Read) || last.Actor != who.Actor() {
			t.Errorf("%s: %+v", name, last)
			continue
		}
		var said notification.Notification
		if c.resolved && (last.TaskID != id || json.Unmarshal(last.Notification, &said) != nil || said.ResolvedAt == nil || last.Seq != 4) {
			t.Errorf("%s: %+v", name, last)
		}
	}
}

// Snoozed notifications are left to the tick that brings them back, and what is resolved once stays so.
func TestSnoozedAndResolvedNotificationsAreLeftAlone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	who := userlogtest.Principal()
	soon := time.Now().UTC().Truncate(time.Second).Add(30 * time.Minute)
	id := b.Do(t, who, task.Create{Draft: drafted(func(d *task.Draft) { d.DueAt = &soon })}).TaskID
	b.notify(t, who, id, reminder.Upcoming, "PT1H", soon)
	b.Exec(t, `UPDATE notification SET snoozed_until = now() + interval '1 hour', read_at = now()`)
	b.Do(t, who, task.SetCompleted{ID: id, Completed: true})
	if list := b.Notifications(t, who); list[0].ResolvedAt != nil {
		t.Errorf("snoozed: %+v", list)
	}
	b.Exec(t, `UPDATE notification SET snoozed_until = NULL`)
	for _, completed := range []bool{false, true, false, true} {
		b.Do(t, who, task.SetCompleted{ID: id, Completed: completed})
	}
	if events := b.Events(t, who); len(events) != 7 {
		t.Errorf("%d events of one creation, five completions and one resolution: %+v", len(events), events)
	}
}

package store

import (
	"testing"
	"time"

	"taskwire.dev/shared/preference"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/userlog/userlogtest"
)

// However many tasks a user has, the reminders of all of them follow the preferences.
func TestThePreferencesOfAUserWithManyTasksAreStored(t *testing.T) {
	t.Parallel()
	b, who := setup(t), userlogtest.Principal()
	root := b.Do(t, who, task.Create{Draft: userlogtest.Draft("root")}).TaskID
	const many = 1200
	b.AddSubtasks(t, who, root, many, "")
	day := time.Now().AddDate(0, 0, 10).Format(time.DateOnly)
	b.Exec(t, `UPDATE task SET due_date = $2, reminders = '{P1D,PT0S}' WHERE parent_id = $1`, root, day)
	planned := func() (n int) {
		t.Helper()
		conn := b.Connect(t, "taskwire_owner", who.UserID)
		// 00:00 in Berlin on that day and the one before
		const query = `SELECT count(*) FROM task_reminder WHERE kind = 'upcoming' AND remind_at AT TIME ZONE 'Europe/Berlin' IN ($1::date, $1::date - interval '1 day')`
		if err := conn.QueryRow(t.Context(), query, day).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, zone := range []string{"Asia/Tokyo", "Europe/Berlin"} {
		p := preference.Default()
		p.Timezone, p.DayStart = zone, "00:00"
		if v, err := b.tasks.SetPreferences(t.Context(), who, p); err != nil || v.Version == 0 {
			t.Fatalf("%+v, %v", v, err)
		}
	}
	if n := planned(); n != 2*many {
		t.Errorf("%d reminders are planned for the user's zone, want %d", n, 2*many)
	}
}

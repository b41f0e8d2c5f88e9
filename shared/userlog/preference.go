package userlog

import (
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/preference"
	"taskwire.dev/shared/reminder"
	"taskwire.dev/shared/token"
)

// PreferenceVersion reads the version, which grows with each write: updated_at in microseconds.
const PreferenceVersion = `(extract(epoch FROM updated_at) * 1000000)::bigint`

// SetPreferences returns the change that stores a user's preferences, and updates the planned reminders if they can differ, in stages: a
// reminder is planned with the preferences that hold when it is committed. v gets its version. It records no audit event.
func SetPreferences(user token.Principal, v *preference.Versioned) Change {
	const keep = `
INSERT INTO preference (user_id, timezone, reminder_lead, overdue_reminders, week_start, day_start, first_steps_dismissed, language, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, nullif($8, ''), clock_timestamp())
ON CONFLICT (user_id) DO UPDATE SET timezone = EXCLUDED.timezone, reminder_lead = EXCLUDED.reminder_lead,
  overdue_reminders = EXCLUDED.overdue_reminders, week_start = EXCLUDED.week_start, day_start = EXCLUDED.day_start, first_steps_dismissed = EXCLUDED.first_steps_dismissed, language = EXCLUDED.language, updated_at = greatest(clock_timestamp(), preference.updated_at + interval '1 microsecond')
RETURNING ` + PreferenceVersion
	var before preference.Preferences
	return Change{
		User:  user,
		Alone: true, // it reads all of the user's tasks
		Read: func(b *pgx.Batch) {
			QueuePreferences(b, user.UserID, func(found preference.Versioned) { before = found.Preferences })
		},
		Apply: func(tx *Tx) error {
			tx.Queue(keep, user.UserID, v.Timezone, v.ReminderLead, v.OverdueReminders, v.WeekStart, v.DayStart, v.FirstStepsDismissed, v.Language).
				QueryRow(func(row pgx.Row) error { return row.Scan(&v.Version) })
			if reminder.Replans(before, v.Preferences) {
				open := openTasks{user: user.UserID}
				tx.Later(open.queueNext, func() { open.plan(tx, v.Preferences) })
			}
			return nil
		},
	}
}

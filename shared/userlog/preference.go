package userlog

import (
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/preference"
	"taskwire.dev/shared/reminder"
	"taskwire.dev/shared/token"
)

// PreferenceVersion reads the version, which grows with each write: updated_at in microseconds.
const PreferenceVersion = `(extract(epoch FROM updated_at) * 1000000)::bigint`

// SetPreferences returns the change that stores a user's preferences, and updates the planned reminders: a reminder is
// planned with the preferences that hold when it is committed. v gets its version. It records no audit event.
func SetPreferences(user token.Principal, v *preference.Versioned) Change {
	const keep = `
INSERT INTO preference (user_id, timezone, reminder_lead, lead, overdue_reminders, week_start, updated_at) VALUES ($1, $2, $3, $4, $5, $6, clock_timestamp())
ON CONFLICT (user_id) DO UPDATE SET timezone = EXCLUDED.timezone, reminder_lead = EXCLUDED.reminder_lead, lead = EXCLUDED.lead,
  overdue_reminders = EXCLUDED.overdue_reminders, week_start = EXCLUDED.week_start, updated_at = greatest(clock_timestamp(), preference.updated_at + interval '1 microsecond')
RETURNING ` + PreferenceVersion
	return Change{User: user, Apply: func(tx *Tx) error {
		tx.Queue(keep, user.UserID, v.Timezone, v.ReminderLead, reminder.Span(v.ReminderLead), v.OverdueReminders, v.WeekStart).
			QueryRow(func(row pgx.Row) error { return row.Scan(&v.Version) })
		queuePreferenceReminders(&tx.writes, user.UserID, v.Preferences, tx.Now)
		return nil
	}}
}

// queuePreferenceReminders updates the planned reminders for new preferences. A task whose reminder for its due date
// was already sent gets another one only if the new time is in the future.
func queuePreferenceReminders(b *pgx.Batch, user uuid.UUID, p preference.Preferences, now time.Time) {
	// primary key of task_reminder, by its first column; one user has few rows
	b.Queue(`UPDATE task_reminder SET remind_at = NULL WHERE user_id = $1 AND kind = 'upcoming' AND by_lead AND remind_at IS NOT NULL AND time_window <> $2`,
		user, p.ReminderLead)
	// primary keys of task, by its first column, and of task_reminder
	const upcoming = `
INSERT INTO task_reminder AS r (user_id, task_id, kind, time_window, by_lead, due_at, remind_at)
SELECT $1, t.id, 'upcoming', $2, true, t.due_at, t.due_at - $3::interval
FROM task t
WHERE t.user_id = $1 AND t.due_at > $4 AND t.reminders = '{}' AND t.completed_at IS NULL AND t.deleted_at IS NULL
  AND (t.due_at - $3::interval > $4 OR NOT EXISTS (SELECT FROM task_reminder s
    WHERE s.user_id = $1 AND s.task_id = t.id AND s.kind = 'upcoming' AND s.sent_for = t.due_at))
ON CONFLICT (user_id, task_id, kind, time_window) DO UPDATE SET by_lead = true, due_at = EXCLUDED.due_at,
  remind_at = CASE WHEN r.sent_for = EXCLUDED.due_at THEN NULL ELSE EXCLUDED.remind_at END`
	b.Queue(upcoming, user, p.ReminderLead, reminder.Span(p.ReminderLead), now)
	// The zone decides which day it is, and a preference whether anything is sent: the tick evaluates all of them
	// again.
	const overdue = `
UPDATE task_reminder r SET remind_at = r.due_at FROM task t
WHERE r.user_id = $1 AND r.kind = 'overdue' AND t.user_id = $1 AND t.id = r.task_id AND t.due_at = r.due_at
  AND t.completed_at IS NULL AND t.deleted_at IS NULL`
	b.Queue(overdue, user)
}

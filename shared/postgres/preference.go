package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/clock"
	"taskwire.dev/shared/preference"
	"taskwire.dev/shared/reminder"
	"taskwire.dev/shared/token"
)

// Preferences implements preference.Table.
func (s *Tasks) Preferences(ctx context.Context, who token.Principal) (preference.Versioned, error) {
	p := preference.Versioned{Preferences: preference.Default()}
	// primary key of preference
	const chosen = `
SELECT timezone, reminder_lead, overdue_reminders, week_start, ` + preferenceVersion + ` FROM preference WHERE user_id = $1`
	err := Read(ctx, s.pool, who, func(b *pgx.Batch) {
		b.Queue(chosen, who.UserID).Query(func(rows pgx.Rows) error {
			for rows.Next() {
				if err := rows.Scan(&p.Timezone, &p.ReminderLead, &p.OverdueReminders, &p.WeekStart, &p.Version); err != nil {
					return err
				}
			}
			return rows.Err()
		})
	})
	return p, err
}

// preferenceVersion grows with each write: updated_at in microseconds.
const preferenceVersion = `(extract(epoch FROM updated_at) * 1000000)::bigint`

// SetPreferences implements preference.Table. It keeps what who has chosen, and what follows from it for reminders. It takes the user's lock as changes
// of tasks do: a plan is made with the preferences that hold when it is committed.
func (s *Tasks) SetPreferences(ctx context.Context, who token.Principal, p preference.Preferences) (preference.Versioned, error) {
	v := preference.Versioned{Preferences: p}
	done, err := s.turns.turn(ctx, who.UserID)
	if err != nil {
		return v, err
	}
	defer done()
	const keep = `
INSERT INTO preference (user_id, timezone, reminder_lead, lead, overdue_reminders, week_start, updated_at) VALUES ($1, $2, $3, $4, $5, $6, clock_timestamp())
ON CONFLICT (user_id) DO UPDATE SET timezone = EXCLUDED.timezone, reminder_lead = EXCLUDED.reminder_lead, lead = EXCLUDED.lead,
  overdue_reminders = EXCLUDED.overdue_reminders, week_start = EXCLUDED.week_start, updated_at = greatest(clock_timestamp(), preference.updated_at + interval '1 microsecond')
RETURNING ` + preferenceVersion
	err = Write(ctx, s.pool, who, func(b *pgx.Batch) {
		b.Queue(`INSERT INTO user_stream (user_id) VALUES ($1) ON CONFLICT (user_id) DO NOTHING`, who.UserID)
		b.Queue(`SELECT FROM user_stream WHERE user_id = $1 FOR UPDATE`, who.UserID)
		b.Queue(keep, who.UserID, p.Timezone, p.ReminderLead, reminder.Span(p.ReminderLead), p.OverdueReminders, p.WeekStart).
			QueryRow(func(row pgx.Row) error { return row.Scan(&v.Version) })
		savePreferencePlans(b, who.UserID, p, clock.Now())
	})
	return v, err
}

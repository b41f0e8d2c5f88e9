package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/preference"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
)

// Preferences implements preferences.Table.
func (s *Tasks) Preferences(ctx context.Context, who token.Principal) (preference.Versioned, error) {
	p := preference.Versioned{Preferences: preference.Default()}
	// primary key of preference
	const chosen = `
SELECT timezone, reminder_lead, overdue_reminders, week_start, ` + userlog.PreferenceVersion + ` FROM preference WHERE user_id = $1`
	err := postgres.Read(ctx, s.pool, who, func(b *pgx.Batch) {
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

// SetPreferences implements preferences.Table.
func (s *Tasks) SetPreferences(ctx context.Context, who token.Principal, p preference.Preferences) (preference.Versioned, error) {
	v := preference.Versioned{Preferences: p}
	_, err := s.log.Do(ctx, userlog.SetPreferences(who, &v))
	return v, err
}

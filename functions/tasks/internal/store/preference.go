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
	var p preference.Versioned
	err := postgres.Read(ctx, s.pool, who, func(b *pgx.Batch) {
		userlog.QueuePreferences(b, who.UserID, func(found preference.Versioned) { p = found })
	})
	return p, err
}

// SetPreferences implements preferences.Table.
func (s *Tasks) SetPreferences(ctx context.Context, who token.Principal, p preference.Preferences) (preference.Versioned, error) {
	v := preference.Versioned{Preferences: p}
	_, err := s.log.Do(ctx, userlog.SetPreferences(who, &v))
	return v, err
}

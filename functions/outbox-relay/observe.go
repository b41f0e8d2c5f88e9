package function

import (
	"context"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"go.opentelemetry.io/otel/metric"

	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/telemetry"
)

// observe reports the age of the last scheduled backup with each export of metrics. The Job that makes backups cannot: an age must
// grow while it does not run. Without any scheduled backup there is no age.
func (f *Function) observe() error {
	if !telemetry.Measuring() {
		return nil
	}
	age := telemetry.SecondsGauge("taskwire.backup.age", "How old the last scheduled backup of the database is")
	_, err := telemetry.Meter.RegisterCallback(func(ctx context.Context, o metric.Observer) error {
		last, made, err := f.lastBackup(ctx)
		switch {
		case err != nil:
			slog.DebugContext(ctx, "cannot read the age of the last backup", "error", err)
		case made:
			o.ObserveFloat64(age, time.Since(last).Seconds())
		}
		return nil
	}, age)
	return err
}

// lastBackup returns when the last scheduled backup was made, if any was.
func (f *Function) lastBackup(ctx context.Context) (at time.Time, made bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, postgres.Timeout)
	defer cancel()
	// primary key of backup_run
	const newest = `SELECT taken_at FROM backup_run ORDER BY taken_at DESC LIMIT 1`
	all, err := postgres.Collect(ctx, f.pool, postgres.Platform, pgx.RowTo[time.Time], newest)
	if err != nil || len(all) == 0 {
		return at, false, err
	}
	return all[0], true, nil
}

package postgres

import (
	"context"
	"fmt"
	"log/slog"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/schema"
)

// checkSchema reports a fault unless the code works with the database's schema. A deployment may start functions before
// its migrations have run, and a rollback may start functions that are older than the schema.
func (p *Pool) checkSchema(ctx context.Context) error {
	if p.suits.Load() {
		return nil
	}
	var version, oldest int64
	err := Fault(p.conns.QueryRow(ctx, `SELECT schema_version(), schema_oldest()`).Scan(&version, &oldest))
	switch {
	case err != nil:
	case version < schema.Newest:
		err = fault.WrapUnavailable("the database", fmt.Errorf("its schema is at migration %d, and this function needs %d", version, schema.Newest))
	case oldest > schema.Newest:
		err = fault.WrapUnavailable("the database", fmt.Errorf("its schema is for functions that know migration %d, and this one knows only %d", oldest, schema.Newest))
	default:
		p.suits.Store(true)
		return nil
	}
	if p.complained.CompareAndSwap(false, true) {
		slog.Warn("not ready: the database's schema does not suit", "error", err)
	}
	return err
}

package postgres

import (
	"context"

	"github.com/exaring/otelpgx"
	"github.com/jackc/pgx/v5"
	"go.opentelemetry.io/otel/metric/noop"
)

// tracer makes spans of statements and batches in traces that are sampled. A statement of a batch has one only if it
// fails: a group commit has forty or more, which say little, since they travel together and their spans have no length.
type tracer struct{ *otelpgx.Tracer }

// newTracer returns a tracer without metrics: durations by kind of call, which nothing reads, cost more than the rest of it.
func newTracer() tracer {
	return tracer{otelpgx.NewTracer(otelpgx.WithDisableConnectionDetailsInAttributes(), otelpgx.WithMeterProvider(noop.NewMeterProvider()))}
}

// TraceBatchQuery implements pgx.BatchTracer.
func (t tracer) TraceBatchQuery(ctx context.Context, conn *pgx.Conn, data pgx.TraceBatchQueryData) {
	if data.Err != nil {
		t.Tracer.TraceBatchQuery(ctx, conn, data)
	}
}

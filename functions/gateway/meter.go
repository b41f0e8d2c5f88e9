package function

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/google/uuid"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"taskwire.dev/functions/gateway/internal/meter"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/telemetry"
	"taskwire.dev/shared/traffic"
)

// reportEvery is how often a gateway reports. Reports expire soon after the gateway is gone.
const reportEvery = 2 * time.Second

// metered measures a function's responses, until the response begins.
type metered struct {
	http.RoundTripper
	function string
	meter    *meter.Meter
}

// RoundTrip implements http.RoundTripper.
func (m metered) RoundTrip(r *http.Request) (*http.Response, error) {
	began := time.Now()
	res, err := m.RoundTripper.RoundTrip(r)
	if errors.Is(err, context.Canceled) {
		return res, err // the client has disconnected: the result is unknown
	}
	now := time.Now()
	m.meter.Answered(m.function, now, now.Sub(began), err != nil || res.StatusCode >= 500)
	return res, err
}

var commitToStream = telemetry.Seconds("taskwire.commit_to_stream.duration", "From the commit of a change until it was handed to the live streams of its user")

var producer = trace.WithSpanKind(trace.SpanKindProducer)

// streamed measures an event that has gone to live streams, and ends its trace with a span.
func (f *Function) streamed(e task.Event, streams int) {
	now := time.Now()
	f.meter.Streamed(now, now.Sub(e.Time))
	ctx := context.Background()
	if commitToStream.Enabled(ctx) {
		commitToStream.Record(ctx, max(0, now.Sub(e.Time).Seconds()))
	}
	if telemetry.Tracing() {
		_, span := telemetry.StartSpan(telemetry.WithTraceparent(ctx, e.Traceparent), "stream frame", producer, trace.WithTimestamp(now))
		if span.IsRecording() {
			span.SetAttributes(attribute.Int("taskwire.streams", streams))
			span.End()
		}
	}
}

// report publishes this gateway's measurements periodically until ctx is done.
func (f *Function) report(ctx context.Context, reports *traffic.Reports) {
	name := uuid.NewString()
	every := time.NewTicker(reportEvery)
	defer every.Stop()
	failed := false
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-every.C:
			err := reports.Write(ctx, name, now, f.meter.Report(now))
			if err != nil && !failed && ctx.Err() == nil {
				slog.Warn("redis is unavailable; the pipeline page lacks this gateway's figures", "error", err)
			}
			failed = err != nil
		}
	}
}

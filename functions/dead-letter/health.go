package function

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"taskwire.dev/shared/fault"
)

// outboxLate is the maximal age of the oldest row of the outbox: the relay publishes what a killed function left within
// seconds.
const outboxLate = 30 * time.Second

// brokerHealth reports to the gateway, for /api/status, whether the broker has all topics. A broker that has lost its
// data still responds, but its topics are gone. Like the other health endpoints it is not reachable through the
// gateway.
func (f *Function) brokerHealth(w http.ResponseWriter, r *http.Request) error {
	ctx, cancel := context.WithTimeout(r.Context(), surveyTimeout)
	defer cancel()
	missing, err := f.survey.broker.MissingTopics(ctx)
	if err == nil && len(missing) > 0 {
		err = fmt.Errorf("topics are missing: %s", strings.Join(missing, ", "))
	}
	if err != nil {
		slog.WarnContext(ctx, "broker is not healthy", "error", err)
		return fault.WrapUnavailable("the broker", err)
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// outboxHealth reports whether committed events get published.
func (f *Function) outboxHealth(w http.ResponseWriter, r *http.Request) error {
	age, err := f.letters.OutboxAge(r.Context())
	if err != nil {
		return err
	}
	if age > outboxLate {
		err := fmt.Errorf("the oldest event has been waiting for %s", age.Round(time.Second))
		slog.WarnContext(r.Context(), "outbox is not being published", "error", err)
		return fault.WrapUnavailable("the outbox", err)
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

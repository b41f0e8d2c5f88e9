// Package function is the dead-letter function: it stores every event that a consumer refused or gave up on, and lets
// an administrator inspect, redrive or discard them, and see the state of the event pipeline. See
// docs/decisions/0012-dead-letters.md.
package function

import (
	"context"
	"net/http"

	"taskwire.dev/functions/dead-letter/internal/kafka"
	"taskwire.dev/functions/dead-letter/internal/observability"
	"taskwire.dev/functions/dead-letter/internal/store"
	"taskwire.dev/shared/consumer"
	"taskwire.dev/shared/dapr"
	"taskwire.dev/shared/fn"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/redis"
	"taskwire.dev/shared/token"
)

// Config of the function; func.yaml describes each variable.
type Config struct {
	Database postgres.Config
	Tokens   token.Rules
	Sidecar  dapr.Config
	Redis    redis.Config
	Kafka    kafka.Config
	Stores   observability.Config
	// Consumers has the topic of each function that consumes one.
	Consumers map[string]string `env:"CONSUMER_TOPICS" envSeparator:" " envKeyValSeparator:"="`
}

// Function is an instance; New makes it and func-go calls its methods.
type Function struct {
	*fn.Base
	tokens  *token.Verifier
	letters *store.Store
	topic   consumer.DeadLetters
	survey  *survey
	traces  *observability.Traces
	alerts  *observability.Alerts
}

// New returns an instance that has not started.
func New() *Function {
	f := &Function{}
	f.Base = fn.New(f.start)
	return f
}

// start opens the function's connections. None of them is needed for readiness: as the dead-letter sink the function
// has to accept dead letters while the consumers' database, which it shares, is unavailable.
func (f *Function) start(ctx context.Context, c Config) (_ http.Handler, err error) {
	pool, err := postgres.Open(ctx, c.Database)
	if err != nil {
		return nil, err
	}
	f.OnStop(pool.Close)
	if f.tokens, err = token.NewVerifier(ctx, c.Tokens); err != nil {
		return nil, err
	}
	f.letters = store.New(pool, c.Consumers)
	sidecar, err := dapr.Dial(c.Sidecar)
	if err != nil {
		return nil, err
	}
	f.topic = dapr.NewDeadLetters(sidecar)
	if f.survey, err = newSurvey(c); err != nil {
		return nil, err
	}
	f.OnStop(f.survey.close)
	if f.traces, err = observability.NewTraces(c.Stores); err != nil {
		return nil, err
	}
	if f.alerts, err = observability.NewAlerts(c.Stores); err != nil {
		return nil, err
	}
	if err := f.observe(); err != nil {
		return nil, err
	}

	rt := &httpapi.Router{Compressed: true}
	rt.Route("POST /{$}", dapr.FromSidecar(c.Sidecar, f.fromSink))
	rt.Route("POST /keep", dapr.FromSidecar(c.Sidecar, f.fromSource))
	rt.Route("POST /internal/events/dead-letters", dapr.FromSidecar(c.Sidecar, f.fromDapr))
	rt.Route("GET /health/broker", f.brokerHealth)
	rt.Route("GET /health/outbox", f.outboxHealth)
	rt.Route("GET /api/admin/pipeline", f.admin(token.ScopeRead, f.pipeline))
	rt.Route("GET /api/admin/traces/{trace_id}", f.admin(token.ScopeRead, f.trace))
	rt.Route("GET /api/admin/alerts", f.admin(token.ScopeRead, f.listAlerts))
	rt.Route("GET /api/admin/dead-letters", f.admin(token.ScopeRead, f.list))
	rt.Route("GET /api/admin/dead-letters/{id}", f.admin(token.ScopeRead, f.look))
	rt.Route("DELETE /api/admin/dead-letters/{id}", f.admin(token.ScopeWrite, f.discard))
	rt.Route("POST /api/admin/dead-letters/{id}/redrive", f.admin(token.ScopeWrite, f.redrive))
	return rt, nil
}

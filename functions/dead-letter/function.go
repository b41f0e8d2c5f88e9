// Package function is the dead-letter function: it keeps every event that a consumer refused or gave up on, and
// lets an administrator look at them, send them again, or discard them, and see how events get on. See docs/decisions/0012-dead-letters.md.
package function

import (
	"context"
	"net/http"

	"taskwire.dev/functions/dead-letter/internal/kafka"
	"taskwire.dev/functions/dead-letter/internal/store"
	"taskwire.dev/shared/config"
	"taskwire.dev/shared/consumer"
	"taskwire.dev/shared/dapr"
	"taskwire.dev/shared/function"
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
}

// Function is an instance; New makes it and func-go calls its methods.
type Function struct {
	gate    function.Gate
	pool    *postgres.Pool
	tokens  *token.Verifier
	letters *store.Store
	topic   consumer.Letters
	survey  *survey
	stop    context.CancelFunc
}

// New returns an instance that has not started.
func New() *Function { return &Function{} }

// Start opens what the function works with. It waits for nothing: Ready tells when all is there.
func (f *Function) Start(_ context.Context, env map[string]string) error {
	c, err := config.Load[Config](env)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	f.stop = stop
	if f.pool, err = postgres.Open(ctx, c.Database); err != nil {
		return err
	}
	if f.tokens, err = token.NewVerifier(ctx, c.Tokens); err != nil {
		return err
	}
	f.letters = store.New(f.pool)
	sidecar, err := dapr.Dial(c.Sidecar)
	if err != nil {
		return err
	}
	f.topic = dapr.NewLetters(sidecar)
	if f.survey, err = newSurvey(c); err != nil {
		return err
	}

	rt := &httpapi.Router{}
	rt.Route("POST /{$}", dapr.FromSidecar(c.Sidecar, f.fromSink))
	rt.Route("POST /keep", dapr.FromSidecar(c.Sidecar, f.fromSource))
	rt.Route("POST /internal/events/dead-letters", dapr.FromSidecar(c.Sidecar, f.fromDapr))
	rt.Route("GET /health/broker", f.brokerHealth)
	rt.Route("GET /health/outbox", f.outboxHealth)
	rt.Route("GET /api/admin/pipeline", f.admin(token.ScopeRead, f.pipeline))
	rt.Route("GET /api/admin/dead-letters", f.admin(token.ScopeRead, f.list))
	rt.Route("GET /api/admin/dead-letters/{id}", f.admin(token.ScopeRead, f.look))
	rt.Route("DELETE /api/admin/dead-letters/{id}", f.admin(token.ScopeWrite, f.discard))
	rt.Route("POST /api/admin/dead-letters/{id}/redrive", f.admin(token.ScopeWrite, f.redrive))
	f.gate.Open(rt)
	return nil
}

// Ready reports whether the function has started. The database is not asked: as the dead-letter sink the function has to
// take letters while the consumers' database, which is its own too, is away.
func (f *Function) Ready(context.Context) (bool, error) { return f.gate.IsOpen(), nil }

// Handle answers one request.
func (f *Function) Handle(w http.ResponseWriter, r *http.Request) { f.gate.ServeHTTP(w, r) }

// Stop gives the connections back.
func (f *Function) Stop(context.Context) error {
	if f.gate.IsOpen() {
		f.stop()
		f.pool.Close()
		f.survey.close()
	}
	return nil
}

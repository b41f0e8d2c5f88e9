// Package function is the tasks function: whatever a user does to a task, by REST or by a CloudEvent.
//
// It commits and answers; its publisher then brings the events to the broker. See docs/openapi.yaml.
package function

import (
	"context"

	"taskwire.dev/functions/tasks/internal/preferences"
	"taskwire.dev/functions/tasks/internal/store"
	"taskwire.dev/shared/config"
	"taskwire.dev/shared/publishing"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
)

// Config of the function; func.yaml describes each variable.
type Config struct {
	publishing.Config
	Tokens token.Rules
}

// Function is an instance; New makes it and func-go calls its methods.
type Function struct {
	publishing.Base
	tokens *token.Verifier
	tasks  *store.Tasks
	prefs  *preferences.Store
}

// New returns an instance that has not started.
func New() *Function { return &Function{} }

// Start opens what the function works with. It waits for nothing: Ready tells when all is there.
func (f *Function) Start(_ context.Context, env map[string]string) error {
	c, err := config.Load[Config](env)
	if err != nil {
		return err
	}
	if err := f.Connect(c.Config); err != nil {
		return err
	}
	if f.tokens, err = token.NewVerifier(f.Context(), c.Tokens); err != nil {
		return err
	}
	f.tasks = store.New(f.Pool(), userlog.New(f.Pool(), f.Committed))
	f.prefs = preferences.NewStore(f.tasks, preferences.NewStateCache(f.Sidecar()))
	go f.prefs.Run(f.Context())
	f.Open(f.routes())
	return nil
}

// Ready reports whether requests can be answered.
func (f *Function) Ready(ctx context.Context) (bool, error) {
	ready, err := f.Base.Ready(ctx)
	return ready && f.tokens.Ready(ctx) == nil, err
}

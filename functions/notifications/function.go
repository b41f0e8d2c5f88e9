// Package function is the notifications function: what a user was told, to list, to read, and to put off.
//
// It is internal: the gateway reaches it by its sidecar, and it answers nobody else. Whose notifications are meant is
// said by the user's own token all the same. See docs/openapi.yaml.
package function

import (
	"context"

	"taskwire.dev/functions/notifications/internal/store"
	"taskwire.dev/shared/config"
	"taskwire.dev/shared/dapr"
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
	sidecar       dapr.Config
	tokens        *token.Verifier
	notifications *store.Notifications
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
	f.sidecar = c.Sidecar
	f.notifications = store.New(f.Pool(), userlog.New(f.Pool(), f.Committed))
	f.Open(f.routes())
	return nil
}

// Ready reports whether requests can be answered.
func (f *Function) Ready(ctx context.Context) (bool, error) {
	ready, err := f.Base.Ready(ctx)
	return ready && f.tokens.Ready(ctx) == nil, err
}

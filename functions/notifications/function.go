// Package function is the notifications function: it lists a user's notifications, marks them as read, and snoozes
// them.
//
// It is internal: the gateway reaches it through its sidecar, and it serves no other caller. The user's own token still
// decides whose notifications are meant. See docs/openapi.yaml.
package function

import (
	"context"
	"net/http"

	"taskwire.dev/functions/notifications/internal/store"
	"taskwire.dev/shared/dapr"
	"taskwire.dev/shared/fn"
	"taskwire.dev/shared/fn/publishing"
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
	*fn.Base
	sidecar       dapr.Config
	tokens        *token.Verifier
	notifications *store.Notifications
}

// New returns an instance that has not started.
func New() *Function {
	f := &Function{}
	f.Base = fn.New(f.start)
	return f
}

// start opens the function's connections.
func (f *Function) start(ctx context.Context, c Config) (http.Handler, error) {
	conns, err := publishing.Connect(ctx, f.Base, c.Config)
	if err != nil {
		return nil, err
	}
	if f.tokens, err = token.NewVerifier(ctx, c.Tokens); err != nil {
		return nil, err
	}
	f.Needs(f.tokens.Ready)
	f.sidecar = c.Sidecar
	f.notifications = store.New(conns.Pool, userlog.New(conns.Pool, conns.Committed))
	f.Wrap(dapr.WrapStatus)
	return f.routes(), nil
}

// Package function is the notifications function: what a user was told, to list, to read, and to put off.
//
// It is internal: the gateway reaches it by its sidecar, and it answers no one else. Which user's notifications are meant is
// said by the user's own token all the same. See docs/openapi.yaml.
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

// start opens what the function works with.
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
	return f.routes(), nil
}

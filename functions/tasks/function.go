// Package function is the tasks function: all changes to tasks, by REST or by CloudEvent.
//
// It commits and responds; its publisher then publishes the events to the broker. See docs/openapi.yaml.
package function

import (
	"context"
	"errors"
	"net/http"

	"taskwire.dev/functions/tasks/internal/preferences"
	"taskwire.dev/functions/tasks/internal/store"
	"taskwire.dev/shared/fn"
	"taskwire.dev/shared/fn/publishing"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
)

// Config of the function; func.yaml describes each variable.
type Config struct {
	publishing.Config
	Tokens token.Rules
	// What a user may keep, unless the operator has set other bounds for the user.
	MaxTasks int64 `env:"MAX_TASKS_PER_USER" envDefault:"1000000"`
	MaxBytes int64 `env:"MAX_BYTES_PER_USER" envDefault:"1073741824"`
}

// Function is an instance; New makes it and func-go calls its methods.
type Function struct {
	*fn.Base
	tokens *token.Verifier
	tasks  *store.Tasks
	prefs  *preferences.Store
	bounds task.Usage
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
	if c.MaxTasks < 1 || c.MaxBytes < 1 {
		return nil, errors.New("MAX_TASKS_PER_USER and MAX_BYTES_PER_USER must be at least 1")
	}
	f.bounds = task.Usage{Tasks: c.MaxTasks, Bytes: c.MaxBytes}
	f.tasks = store.New(conns.Pool, userlog.New(conns.Pool, conns.Committed).Bound(f.bounds))
	f.prefs = preferences.NewStore(f.tasks, preferences.NewStateCache(conns.Sidecar))
	f.Go(f.prefs.Run)
	return f.routes(), nil
}

// Package fn is the base of all functions: it implements what func-go requires of an instance (Start, Ready, Handle,
// Stop). A function embeds a Base, and adds one method that gets its configuration and returns its routes:
//
//	type Function struct {
//		*fn.Base
//		pool *postgres.Pool
//	}
//
//	func New() *Function {
//		f := &Function{}
//		f.Base = fn.New(f.start)
//		return f
//	}
//
//	func (f *Function) start(ctx context.Context, c Config) (_ http.Handler, err error) {
//		if f.pool, err = postgres.Open(ctx, c.Database); err != nil {
//			return nil, err
//		}
//		f.OnStop(f.pool.Close)
//		f.Needs(f.pool.Ready)
//		return f.routes(), nil
//	}
//
// It adds no dependencies that a function does not use: it imports no database, sidecar or broker.
package fn

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/caarlos0/env/v11"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/memory"
	"taskwire.dev/shared/telemetry/export"
	"taskwire.dev/shared/version"
)

// Base is one instance of a function.
type Base struct {
	start   func(env map[string]string) (http.Handler, error)
	handler atomic.Pointer[http.Handler] // nil until the function has started

	ctx     context.Context // ends with Stop
	cancel  context.CancelFunc
	running sync.WaitGroup
	needs   []func(context.Context) error
	ends    []func()

	longLived func(*http.Request) bool
	wrap      func(http.Handler) http.Handler
}

// New returns the base of a function that starts with start: it opens what the function works with, without waiting for
// it to be reachable, and returns the handler for requests. The context ends when the function stops. C is the
// function's configuration, a struct with `env` tags; func.yaml describes each variable.
func New[C any](start func(ctx context.Context, c C) (http.Handler, error)) *Base {
	b := &Base{
		longLived: func(*http.Request) bool { return false },
		wrap:      func(h http.Handler) http.Handler { return h },
	}
	b.ctx, b.cancel = context.WithCancel(context.Background())
	b.start = func(values map[string]string) (http.Handler, error) {
		c, err := env.ParseAsWithOptions[C](env.Options{Environment: values})
		if err != nil {
			return nil, fmt.Errorf("configuration: %w", err)
		}
		return start(b.ctx, c)
	}
	return b
}

// Needs adds a check to Ready: the function cannot serve requests while it fails.
func (b *Base) Needs(check func(context.Context) error) { b.needs = append(b.needs, check) }

// OnStop adds a step for when the function stops. Steps run last to first, after the work of Go has ended.
func (b *Base) OnStop(end func()) { b.ends = append(b.ends, end) }

// LongLived says which requests last as long as their client wants, such as streams. They have no span and no latency.
func (b *Base) LongLived(is func(*http.Request) bool) { b.longLived = is }

// Wrap sets what the function's handler is wrapped in, outside of what measures its responses.
func (b *Base) Wrap(wrap func(http.Handler) http.Handler) { b.wrap = wrap }

// Go runs work in the background. It must end when its context does; Stop waits for it.
func (b *Base) Go(work func(context.Context)) { b.running.Go(func() { work(b.ctx) }) }

// Start implements func-go's Starter. env holds all environment variables.
func (b *Base) Start(_ context.Context, env map[string]string) error {
	stopExport, err := export.Start(context.Background())
	if err != nil {
		return err // func-go ends the process
	}
	b.OnStop(func() { stopExport(context.Background()) }) // last of all
	h, err := b.start(env)
	if err != nil {
		return err
	}
	h = b.wrap(export.Handler(h, b.longLived))
	b.handler.Store(&h)
	memory.ReleaseStartup()
	slog.Info("function started", "commit", version.Commit())
	return nil
}

// Started reports whether the function has started.
func (b *Base) Started() bool { return b.handler.Load() != nil }

// Ready implements func-go's ReadinessReporter: the function has started and all its checks pass.
func (b *Base) Ready(ctx context.Context) (bool, error) {
	if !b.Started() {
		return false, nil
	}
	for _, check := range b.needs {
		if check(ctx) != nil {
			return false, nil
		}
	}
	return true, nil
}

// Handle implements func-go's Handler. It answers 503 until the function has started: func-go serves while Start still runs.
func (b *Base) Handle(w http.ResponseWriter, r *http.Request) {
	if h := b.handler.Load(); h != nil {
		(*h).ServeHTTP(w, r)
		return
	}
	httpapi.WriteProblem(w, r, fault.WrapUnavailable("this function", errors.New("it is starting")))
}

// Stop implements func-go's Stopper. func-go has drained the requests before it calls Stop.
func (b *Base) Stop(ctx context.Context) error {
	if !b.Started() {
		return nil
	}
	b.cancel()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		b.running.Wait()
	}()
	select {
	case <-ended:
	case <-ctx.Done():
		return ctx.Err() // work that still runs may use what would be closed
	}
	for _, end := range slices.Backward(b.ends) {
		end()
	}
	return nil
}

// Package fn is the base of all functions: what func-go asks of an instance (Start, Ready, Handle, Stop), done the same way by
// each. A function embeds a Base, and has one method of its own that reads its configuration and returns its routes:
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
// What a function does not use costs it nothing: this package imports no database, no sidecar and no broker.
package fn

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/caarlos0/env/v11"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
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
}

// New returns the base of a function that starts by start: it opens what the function works with, waits for nothing, and
// returns what answers requests. The context ends when the function stops. C is the function's configuration, a struct with
// `env` tags; func.yaml describes each variable.
func New[C any](start func(ctx context.Context, c C) (http.Handler, error)) *Base {
	b := &Base{}
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

// Needs adds a check to Ready: the function can answer nothing while it fails.
func (b *Base) Needs(check func(context.Context) error) { b.needs = append(b.needs, check) }

// OnStop adds what is done when the function stops, the last first, after the work of Go has ended.
func (b *Base) OnStop(end func()) { b.ends = append(b.ends, end) }

// Go runs work beside the requests. It has to end when its context does; Stop waits for it.
func (b *Base) Go(work func(context.Context)) { b.running.Go(func() { work(b.ctx) }) }

// Start implements func-go's Starter. env is all environment variables.
func (b *Base) Start(_ context.Context, env map[string]string) error {
	h, err := b.start(env)
	if err != nil {
		return err // func-go ends the process
	}
	b.handler.Store(&h)
	return nil
}

// Started reports whether the function has started.
func (b *Base) Started() bool { return b.handler.Load() != nil }

// Ready implements func-go's ReadinessReporter: the function has started and has all that it needs.
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

// Stop implements func-go's Stopper. func-go has let the requests end by then.
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
		return ctx.Err() // what still runs may use what would be closed
	}
	for _, end := range slices.Backward(b.ends) {
		end()
	}
	return nil
}

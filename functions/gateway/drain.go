package function

import (
	"context"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// drainOnSignal ends the streams as soon as the process stops. func-go would call Stop only after all ordinary
// requests have ended, up to 30 s later.
func (f *Function) drainOnSignal(ctx context.Context) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	defer signal.Stop(signals)
	select {
	case <-signals:
		f.hub.Drain(drainPatience)
	case <-ctx.Done():
	}
}

// linger lets the gateway serve on for a while after SIGTERM. Kubernetes takes a pod that ends out of its Service, but
// those who route to it learn of that later than the process of its signal, and func-go closes the port at once. Pods
// of func's raw deployer have no preStop hook that could wait instead, so SIGTERM is taken from func-go, and what func-go
// still listens to, SIGINT, is sent when the while is over. It must run after func-go has begun to listen.
//
// Readiness stays: Kubernetes routes nothing new to a pod that ends, ready or not, and the sidecar, which asks too, would
// keep events from streams that are still open.
func (f *Function) linger() {
	if f.config.DrainDelay <= 0 {
		return
	}
	signal.Reset(syscall.SIGTERM)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM)
	f.Go(func(ctx context.Context) {
		defer signal.Stop(signals)
		select {
		case <-signals:
		case <-ctx.Done():
			return
		}
		f.leaving.Store(true)
		select {
		case <-time.After(f.config.DrainDelay):
		case <-signals: // who asks twice means it
		case <-ctx.Done():
			return
		}
		_ = syscall.Kill(os.Getpid(), syscall.SIGINT)
	})
}

// sendAway asks clients of a gateway that ends to open their next connection elsewhere.
func (f *Function) sendAway(h http.Header) {
	if f.leaving.Load() {
		h.Set("Connection", "close")
	}
}

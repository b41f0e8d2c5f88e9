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
		f.hub.Drain(drainTimeout)
	case <-ctx.Done():
	}
}

// linger keeps the gateway serving for a while after SIGTERM. Kubernetes removes a terminating pod from its Service, but routers
// learn of that later than the process gets its signal, and func-go closes the port at once. Pods of func's raw deployer have no
// preStop hook that could wait instead, so linger takes SIGTERM away from func-go, and sends SIGINT, which func-go still handles,
// after the delay. It must run after func-go has installed its handlers. It stays ready: Kubernetes routes nothing new to a
// terminating pod in any case, and the sidecar, which also checks readiness, would withhold events from open streams.
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
		case <-signals: // a second signal stops at once
		case <-ctx.Done():
			return
		}
		_ = syscall.Kill(os.Getpid(), syscall.SIGINT)
	})
}

// crowd is how many goroutines the process has when it keeps no more connections for later. One that is kept takes a goroutine
// and 18 KB, so that 13,000 of them would take all memory of the pod; a request that waits for a function takes four.
const crowd = 3_000

// sendAway asks clients of a stopping gateway to open their next connection elsewhere, and those of a crowded one to open it only
// when they need it.
func (f *Function) sendAway(h http.Header) {
	if f.leaving.Load() || f.goroutines() > crowd {
		h.Set("Connection", "close")
	}
}

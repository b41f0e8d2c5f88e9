// Package function is the gateway: the one front door, and the live streams. It is long-lived, so it is
// deployed as a Deployment (func's raw deployer), never scaled to zero.
package function

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"taskwire.dev/functions/gateway/internal/meter"
	"taskwire.dev/functions/gateway/internal/store"
	"taskwire.dev/functions/gateway/internal/stream"
	"taskwire.dev/shared/config"
	"taskwire.dev/shared/dapr"
	"taskwire.dev/shared/function"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/ratelimit"
	"taskwire.dev/shared/redis"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/traffic"
)

// Config of the function; func.yaml describes each variable.
type Config struct {
	Database  postgres.Config
	Tokens    token.Rules
	Sidecar   dapr.Config
	Redis     redis.Config
	Streams   stream.Config
	Limits    Limits
	Upstreams Upstreams
	PublicURL string `env:"PUBLIC_URL,required"`
	// AllowedHosts are those in the Host header beside that of PublicURL.
	AllowedHosts []string `env:"ALLOWED_HOSTS"`
	ProxyHops    int      `env:"TRUSTED_PROXY_HOPS"`
	// DrainDelay is how long it serves on when it is told to end.
	DrainDelay time.Duration `env:"DRAIN_DELAY"`
}

// drainPatience is how long a client may take for its farewell.
const drainPatience = time.Second

// Function is an instance; New makes it and func-go calls its methods.
type Function struct {
	config  Config
	gate    function.Gate
	pool    *postgres.Pool
	tokens  *token.Verifier
	log     *store.Log
	hub     *stream.Hub
	limiter *ratelimit.Local
	door    *frontDoor
	status  *status
	meter   meter.Meter
	ready   atomic.Bool
	leaving atomic.Bool
	stop    context.CancelFunc
	serving func() // does once what must wait until func-go serves
	running sync.WaitGroup
}

// New returns an instance that has not started.
func New() *Function { return &Function{} }

// Start opens what the function works with. It waits for nothing: Ready tells when all is there.
func (f *Function) Start(_ context.Context, env map[string]string) (err error) {
	if f.config, err = config.Load[Config](env); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	f.stop = stop
	f.config.Database.ByKey = true
	if f.pool, err = postgres.Open(ctx, f.config.Database); err != nil {
		return err
	}
	if f.tokens, err = token.NewVerifier(ctx, f.config.Tokens); err != nil {
		return err
	}
	if f.door, err = newFrontDoor(f.config, &f.meter); err != nil {
		return err
	}
	cache, err := redis.Open(f.config.Redis)
	if err != nil {
		return err
	}
	f.status = newStatus(f.config, f.pool, cache)
	f.log = store.NewLog(f.pool)
	f.hub = stream.NewHub(f.config.Streams, f.log)
	f.hub.Sent = func(at time.Time) { f.meter.Streamed(time.Now(), time.Since(at)) }
	f.limiter = ratelimit.NewLocal()
	f.running.Go(func() { f.hub.Run(ctx) })
	f.running.Go(func() { f.report(ctx, traffic.NewReports(cache)) })
	f.running.Go(func() { f.drainOnSignal(ctx) })
	f.serving = sync.OnceFunc(func() { f.linger(ctx) })
	f.gate.Open(f.routes(f.door))
	return nil
}

// Ready reports whether the gateway has once been able to answer everything. From then on it stays ready:
// a front door that closes with the database could not even say 503.
func (f *Function) Ready(ctx context.Context) (bool, error) {
	if !f.ready.Load() && f.gate.IsOpen() && f.tokens.Ready(ctx) == nil && postgres.Ready(ctx, f.pool) == nil {
		f.serving()
		f.ready.Store(true)
	}
	return f.ready.Load(), nil
}

// Handle answers one request.
func (f *Function) Handle(w http.ResponseWriter, r *http.Request) { f.gate.ServeHTTP(w, r) }

// Stop ends what is left.
func (f *Function) Stop(context.Context) error {
	if !f.gate.IsOpen() {
		return nil
	}
	f.hub.Drain(drainPatience)
	f.stop()
	f.running.Wait()
	f.pool.Close()
	return nil
}

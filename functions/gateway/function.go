// Package function is the gateway: the entry point for all clients, and the live streams. It is long-lived, so it is deployed as
// a Deployment (func's raw deployer) and never scaled to zero.
package function

import (
	"context"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/functions/gateway/internal/meter"
	"taskwire.dev/functions/gateway/internal/peers"
	"taskwire.dev/functions/gateway/internal/store"
	"taskwire.dev/functions/gateway/internal/stream"
	"taskwire.dev/shared/dapr"
	"taskwire.dev/shared/fn"
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
	// AllowedHosts are the hosts allowed in the Host header in addition to that of PublicURL.
	AllowedHosts []string `env:"ALLOWED_HOSTS"`
	ProxyHops    int      `env:"TRUSTED_PROXY_HOPS"`
	// DrainDelay is how long it keeps serving after SIGTERM.
	DrainDelay time.Duration `env:"DRAIN_DELAY"`
}

// drainTimeout is how long a client may take to read its last event.
const drainTimeout = time.Second

// Function is an instance; New makes it and func-go calls its methods.
type Function struct {
	*fn.Base
	config  Config
	tokens  *token.Verifier
	mcp     *token.Verifier // of tokens for the MCP server
	log     *store.Log
	hub     *stream.Hub
	peers   *peers.Peers
	limiter *ratelimit.Local
	door    *frontDoor
	status  *status
	meter   meter.Meter
	ready   atomic.Bool
	leaving atomic.Bool
	serving func() // runs once, as soon as func-go serves
	// goroutines is runtime.NumGoroutine.
	goroutines func() int
}

// New returns an instance that has not started.
func New() *Function {
	f := &Function{goroutines: runtime.NumGoroutine}
	f.Base = fn.New(f.start)
	return f
}

// start opens what the function works with.
func (f *Function) start(ctx context.Context, c Config) (_ http.Handler, err error) {
	f.config = c
	c.Database.ByKey = true
	pool, err := postgres.Open(ctx, c.Database)
	if err != nil {
		return nil, err
	}
	f.OnStop(pool.Close)
	if f.tokens, err = token.NewVerifier(ctx, c.Tokens); err != nil {
		return nil, err
	}
	f.Needs(f.tokens.Ready)
	f.Needs(pool.Ready)
	cache, err := redis.Open(c.Redis)
	if err != nil {
		return nil, err
	}
	f.status = newStatus(c, pool, cache)
	f.log = store.NewLog(pool)
	f.hub = stream.NewHub(c.Streams, f.log)
	f.hub.Sent = f.streamed
	if err := f.hub.Observe(); err != nil {
		return nil, err
	}
	f.peers = peers.New(cache, f.hub.Changed)
	if f.door, err = newFrontDoor(c, &f.meter, f.changed); err != nil {
		return nil, err
	}
	f.mcp = f.tokens.For(token.MCPResource(f.door.origin))
	f.LongLived(func(r *http.Request) bool { return r.URL.Path == pathStream })
	f.limiter = ratelimit.NewLocal()
	f.Go(f.hub.Run)
	f.Go(f.peers.Run)
	f.Go(func(ctx context.Context) { f.report(ctx, traffic.NewReports(cache)) })
	f.Go(f.drainOnSignal)
	f.serving = sync.OnceFunc(f.linger)
	return f.routes(f.door), nil
}

// changed makes the streams of a user, here and at other gateways, send what is new.
func (f *Function) changed(user uuid.UUID) {
	f.hub.Changed(user)
	f.peers.Changed(user)
}

// Ready reports whether the gateway has once been able to serve every route. After that it stays ready: a gateway that became
// unready with the database could not even answer 503.
func (f *Function) Ready(ctx context.Context) (bool, error) {
	if f.ready.Load() {
		return true, nil
	}
	ready, err := f.Base.Ready(ctx)
	if ready {
		f.serving()
		f.ready.Store(true)
	}
	return ready, err
}

// Stop ends the streams, and then everything else.
func (f *Function) Stop(ctx context.Context) error {
	if f.Started() {
		f.hub.Drain(drainTimeout)
	}
	return f.Base.Stop(ctx)
}

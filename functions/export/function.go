// Package function is the export function: it gives users all that Taskwire has of them, as one archive, and publishes the key that
// archives are signed with. See docs/openapi.yaml and package export.
package function

import (
	"context"
	"net/http"
	"time"

	"github.com/bsm/redislock"
	"github.com/hashicorp/golang-lru/v2/expirable"
	"golang.org/x/sync/semaphore"

	"taskwire.dev/shared/export"
	"taskwire.dev/shared/fn"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/ratelimit"
	"taskwire.dev/shared/redis"
	"taskwire.dev/shared/signingkey"
	"taskwire.dev/shared/token"
)

// Config of the function; func.yaml describes each variable.
type Config struct {
	Database   postgres.Config
	Redis      redis.Config
	Tokens     token.Rules
	SigningKey string `env:"EXPORT_SIGNING_KEY,required,unset"`
}

// Function is an instance; New makes it and func-go calls its methods.
type Function struct {
	*fn.Base
	pool    *postgres.Pool
	tokens  *token.Verifier
	key     signingkey.Key
	locks   *redislock.Client
	limiter ratelimit.Limiter
	places  *semaphore.Weighted
	// layouts are of the archives of the last hour by their tags: finding one out takes as long as writing the archive.
	layouts     *expirable.LRU[string, *export.Layout]
	measureTime time.Duration // of one request
}

// Limits of the archives that are being written.
const (
	maxRunning      = 2 // in one replica
	rememberLayouts = 200
	rememberFor     = time.Hour
)

// New returns an instance that has not started.
func New() *Function {
	f := &Function{
		places: semaphore.NewWeighted(maxRunning), measureTime: measureTime,
		layouts: expirable.NewLRU[string, *export.Layout](rememberLayouts, nil, rememberFor),
	}
	f.Base = fn.New(f.start)
	return f
}

// start opens the function's connections.
func (f *Function) start(ctx context.Context, c Config) (_ http.Handler, err error) {
	if f.key, err = signingkey.Parse(c.SigningKey); err != nil {
		return nil, err
	}
	if f.pool, err = postgres.Open(ctx, c.Database); err != nil {
		return nil, err
	}
	f.OnStop(f.pool.Close)
	f.Needs(f.pool.Ready)
	if f.tokens, err = token.NewVerifier(ctx, c.Tokens); err != nil {
		return nil, err
	}
	f.Needs(f.tokens.Ready)
	cache, err := redis.Open(c.Redis) // not needed: without it each replica counts for itself
	if err != nil {
		return nil, err
	}
	f.OnStop(func() { _ = cache.Close() })
	f.locks, f.limiter = redislock.New(cache), redis.NewLimiter(cache, "export:")

	rt := &httpapi.Router{}
	rt.Route("GET /api/export", f.tokens.Scoped(token.ScopeRead, f.download))
	rt.Route("GET /.well-known/export-keys.json", f.keys)
	return rt, nil
}

// keys publishes the public key. Unlike everything else here it is public and may be cached. It is not among the keys of access
// tokens: with the private one this function could otherwise make tokens.
func (f *Function) keys(w http.ResponseWriter, r *http.Request) error {
	set, err := f.key.JWKS(r.Context())
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "public, max-age=300")
	_, _ = w.Write(set)
	return nil
}

// Package function is the auth function: accounts, sessions, personal access tokens, and the keys by which
// every other function verifies what is signed here. See docs/openapi.yaml.
package function

import (
	"context"
	"fmt"
	"net/http"
	"runtime"

	"taskwire.dev/functions/auth/internal/account"
	"taskwire.dev/functions/auth/internal/signer"
	"taskwire.dev/functions/auth/internal/store"
	"taskwire.dev/shared/fn"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/redis"
	"taskwire.dev/shared/token"
)

// Config of the function; func.yaml describes each variable.
type Config struct {
	Database      postgres.Config
	Redis         redis.Config
	SigningKey    string `env:"JWT_SIGNING_KEY,required,unset"`
	Issuer        string `env:"JWT_ISSUER,required"`
	Audience      string `env:"JWT_AUDIENCE,required"`
	PublicURL     string `env:"PUBLIC_URL,required"`
	Registrations int    `env:"REGISTER_LIMIT_PER_HOUR" envDefault:"30"`
	Logins        int    `env:"LOGINS_PER_HOUR" envDefault:"600"`
	LoginFailures int    `env:"LOGIN_FAILURES_PER_HOUR" envDefault:"100"`
	ForwardedHops int    `env:"FORWARDED_HOPS" envDefault:"1"`
	MCPSecret     string `env:"MCP_CLIENT_SECRET,unset"`
}

// maxHashes is how many password hashes of 19 MiB fit into the function's 64 MiB at a time.
const maxHashes = 2

// Function is an instance; New makes it and func-go calls its methods.
type Function struct {
	*fn.Base
	signer   *signer.Signer
	tokens   *token.Verifier
	accounts *account.Accounts
	origin   origin
	hops     int

	mcpSecret string
}

// New returns an instance that has not started.
func New() *Function {
	f := &Function{}
	f.Base = fn.New(f.start)
	return f
}

// start opens what the function works with.
func (f *Function) start(ctx context.Context, c Config) (_ http.Handler, err error) {
	if f.origin, err = parseOrigin(c.PublicURL); err != nil {
		return nil, fmt.Errorf("PUBLIC_URL: %w", err)
	}
	f.hops, f.mcpSecret = c.ForwardedHops, c.MCPSecret
	rules := token.Rules{Issuer: c.Issuer, Audience: c.Audience}
	if f.signer, err = signer.New(c.SigningKey, rules); err != nil {
		return nil, err
	}
	if f.tokens, err = token.NewLocalVerifier(f.signer.Keys(), rules); err != nil {
		return nil, err
	}
	pool, err := postgres.Open(ctx, c.Database)
	if err != nil {
		return nil, err
	}
	f.OnStop(pool.Close)
	f.Needs(pool.Ready)
	cache, err := redis.Open(c.Redis) // not needed: without it limits are only looser
	if err != nil {
		return nil, err
	}
	f.OnStop(func() { _ = cache.Close() })
	f.accounts = account.New(store.New(pool), f.signer,
		account.NewHasher(min(maxHashes, runtime.GOMAXPROCS(0))), redis.NewLimiter(cache, "auth:"),
		account.Limits{Registrations: c.Registrations, Logins: c.Logins, LoginFailures: c.LoginFailures})
	return f.named(f.routes()), nil
}
